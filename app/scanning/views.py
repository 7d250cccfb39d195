"""The tablet's own pages: where to go, and what a scanner sends."""

from pathlib import Path

from flask import Blueprint, current_app, jsonify
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug import Response

from app.catalog.scan_codes import Scanned, read_scan, scan_separator, without_prefix
from app.core.errors import refuse_on
from app.core.permissions import SIGNED_IN, public, requires
from app.core.web import render
from app.scanning.forms import ScanForm
from app.scanning.responses import PROBLEM, respond_screen
from app.scanning.services import ActionResult

bp = Blueprint("tablet", __name__, url_prefix="/tablet")
refuse_on(PROBLEM, bp)


@bp.get("")
@requires(SIGNED_IN)
def index() -> Response:
    """Show what there is to do on a tablet."""
    return render("tablet/index.html", fragment="screen")


@bp.get("/session")
@requires(SIGNED_IN)
def show_session() -> Response:
    """Say who is signed in, and the token that their forms go with.

    A tablet asks when an answer was odd: whether the server is well, and it is still theirs.
    """
    return jsonify(person=current_user.id, csrf=generate_csrf())


@bp.get("/offline")
@requires(SIGNED_IN)
def offline() -> Response:
    """Give the page that stands in for those a tablet has not kept, for lack of a network."""
    return render("tablet/offline.html", fragment="screen")


@bp.get("/worker.js")
@public
def worker() -> Response:
    """Give the service worker: it keeps the pages of a shift. It rules all of our pages."""
    script = Path(current_app.static_folder or "") / "js/tablet/worker.js"
    headers = {"Service-Worker-Allowed": "/", "Cache-Control": "no-cache"}
    return Response(script.read_text(), mimetype="text/javascript", headers=headers)


@bp.get("/scanner")
@requires(SIGNED_IN)
def scanner() -> Response:
    """Try a scanner: what comes in, and how fast."""
    return _scanner_page(ActionResult())


@bp.post("/scanner/scans")
@requires(SIGNED_IN)
def test_scan() -> Response:
    """Say how a code is read. Nothing is kept of it."""
    form = ScanForm()
    if not form.validate_on_submit():
        return _scanner_page(
            ActionResult(
                outcome="wrong",
                message=" ".join(line for lines in form.errors.values() for line in lines),
            )
        )
    try:
        scanned = read_scan(without_prefix(form.code.data), separator=scan_separator)
    except ValueError as error:
        return _scanner_page(
            ActionResult(outcome="wrong", message=str(error)), raw=form.code.data
        )
    return _scanner_page(ActionResult(), raw=form.code.data, scanned=scanned)


def _scanner_page(
    result: ActionResult, *, raw: str = "", scanned: Scanned | None = None
) -> Response:
    return respond_screen(
        result, "tablet/scanner.html", form=ScanForm(formdata=None), raw=raw, scanned=scanned
    )
