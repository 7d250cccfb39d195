"""What is to be bought and why, and the rules by warehouse, for programs."""

from typing import Any

import marshmallow as ma
from flask import url_for

from app.catalog.models import Product
from app.core.api import Blueprint, PageQuery, Sort, asked_version, page_of, page_schema
from app.core.days import today
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import for_new, versioned
from app.core.web import one_or_404
from app.purchasing import queries, services
from app.purchasing.api.fields import Quantity
from app.purchasing.models import ReorderRule
from app.purchasing.services.rules import LONGEST_DAYS

VIEW, EDIT = "purchase_orders.view", "products.edit"
DAYS = ma.validate.Range(0, LONGEST_DAYS)
Answer = tuple[ReorderRule, int, dict[str, str]]

bp = Blueprint(
    "reorder_api",
    __name__,
    url_prefix="/api/v1/reorder",
    description="What is to be bought, and why",
)
rules_bp = Blueprint(
    "reorder_rules_api",
    __name__,
    url_prefix="/api/v1/reorder-rules",
    description="When and how much of a product is bought for one warehouse",
)


class NeedSchema(ma.Schema):
    """Why a product is bought, for the company or for one of its warehouses."""

    warehouse_id = ma.fields.Int(allow_none=True)
    available = Quantity()
    incoming = Quantity(metadata={"description": "Within the lead time; what is late counts"})
    incoming_late = Quantity()
    incoming_later = Quantity(metadata={"description": "After the lead time: not counted"})
    backordered = Quantity()
    drafted = Quantity(metadata={"description": "In drafts that nobody has sent"})
    projected = Quantity(metadata={"description": "Below zero where more is promised"})
    reorder_point = Quantity()
    safety_stock = Quantity()
    suggested_quantity = Quantity(attribute="suggested")
    why = ma.fields.Str()


class SuggestionSchema(ma.Schema):
    """A product to be bought, from whom and how much."""

    product_id = ma.fields.Int(attribute="id")
    sku = ma.fields.Str()
    name = ma.fields.Str()
    vendor_id = ma.fields.Int(allow_none=True)
    suggested_quantity = Quantity(attribute="suggested")
    needs = ma.fields.List(ma.fields.Nested(NeedSchema))


class SuggestionQuery(PageQuery):
    """Filters of the list."""

    sort = Sort({"sku": Product.sku})
    q = ma.fields.Str(load_default="", validate=ma.validate.Length(max=100))
    vendor = ma.fields.Int(load_default=None, metadata={"description": "Its id"})


class ReorderRuleSchema(ma.Schema):
    """A rule; quantities are in the product's own unit."""

    id = ma.fields.Int(dump_only=True)
    product_id = ma.fields.Int(strict=True, required=True)
    warehouse_id = ma.fields.Int(strict=True, required=True)
    reorder_point = Quantity()
    reorder_quantity = Quantity()
    maximum_stock = Quantity(allow_none=True)
    safety_stock = Quantity()
    lead_time_days = ma.fields.Int(strict=True, allow_none=True, validate=DAYS)
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})


class ChangedRuleSchema(ReorderRuleSchema):
    """Other figures: another product or warehouse is another rule."""

    product_id = ma.fields.Int(dump_only=True)
    warehouse_id = ma.fields.Int(dump_only=True)


class RuleQuery(PageQuery):
    """Filters of the list."""

    sort = Sort({"id": ReorderRule.id})
    q = ma.fields.Str(load_default="", validate=ma.validate.Length(max=100))
    product = ma.fields.Int(load_default=None, metadata={"description": "Its id"})


@bp.get("")
@requires(VIEW)
@bp.arguments(SuggestionQuery, location="query")
@bp.response(200, page_schema(SuggestionSchema))
def list_suggestions(query: dict[str, Any]) -> dict[str, Any]:
    """List what is to be bought, with all that says why.

    To draft orders of some, or of all, see the action `draft` of the list `reorder`.
    """
    found = queries.reorder_list(
        today=today(), search=query.pop("q"), vendor_id=query.pop("vendor")
    )
    page = page_of(found, query, sorts={"sku": Product.sku}, rows=True)
    needs: dict[int, list[services.Need]] = {}
    ids = [row.id for row in page["items"]]
    for need in services.needs_of(ids) if ids else ():
        needs.setdefault(need.product_id, []).append(need)
    items = [{**row._asdict(), "needs": needs.get(row.id, [])} for row in page["items"]]
    return page | {"items": items}


@rules_bp.get("")
@requires(VIEW)
@rules_bp.arguments(RuleQuery, location="query")
@rules_bp.response(200, page_schema(ReorderRuleSchema))
def list_reorder_rules(query: dict[str, Any]) -> dict[str, Any]:
    """List the rules by warehouse."""
    found = queries.rules(search=query.pop("q"), product_id=query.pop("product"))
    return page_of(found, query, sorts={"id": ReorderRule.id})


@rules_bp.post("")
@requires(EDIT)
@idempotent
@rules_bp.arguments(for_new(ReorderRuleSchema))
@rules_bp.response(201, ReorderRuleSchema)
@rules_bp.alt_response(409, description="The product has a rule for that warehouse")
def create_reorder_rule(values: dict[str, Any]) -> Answer:
    """Say when and how much of a product is bought for a warehouse."""
    rule = services.create_rule(**values)
    location = url_for("reorder_rules_api.get_reorder_rule", rule_id=rule.id)
    return rule, 201, {"Location": location, **versioned(rule)}


@rules_bp.get("/<int:rule_id>")
@requires(VIEW)
@rules_bp.response(200, ReorderRuleSchema)
def get_reorder_rule(rule_id: int) -> Answer:
    """Show a rule. Its ETag is the version that a change is based on."""
    rule = one_or_404(queries.rule(rule_id))
    return rule, 200, versioned(rule)


@rules_bp.put("/<int:rule_id>")
@requires(EDIT)
@idempotent
@rules_bp.arguments(ChangedRuleSchema)
@rules_bp.response(200, ReorderRuleSchema)
@rules_bp.alt_response(409, description="A stale version")
def update_reorder_rule(changes: dict[str, Any], rule_id: int) -> Answer:
    """Change a rule; fields that are not sent stay as they are."""
    one_or_404(queries.rule(rule_id))
    version = asked_version(changes)
    rule = services.revise_rule(rule_id, version=version, **changes)
    return rule, 200, versioned(rule)


@rules_bp.delete("/<int:rule_id>")
@requires(EDIT)
@rules_bp.response(204)
def delete_reorder_rule(rule_id: int) -> None:
    """Take a rule away."""
    one_or_404(queries.rule(rule_id))
    services.delete_rule(rule_id)
