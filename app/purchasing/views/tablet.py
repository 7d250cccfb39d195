"""Receiving at the dock: what a tablet shows, and what it sends."""

from collections.abc import Callable
from typing import Any

from flask import abort, url_for
from flask_login import current_user
from werkzeug import Response

from app.core.db import db
from app.core.permissions import requires
from app.core.web import one_or_404, render
from app.purchasing import queries, services
from app.purchasing.forms import LotForm, QuantityForm
from app.purchasing.models import ReceivingTask
from app.purchasing.services import Receiver
from app.purchasing.views.blueprint import receive as bp
from app.scanning.devices import device
from app.scanning.forms import ActionForm, ScanForm
from app.scanning.responses import perform, respond_place, respond_result
from app.scanning.services import ActionResult
from app.stock.waiting import waiting_for

RECEIVE = "purchase_orders.receive"
SHOWN = 50  # orders that a tablet lists, what is due first first


@bp.get("")
@requires(RECEIVE)
def index() -> Response:
    """Show what is expected, and ask for an order or for goods of one."""
    return render("purchasing/tablet/index.html", fragment="screen", **_expected())


@bp.post("")
@requires(RECEIVE)
def begin() -> Response:
    """Begin with the order that was scanned, or go on with the one in hand."""
    result = perform(
        ScanForm(),
        lambda form: services.begin_receiving(
            receiver(), scan_id=form.action_id, code=form.code.data
        ),
    )
    task = db.session.scalars(queries.task_of(current_user.id)).one_or_none()
    if result.is_wrong or task is None:
        return respond_result(result, "purchasing/tablet/index.html", **_expected())
    return respond_place(url_for(".show", receiving_id=task.id), result.message)


@bp.get("/<int:receiving_id>")
@requires(RECEIVE)
def show(receiving_id: int) -> Response:
    """Show what is in hand, and what of the order is still to come."""
    task = one_or_404(queries.task(receiving_id))
    return render("purchasing/tablet/show.html", fragment="screen", **_screen(task))


@bp.post("/<int:receiving_id>/scans")
@requires(RECEIVE)
def scan(receiving_id: int) -> Response:
    """Take a scan: a piece, a pack, or the bin."""
    return _perform(
        receiving_id, ScanForm(), services.scan, lambda form: {"code": form.code.data}
    )


@bp.post("/<int:receiving_id>/quantities")
@requires(RECEIVE)
def set_quantity(receiving_id: int) -> Response:
    """Take a number in place of many scans."""
    return _perform(
        receiving_id,
        QuantityForm(),
        services.set_received,
        lambda form: {"line_id": form.line_id.data, "quantity": form.pieces},
    )


@bp.post("/<int:receiving_id>/lots")
@requires(RECEIVE)
def say_lot(receiving_id: int) -> Response:
    """Take the lot or serial number of what was scanned without it."""
    return _perform(
        receiving_id,
        LotForm(),
        services.say_lot,
        lambda form: {"lot": form.lot.data, "expires_on": form.expires_on.data},
    )


@bp.post("/<int:receiving_id>/damages")
@requires(RECEIVE)
def mark_damaged(receiving_id: int) -> Response:
    """Say that a piece is damaged."""
    return _perform(receiving_id, ActionForm(), services.mark_damaged)


@bp.post("/<int:receiving_id>/asides")
@requires(RECEIVE)
def put_aside(receiving_id: int) -> Response:
    """Put aside what was refused last."""
    return _perform(receiving_id, ActionForm(), services.put_refused_aside)


@bp.post("/<int:receiving_id>/undos")
@requires(RECEIVE)
def undo(receiving_id: int) -> Response:
    """Undo what was scanned last."""
    return _perform(receiving_id, ActionForm(), services.undo_scan)


@bp.post("/<int:receiving_id>/end")
@requires(RECEIVE)
def finish(receiving_id: int) -> Response:
    """End the delivery."""
    _require(receiving_id)
    result = perform(
        ActionForm(),
        lambda form: services.finish_receiving(
            receiving_id, receiver(), scan_id=form.action_id
        ),
    )
    if result.is_wrong:
        return _respond(receiving_id, result)
    return respond_place(url_for(".index"), result.message)


def receiver() -> Receiver:
    """Give the person asking, with the tablet."""
    return Receiver(user_id=current_user.id, device=device())


def _expected() -> dict[str, Any]:
    mine = db.session.scalars(queries.task_of(current_user.id)).one_or_none()
    return {
        "orders": db.session.scalars(queries.expected_orders().limit(SHOWN)).all(),
        "mine": mine,
        "form": ScanForm(formdata=None),
        "here": url_for("receive.index"),
    }


def _screen(task: ReceivingTask) -> dict[str, Any]:
    ids = [line.product_id for line in task.order.lines if line.product_id is not None]
    is_mine = task.user_id == current_user.id
    return {
        "task": task,
        "is_mine": is_mine and task.device == device() and not task.is_done,
        "is_my_own": is_mine and not task.is_done,
        "places": services.places_for(task),
        "waiting": waiting_for(ids),
        "form": ScanForm(formdata=None),
        "lot_form": LotForm(formdata=None, data={"lot": task.asked_lot}),
        "here": url_for("receive.show", receiving_id=task.id),
    }


def _require(receiving_id: int) -> None:
    if db.session.get(ReceivingTask, receiving_id) is None:
        abort(404)


def _perform(
    receiving_id: int,
    form: Any,
    service: Callable[..., ActionResult],
    values: Callable[[Any], dict[str, Any]] = lambda _form: {},
) -> Response:
    _require(receiving_id)
    result = perform(
        form,
        lambda sent: service(receiving_id, receiver(), scan_id=sent.action_id, **values(sent)),
    )
    return _respond(receiving_id, result)


def _respond(receiving_id: int, result: ActionResult) -> Response:
    fresh = queries.task(receiving_id).execution_options(populate_existing=True)
    return respond_result(result, "purchasing/tablet/show.html", **_screen(one_or_404(fresh)))
