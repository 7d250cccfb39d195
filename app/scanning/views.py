"""The tablet's own pages: where to go, and what a scanner sends."""

from flask import Blueprint
from werkzeug import Response

from app.catalog.scanned import Scanned, read_scan
from app.core.errors import refuse_on
from app.core.permissions import SIGNED_IN, requires
from app.core.web import render
from app.scanning.forms import ScanForm
from app.scanning.responses import PROBLEM
from app.scanning.services import ActionResult

bp = Blueprint("tablet", __name__, url_prefix="/tablet")
refuse_on(PROBLEM, bp)


@bp.get("")
@requires(SIGNED_IN)
def index() -> Response:
    """Show what there is to do on a tablet."""
    return render("tablet/index.html", fragment="screen")


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
        scanned = read_scan(form.code.data)
    except ValueError as error:
        return _scanner_page(
            ActionResult(outcome="wrong", message=str(error)), raw=form.code.data
        )
    return _scanner_page(ActionResult(), raw=form.code.data, scanned=scanned)


def _scanner_page(
    result: ActionResult, *, raw: str = "", scanned: Scanned | None = None
) -> Response:
    return render(
        "tablet/scanner.html",
        fragment="screen",
        result=result,
        form=ScanForm(formdata=None),
        raw=raw,
        scanned=scanned,
    )
