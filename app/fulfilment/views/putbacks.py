"""What lies in totes for nobody any more, and the bins that it goes back to."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, abort, url_for
from flask_login import current_user
from werkzeug import Response

from app.core.db import db
from app.core.permissions import requires
from app.core.web import render
from app.fulfilment import queries, services
from app.fulfilment.models import PutBack
from app.scanning.forms import ActionForm, ScanForm
from app.scanning.responses import perform, respond_result

bp = Blueprint("putbacks", __name__, url_prefix="/putbacks")

UNDOABLE = timedelta(hours=1)  # how long the last one is offered to be undone


@bp.get("")
@requires("fulfilment.pick")
def index() -> Response:
    """Show what comes next, and what follows."""
    return render("fulfilment/putbacks/index.html", fragment="screen", **_screen())


@bp.post("/<int:putback_id>/scans")
@requires("fulfilment.pick")
def scan(putback_id: int) -> Response:
    """Scan the bin that goods were put into."""
    if db.session.get(PutBack, putback_id) is None:
        abort(404)
    result = perform(
        ScanForm(),
        lambda form: services.put_back(putback_id, scan_id=form.action_id, code=form.code.data),
    )
    return respond_result(result, "fulfilment/putbacks/index.html", **_screen())


@bp.post("/<int:putback_id>/undos")
@requires("fulfilment.pick")
def undo(putback_id: int) -> Response:
    """Take goods out of the bin again."""
    if db.session.get(PutBack, putback_id) is None:
        abort(404)
    result = perform(
        ActionForm(),
        lambda form: services.undo_put_back(putback_id, scan_id=form.action_id),
    )
    return respond_result(result, "fulfilment/putbacks/index.html", **_screen())


def _screen() -> dict[str, Any]:
    rows = db.session.scalars(queries.putbacks().limit(50)).all()
    lately = datetime.now(UTC) - UNDOABLE
    return {
        "last": db.session.scalar(queries.last_putback(current_user.id, lately)),
        "row": rows[0] if rows else None,
        "rest": rows[1:],
        "form": ScanForm(formdata=None),
        "here": url_for("putbacks.index"),
    }
