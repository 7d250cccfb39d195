"""Alerts for programs: what is to be put right, as far as the caller would be told of it."""

from typing import Any

import marshmallow as ma
from sqlalchemy import select

from app.core.alerts.models import KINDS, Alert
from app.core.api import Blueprint, PageQuery, page_of, page_schema
from app.core.permissions import SIGNED_IN, catalogue, may, requires

bp = Blueprint("alerts_api", __name__, url_prefix="/api/v1/alerts", description="Alerts")

SORTS = {"id": Alert.id, "closed_at": Alert.closed_at}


class AlertSchema(ma.Schema):
    """Something that is wrong since `created_at`; it was put right at `closed_at`."""

    id = ma.fields.Int()
    key = ma.fields.Str(metadata={"description": "Stable name of the cause"})
    kind = ma.fields.Str(validate=ma.validate.OneOf(KINDS))
    title = ma.fields.Str()
    text = ma.fields.Str()
    href = ma.fields.Str(metadata={"description": "The page where it is put right"})
    permission = ma.fields.Str(metadata={"description": "Whoever holds it is told"})
    occurrences = ma.fields.Int()
    created_at = ma.fields.AwareDateTime()
    closed_at = ma.fields.AwareDateTime(allow_none=True)


class AlertQuery(PageQuery):
    """Filters of the list."""

    is_open = ma.fields.Bool(load_default=None)


@bp.get("")
@requires(SIGNED_IN)
@bp.arguments(AlertQuery, location="query")
@bp.response(200, page_schema(AlertSchema))
def list_alerts(query: dict[str, Any]) -> dict[str, Any]:
    """List alerts, the newest first; those that the caller's permissions are told of."""
    query["sort"] = query["sort"] or "-id"
    held = [f"{area}.{verb}" for area, verbs in catalogue().items() for verb in verbs]
    found = select(Alert).where(Alert.permission.in_([one for one in held if may(one)]))
    if (is_open := query.pop("is_open")) is not None:
        found = found.where(Alert.closed_at.is_(None) == is_open)
    return page_of(found, query, sorts=SORTS)
