"""The page that searches all changes."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, request
from flask_login import current_user
from werkzeug import Response

from app.core.audit.models import AuditEntry
from app.core.audit.queries import audit_entries
from app.core.audit.recorder import Audited
from app.core.db import Model
from app.core.pages.paging import Order, paginate
from app.core.permissions import requires
from app.core.web import render

bp = Blueprint("audit", __name__, url_prefix="/audit")

SORTS = {"id": AuditEntry.id}
NAMES = {"user_account": "User"}
ONE_DAY = timedelta(days=1)


@bp.get("")
@requires("audit.view")
def index() -> Response:
    """List the changes, the newest first."""
    names = ("search", "type", "person", "from", "to")
    filters = {name: request.args.get(name, "").strip() for name in names}
    last = _midnight(filters["to"])
    query = audit_entries(
        search=filters["search"],
        record_type=filters["type"],
        actor=filters["person"],
        since=_midnight(filters["from"]),
        before=last + ONE_DAY if last else None,
    )
    page = paginate(query, Order(SORTS, "-id"), filters=filters)
    return render(
        "audit/index.html", fragment="results", page=page, filters=filters, types=_types()
    )


def _midnight(day: str) -> datetime | None:
    """Begin of a day where the person is; a text that is no day filters nothing."""
    try:
        moment = datetime.combine(date.fromisoformat(day), time())
        return moment.replace(tzinfo=ZoneInfo(current_user.time_zone or "UTC"))
    except (ValueError, OverflowError):
        return None


def _types() -> dict[str, str]:
    """Every kind of record whose changes are kept, and what people call it."""
    mappers = [m for m in Model.registry.mappers if issubclass(m.class_, Audited)]
    tables = sorted(str(mapper.local_table) for mapper in mappers)
    return {table: NAMES.get(table, table.replace("_", " ").capitalize()) for table in tables}
