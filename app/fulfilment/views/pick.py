"""The picker's pages: what is ready, and one line per screen."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, request, url_for
from flask_login import current_user
from sqlalchemy.exc import NoResultFound
from werkzeug import Response

from app.core.db import db
from app.core.permissions import may, requires
from app.core.web import one_or_404, render
from app.fulfilment import queries, services
from app.fulfilment.forms import LineForm, QuantityForm, ShortForm
from app.fulfilment.models import IN_WORK, SHORT_REASONS, PickLine, PickTask
from app.fulfilment.views.pickers import picker
from app.scanning.forms import ActionForm, ScanForm
from app.scanning.responses import perform, respond_place, respond_result
from app.scanning.services import ActionResult

bp = Blueprint("pick", __name__, url_prefix="/pick")

SHOWN = 20  # orders of the queue that a tablet lists


@bp.get("")
@requires("fulfilment.pick")
def index() -> Response:
    """Show what is ready, and one's own pick task."""
    ready = queries.ready_orders(("allocated",))
    orders = db.session.scalars(ready.limit(SHOWN)).all()
    amounts = queries.amounts_of_orders([order.id for order in orders])
    return render(
        "fulfilment/pick/index.html",
        fragment="screen",
        orders=orders,
        total=db.session.scalar(queries.counted(ready)),
        amounts={
            number: (lines, units) for number, lines, units in db.session.execute(amounts)
        },
        begun=db.session.scalars(queries.ready_tasks()).all(),
        mine=db.session.scalar(queries.task_of(current_user.id)),
        now=datetime.now(UTC),
    )


@bp.post("/tasks")
@requires("fulfilment.pick")
def claim() -> Response:
    """Take the next pick task, or that of an order that was chosen."""
    task = services.next_task(picker(), order_id=request.form.get("order_id", type=int))
    if task is None:
        message = "Nothing is ready to be picked. Look again in a while."
        return respond_place(url_for(".index"), message)
    return respond_place(url_for(".show", task_id=task.id))


@bp.get("/<int:task_id>")
@requires("fulfilment.pick")
def show(task_id: int) -> Response:
    """Show the line that comes next."""
    task = one_or_404(queries.task(task_id))
    return render("fulfilment/pick/show.html", fragment="screen", **screen(task))


@bp.post("/<int:task_id>/assignee")
@requires("fulfilment.pick")
def resume(task_id: int) -> Response:
    """Go on with a pick task on this tablet: one's own, or by permission somebody else's."""
    one_or_404(queries.task(task_id))
    services.resume(task_id, picker(), may_take_over=may("fulfilment.takeover"))
    return respond_place(url_for(".show", task_id=task_id))


@bp.post("/<int:task_id>/release")
@requires("fulfilment.pick")
def release(task_id: int) -> Response:
    """Give a pick task back to the queue."""
    one_or_404(queries.task(task_id))
    result = perform(
        ActionForm(),
        lambda form: services.release_once(task_id, picker(), scan_id=form.action_id),
    )
    if result.is_wrong:
        return _respond(task_id, result)
    return respond_place(url_for(".index"), result.message)


@bp.post("/<int:task_id>/scans")
@requires("fulfilment.pick")
def scan(task_id: int) -> Response:
    """Take a scan."""
    return _perform(task_id, ScanForm(), services.scan, lambda form: {"code": form.code.data})


@bp.post("/<int:task_id>/quantities")
@requires("fulfilment.quantity")
def pick_quantity(task_id: int) -> Response:
    """Take several pieces at once."""
    return _perform(
        task_id,
        QuantityForm(),
        services.pick_quantity,
        lambda form: {"line_id": form.line_id.data, "quantity": form.pieces},
    )


@bp.post("/<int:task_id>/shorts")
@requires("fulfilment.pick")
def report_short(task_id: int) -> Response:
    """Say that the rest of a line is not there."""
    return _perform(
        task_id,
        ShortForm(),
        services.report_short,
        lambda form: {"line_id": form.line_id.data, "reason": form.reason.data},
    )


@bp.post("/<int:task_id>/skips")
@requires("fulfilment.pick")
def skip(task_id: int) -> Response:
    """Leave a line for the end."""
    return _perform(
        task_id, LineForm(), services.skip, lambda form: {"line_id": form.line_id.data}
    )


@bp.post("/<int:task_id>/undos")
@requires("fulfilment.pick")
def undo(task_id: int) -> Response:
    """Put the last piece back."""
    return _perform(task_id, ActionForm(), services.undo)


@bp.post("/<int:task_id>/stops")
@requires("fulfilment.pick")
def confirm_stop(task_id: int) -> Response:
    """Say that the tote of a cancelled order is put aside."""
    return _perform(task_id, ActionForm(), services.confirm_stop)


@bp.post("/<int:task_id>/empty-checks/<answer>")
@requires("fulfilment.pick")
def answer_empty(task_id: int, answer: str) -> Response:
    """Say whether the bin is empty."""
    if answer not in {"empty", "full"}:
        abort(404)
    is_empty = answer == "empty"
    return _perform(
        task_id, ActionForm(), services.answer_empty, lambda _form: {"is_empty": is_empty}
    )


def screen(task: PickTask) -> dict[str, Any]:
    """Give what the screen of a task shows."""
    line = services.current_line(task) if task.state in IN_WORK else None
    to_do = [one for one in task.lines if one.is_to_do and one is not line]
    is_mine = task.claimed_by_id == current_user.id and task.device == picker().device
    empty_check = next((one for one in task.lines if one.id == task.empty_check_line_id), None)
    return {
        "task": task,
        "line": line,
        "task_order": services.task_order_of(task, line.order_id) if line else None,
        "empty_check": empty_check,
        "is_bin_scanned": line is not None and line.location_id == task.bin_id,
        "barcode_suffix": _barcode_suffix(line) if line else "",
        "next_line": next(iter(to_do), None),
        "done": sum(not one.is_to_do for one in task.lines),
        "is_mine": is_mine,
        "taker": None if is_mine else services.name_of(task.claimed_by_id),
        "is_my_own": task.claimed_by_id == current_user.id,
        "reasons": SHORT_REASONS,
        "form": ScanForm(formdata=None),
        "here": url_for("pick.show", task_id=task.id),
    }


def _barcode_suffix(line: PickLine) -> str:
    """The last digits of the barcode, by which people tell goods apart."""
    return line.barcodes[0].code[-5:] if line.barcodes else ""


def _perform(
    task_id: int,
    form: Any,
    service: Callable[..., ActionResult],
    values: Callable[[Any], dict[str, Any]] = lambda _form: {},
) -> Response:
    try:
        result = perform(
            form,
            lambda sent: service(task_id, picker(), scan_id=sent.action_id, **values(sent)),
        )
    except NoResultFound:  # no pick task of that number
        abort(404)
    return _respond(task_id, result)


def _respond(task_id: int, result: ActionResult) -> Response:
    fresh = queries.task(task_id).execution_options(populate_existing=True)
    task = result.task or one_or_404(fresh)
    return respond_result(result, "fulfilment/pick/show.html", **screen(task))
