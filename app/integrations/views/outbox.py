"""What is to be told to an outside system, and what it has refused."""

from flask import request, url_for
from werkzeug import Response

from app.core.permissions import requires
from app.core.web import respond_saved
from app.integrations.forms import selected_ids
from app.integrations.outbox import services
from app.integrations.views.blueprint import CHANGED, bp, one
from app.integrations.views.lists import OUTBOX

OUTBOX.add_to(bp, "/<int:connection_id>/outbox", "outbox")


@bp.post("/<int:connection_id>/outbox/retries")
@requires("integrations.sync")
def retry_outbox(connection_id: int) -> Response:
    """Tell the selected_ids ones again."""
    one(connection_id)
    count = services.retry_messages(connection_id, selected_ids(request.form.getlist("ids")))
    return _saved(connection_id, count, "told again")


@bp.post("/<int:connection_id>/outbox/dismissals")
@requires("integrations.sync")
def dismiss_outbox(connection_id: int) -> Response:
    """Hold the selected_ids refusals for settled."""
    one(connection_id)
    count = services.dismiss_messages(connection_id, selected_ids(request.form.getlist("ids")))
    return _saved(connection_id, count, "settled")


def _saved(connection_id: int, count: int, how: str) -> Response:
    verb = "is" if count == 1 else "are"
    said = f"{count} {verb} {how}." if count else "Select some that wait or were refused."
    return respond_saved(url_for(".outbox", connection_id=connection_id), said, event=CHANGED)
