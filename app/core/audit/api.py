"""The audit trail for programs: who changed what, and when."""

from datetime import UTC, datetime, time
from typing import Any

import marshmallow as ma

from app.core.api import Blueprint, PageQuery, Sort, page_of, page_schema
from app.core.audit.models import AuditEntry
from app.core.audit.queries import audit_entries
from app.core.permissions import requires

bp = Blueprint("audit_api", __name__, url_prefix="/api/v1/audit", description="Audit trail")

SORTS = {"id": AuditEntry.id}


class AuditEntrySchema(ma.Schema):
    """One change of one record: `changes` has each field's value before and after."""

    id = ma.fields.Int()
    record_type = ma.fields.Str()
    record_id = ma.fields.Int()
    label = ma.fields.Str(metadata={"description": "What the record was called then"})
    action = ma.fields.Str()
    actor_id = ma.fields.Int(allow_none=True)
    actor = ma.fields.Str()
    address = ma.fields.Str(allow_none=True)
    changes = ma.fields.Dict(
        attribute="told",
        keys=ma.fields.Str(),
        values=ma.fields.List(ma.fields.Raw(allow_none=True)),
        metadata={"description": "“not shown” where seeing the field takes a permission"},
    )
    created_at = ma.fields.AwareDateTime()


class AuditQuery(PageQuery):
    """Filters of the list; days are UTC, `to` is included."""

    sort = Sort(SORTS, default="-id")
    q = ma.fields.Str(load_default="", metadata={"description": "Text in the record's name"})
    type = ma.fields.Str(load_default="", metadata={"description": "product, sales_order, ..."})
    person = ma.fields.Str(load_default="")
    from_ = ma.fields.Date(data_key="from", load_default=None)
    to = ma.fields.Date(load_default=None)


@bp.get("")
@requires("audit.view")
@bp.arguments(AuditQuery, location="query")
@bp.response(200, page_schema(AuditEntrySchema))
def list_audit(query: dict[str, Any]) -> dict[str, Any]:
    """List changes, the newest first."""
    since, until = query.pop("from_"), query.pop("to")
    found = audit_entries(
        search=query.pop("q"),
        record_type=query.pop("type"),
        actor=query.pop("person"),
        since=since and datetime.combine(since, time.min, UTC),
        before=until and datetime.combine(until, time.max, UTC),
    )
    return page_of(found, query, sorts=SORTS)
