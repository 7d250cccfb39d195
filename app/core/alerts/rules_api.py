"""Who hears of which alerts, for programs."""

from typing import Any

import marshmallow as ma
from flask import abort

from app.core.alerts.models import SEVERITIES
from app.core.alerts.rule_views import PERMISSION
from app.core.alerts.rules import Rule, revise_rule, rules
from app.core.api import Blueprint, asked_version
from app.core.idempotency import idempotent
from app.core.permissions import requires

bp = Blueprint(
    "alert_rules_api",
    __name__,
    url_prefix="/api/v1/alert-rules",
    description="Who hears of which alerts, and how",
)


class AlertRuleSchema(ma.Schema):
    """The rule of a kind of alert."""

    name = ma.fields.Str(dump_only=True, metadata={"description": "`kind` of its alerts"})
    label = ma.fields.Str(dump_only=True)
    severity = ma.fields.Str(dump_only=True, validate=ma.validate.OneOf(SEVERITIES))
    role_id = ma.fields.Int(
        strict=True,
        allow_none=True,
        validate=ma.validate.Range(1, 2**63 - 1),
        metadata={"description": "This role alone hears; null: whose role may put it right"},
    )
    is_shown = ma.fields.Bool(metadata={"description": "On pages"})
    is_mailed = ma.fields.Bool(metadata={"description": "By e-mail, once"})
    is_sent = ma.fields.Bool(metadata={"description": "By the webhook alert.raised"})
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})


class AlertRulesSchema(ma.Schema):
    """All there are."""

    items = ma.fields.List(ma.fields.Nested(AlertRuleSchema), required=True)


@bp.get("")
@requires(PERMISSION)
@bp.response(200, AlertRulesSchema)
def list_rules() -> dict[str, list[Rule]]:
    """List the kinds of alerts with who hears of them."""
    return {"items": [*rules().values()]}


@bp.get("/<name>")
@requires(PERMISSION)
@bp.response(200, AlertRuleSchema)
def show_rule(name: str) -> Rule:
    """Show the rule of a kind of alert."""
    return rules().get(name) or abort(404)


@bp.put("/<name>")
@requires(PERMISSION)
@idempotent
@bp.arguments(AlertRuleSchema)
@bp.response(200, AlertRuleSchema)
@bp.alt_response(409, description="Stale version")
def update_rule(changes: dict[str, Any], name: str) -> Rule:
    """Change who hears of a kind of alert; what is not named stays."""
    if name not in rules():
        abort(404)
    return revise_rule(name, version=asked_version(changes), **changes)
