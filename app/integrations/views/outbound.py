"""What is to be told to an outside system, and what it has refused."""

from flask import request, url_for
from werkzeug import Response

from app.core.pages.paging import Order, paginate
from app.core.permissions import requires
from app.core.web import render, respond_saved
from app.integrations import queries
from app.integrations.forms import picked
from app.integrations.services import telling
from app.integrations.views.blueprint import CHANGED, bp, one


@bp.get("/<int:connection_id>/outbound")
@requires("integrations.view")
def outbound(connection_id: int) -> Response:
    """List what waits and what was refused first, then what was sent."""
    page = paginate(queries.outbound(connection_id), Order(queries.OUTBOUND_SORTS, "-id"))
    return render(
        "connections/outbound.html",
        fragment="results",
        page=page,
        connection=one(connection_id),
    )


@bp.post("/<int:connection_id>/outbound/retries")
@requires("integrations.sync")
def retry_outbound(connection_id: int) -> Response:
    """Tell the picked ones again."""
    one(connection_id)
    count = telling.ask_again(connection_id, picked(request.form.getlist("ids")))
    return _told(connection_id, count, "told again")


@bp.post("/<int:connection_id>/outbound/dismissals")
@requires("integrations.sync")
def dismiss_outbound(connection_id: int) -> Response:
    """Hold the picked refusals for settled."""
    one(connection_id)
    count = telling.dismiss(connection_id, picked(request.form.getlist("ids")))
    return _told(connection_id, count, "settled")


def _told(connection_id: int, count: int, how: str) -> Response:
    verb = "is" if count == 1 else "are"
    said = f"{count} {verb} {how}." if count else "Pick some that wait or were refused."
    return respond_saved(url_for(".outbound", connection_id=connection_id), said, event=CHANGED)
