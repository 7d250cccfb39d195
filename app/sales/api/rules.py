"""Rules of kinds of sales, for programs."""

from typing import Any

import marshmallow as ma
from flask import url_for
from sqlalchemy import select

from app.core.api import Blueprint, asked_version, page_of, page_schema, sorted_query
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import for_changes, for_new
from app.core.web import one_or_404
from app.imports.api import StartedSchema, started
from app.sales.jobs import classify_sales
from app.sales.models import KINDS, SIGNS, SalesRule
from app.sales.services import rules

RULE_SORTS = {"id": SalesRule.id, "position": SalesRule.position}


sales_rules = Blueprint(
    "sales_rules_api",
    __name__,
    url_prefix="/api/v1/sales-rules",
    description="Which lines of sales are returns, services and so on",
)


class SalesRuleSchema(ma.Schema):
    """A rule. Patterns are codes parted by commas; * stands for anything."""

    id = ma.fields.Int(dump_only=True)
    position = ma.fields.Int(
        required=True, strict=True, validate=ma.validate.Range(min=1, max=10_000)
    )
    kind = ma.fields.Str(required=True, validate=ma.validate.OneOf([*KINDS]))
    product = ma.fields.Str(validate=ma.validate.Length(max=1000))
    document = ma.fields.Str(validate=ma.validate.Length(max=1000))
    description = ma.fields.Str(validate=ma.validate.Length(max=1000))
    sign = ma.fields.Str(validate=ma.validate.OneOf([*SIGNS]))
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})


@sales_rules.get("")
@requires("sales.view")
@sales_rules.arguments(sorted_query(RULE_SORTS, "position"), location="query")
@sales_rules.response(200, page_schema(SalesRuleSchema))
def list_rules(query: dict[str, Any]) -> dict[str, Any]:
    """List the rules in the order in which they are asked."""
    return page_of(rules.sales_rules(), query, sorts=RULE_SORTS)


@sales_rules.post("")
@requires("sales.manage")
@idempotent
@sales_rules.arguments(for_new(SalesRuleSchema))
@sales_rules.response(201, SalesRuleSchema)
def create_rule(given: dict[str, Any]) -> Any:
    """Add a rule. Lines that are there keep their kinds until they are sorted again."""
    rule = rules.add_rule(**given)
    return rule, 201, {"Location": url_for(".show_rule", rule_id=rule.id)}


@sales_rules.get("/<int:rule_id>")
@requires("sales.view")
@sales_rules.response(200, SalesRuleSchema)
def show_rule(rule_id: int) -> SalesRule:
    """Show a rule."""
    return one_or_404(select(SalesRule).where(SalesRule.id == rule_id))


@sales_rules.put("/<int:rule_id>")
@requires("sales.manage")
@idempotent
@sales_rules.arguments(for_changes(SalesRuleSchema))
@sales_rules.response(200, SalesRuleSchema)
@sales_rules.alt_response(409, description="Stale version")
def update_rule(changes: dict[str, Any], rule_id: int) -> SalesRule:
    """Change a rule; what is not named stays."""
    one_or_404(select(SalesRule).where(SalesRule.id == rule_id))
    return rules.change_rule(rule_id, version=asked_version(changes), **changes)


@sales_rules.delete("/<int:rule_id>")
@requires("sales.manage")
@idempotent
@sales_rules.response(204)
def delete_rule(rule_id: int) -> None:
    """Take a rule out."""
    one_or_404(select(SalesRule).where(SalesRule.id == rule_id))
    rules.delete_rule(rule_id)


@sales_rules.post("/classifications")
@requires("sales.manage")
@idempotent
@sales_rules.response(202, StartedSchema)
def classify() -> dict[str, Any]:
    """Give every line the kind that the rules say, in the background."""
    return started(classify_sales.enqueue())
