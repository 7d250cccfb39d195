"""The company's own holidays for programs."""

from typing import Any

import marshmallow as ma

from app.attendance import queries, services
from app.attendance.models import OwnHoliday
from app.attendance.rules import parse_region
from app.core.api import (
    Blueprint,
    page_of,
    page_schema,
    sorted_query,
)
from app.core.checks import needed
from app.core.countries import parse_country
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import Text
from app.core.texts import parse_line
from app.core.web import one_or_404

bp = Blueprint(
    "holidays_api",
    __name__,
    url_prefix="/api/v1/attendance",
    description="Attendance",
)


class OwnHolidaySchema(ma.Schema):
    """A holiday of the company's own, or half of one."""

    id = ma.fields.Int(dump_only=True)
    day = ma.fields.Date(required=True)
    name = Text(needed(parse_line), required=True)
    country = Text(parse_country)
    region = Text(parse_region)
    is_half = ma.fields.Bool()


@bp.get("/holidays")
@requires("attendance.view")
@bp.arguments(sorted_query(queries.HOLIDAY_SORTS), location="query")
@bp.response(200, page_schema(OwnHolidaySchema))
def list_holidays(query: dict[str, Any]) -> dict[str, Any]:
    """List the company's own holidays; public ones come by the workplace."""
    return page_of(queries.own_holidays(), query, sorts=queries.HOLIDAY_SORTS)


@bp.post("/holidays")
@requires("attendance.roster")
@idempotent
@bp.arguments(OwnHolidaySchema)
@bp.response(201, OwnHolidaySchema)
@bp.alt_response(409, description="This day is one already")
def create_holiday(values: dict[str, Any]) -> OwnHoliday:
    """Add a holiday of the company's own."""
    return services.create_own_holiday(**values)


@bp.delete("/holidays/<int:holiday_id>")
@requires("attendance.roster")
@bp.response(204)
@bp.alt_response(409, description="The day is locked (period_locked)")
def delete_holiday(holiday_id: int) -> None:
    """Take a holiday of the company's own away."""
    one_or_404(queries.own_holiday(holiday_id))
    services.delete_own_holiday(holiday_id)
