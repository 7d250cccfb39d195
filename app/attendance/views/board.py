"""The live board: who is in, late, missing or on leave."""

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
    )
