"""Alerts for programs: what is to be put right, as far as the caller would be told of it."""

from typing import Any

import marshmallow as ma
from sqlalchemy import select

from app.core.alerts.dismissing import dismiss_alert, is_dismissible
from app.core.alerts.models import SEVERITIES, Alert
from app.core.alerts.recipients import heard
from app.core.api import Blueprint, PageQuery, Sort, page_of, page_schema
from app.core.idempotency import idempotent
from app.core.permissions import SIGNED_IN, requires
from app.core.web import one_or_404

bp = Blueprint("alerts_api", __name__, url_prefix="/api/v1/alerts", description="Alerts")

SORTS = {"id": Alert.id, "closed_at": Alert.closed_at}


class AlertSchema(ma.Schema):
    """Something that is wrong since `created_at`; it was put right at `closed_at`."""

    id = ma.fields.Int()
    key = ma.fields.Str(metadata={"description": "Stable name of the cause"})
    kind = ma.fields.Str(metadata={"description": "Stable name of what alerts of it tell"})
    severity = ma.fields.Str(validate=ma.validate.OneOf(SEVERITIES))
    title = ma.fields.Str()
    text = ma.fields.Str()
    href = ma.fields.Str(metadata={"description": "The page where it is put right"})
    permission = ma.fields.Str(metadata={"description": "Whoever holds it is told"})
    occurrences = ma.fields.Int()
    created_at = ma.fields.AwareDateTime()
    closed_at = ma.fields.AwareDateTime(allow_none=True)
    is_dismissible = ma.fields.Function(
        is_dismissible, metadata={"type": "boolean", "description": "By a call, too"}
    )
    dismissed_by = ma.fields.Str(metadata={"description": "Empty: it closed by itself"})


class AlertQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(SORTS, default="-id")
    is_open = ma.fields.Bool(load_default=None)
    kind = ma.fields.Str(load_default="")


@bp.get("")
@requires(SIGNED_IN)
@bp.arguments(AlertQuery, location="query")
@bp.response(200, page_schema(AlertSchema))
def list_alerts(query: dict[str, Any]) -> dict[str, Any]:
    """List alerts that the caller hears of, the newest first; pages may not show them all."""
    found = heard(select(Alert))
    if kind := query.pop("kind"):
        found = found.where(Alert.kind == kind)
    if (is_open := query.pop("is_open")) is not None:
        found = found.where(Alert.closed_at.is_(None) == is_open)
    return page_of(found, query, sorts=SORTS)


@bp.get("/<int:alert_id>")
@requires(SIGNED_IN)
@bp.response(200, AlertSchema)
def show_alert(alert_id: int) -> Alert:
    """Show an alert that the caller hears of."""
    return one_or_404(heard(select(Alert).where(Alert.id == alert_id)))


@bp.post("/<int:alert_id>/dismiss")
@requires(SIGNED_IN)
@idempotent
@bp.response(200, AlertSchema)
@bp.alt_response(409, description="It closes by itself, or is put right already")
def dismiss(alert_id: int) -> Alert:
    """Close an alert that somebody has looked into; whoever hears of it may."""
    one_or_404(heard(select(Alert).where(Alert.id == alert_id)))
    return dismiss_alert(alert_id)
