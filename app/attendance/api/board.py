"""Who is in, late, missing or on leave, for programs."""

import marshmallow as ma

from app.attendance import services
from app.core.api import Blueprint
from app.core.permissions import requires

bp = Blueprint(
    "attendance_board_api", __name__, url_prefix="/api/v1/attendance", description="Attendance"
)


class BoardPersonSchema(ma.Schema):
    """Somebody on the board."""

    employee_id = ma.fields.Int(attribute="employee.id")
    employee = ma.fields.Str(attribute="employee.name")
    department = ma.fields.Str(attribute="employee.department")


class InNowSchema(BoardPersonSchema):
    """Somebody at work; `late_minutes` is how much later than the shift, else null."""

    since = ma.fields.AwareDateTime()
    is_on_break = ma.fields.Bool()
    late_minutes = ma.fields.Function(
        lambda one: int(one.late.total_seconds() // 60) if one.late else None,
        metadata={"type": ["integer", "null"]},
    )


class MissingSchema(BoardPersonSchema):
    """Somebody who is down for a shift and was not seen in it."""

    shift = ma.fields.Str()
    begin = ma.fields.AwareDateTime()
    end = ma.fields.AwareDateTime()


class OnLeaveSchema(BoardPersonSchema):
    """Somebody who is away with leave on this day, or on a half of it."""

    is_half = ma.fields.Bool()


class BoardSchema(ma.Schema):
    """Everybody's state. `absent` is said once all devices have told of the whole shift."""

    at = ma.fields.AwareDateTime()
    told_until = ma.fields.AwareDateTime(allow_none=True)
    present = ma.fields.List(ma.fields.Nested(InNowSchema))
    missing = ma.fields.List(ma.fields.Nested(MissingSchema))
    absent = ma.fields.List(ma.fields.Nested(MissingSchema))
    expected = ma.fields.List(ma.fields.Nested(MissingSchema))
    on_leave = ma.fields.List(ma.fields.Nested(OnLeaveSchema))


@bp.get("/board")
@requires("attendance.view")
@bp.response(200, BoardSchema)
def get_board() -> services.Board:
    """Say who is in, missing, absent, expected or on leave at this moment."""
    return services.look_at_board()
