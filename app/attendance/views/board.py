"""The live board: who is in, late, missing or on leave."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint
from werkzeug import Response

from app.attendance import services
from app.core.permissions import requires
from app.core.web import render

bp = Blueprint("attendance_board", __name__, url_prefix="/attendance/board")


@bp.get("")
@requires("attendance.view")
def show() -> Response:
    """Show everybody's state at this moment; it stays true by itself."""
    return render(
        "attendance/board/show.html",
        fragment="results",
        board=services.look_at_board(),
        latest=services.look_at_latest(),
        by_clock=_by_clock,
    )


def _by_clock(moment: datetime, zone: str) -> str:
    """Write when something was by the clock of whoever it is about: shifts begin by that."""
    return f"{moment.astimezone(ZoneInfo(zone)):%a %d %b %H:%M}"
