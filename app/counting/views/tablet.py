"""The counter's pages. Nothing that the books say is given to them, not even hidden."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, abort, url_for
from flask_login import current_user
from werkzeug import Response

from app.core.db import db
from app.core.permissions import requires
from app.core.web import one_or_404, render
from app.counting import queries, services
from app.counting.forms import QuantityForm
from app.counting.models import CountTask
from app.counting.services import Counter
from app.scanning.devices import device
from app.scanning.forms import ActionForm, ScanForm
from app.scanning.responses import perform, respond_place, respond_result
from app.scanning.services import ActionResult

bp = Blueprint("count", __name__, url_prefix="/count")

SHOWN = 100  # counts that a tablet lists; the next stand there when these are done


@bp.get("")
@requires("counting.count")
def index() -> Response:
    """Show what is to be counted, along the route."""
    tasks = db.session.scalars(queries.to_count().limit(SHOWN)).all()
    return render(
        "counting/tablet/index.html",
        fragment="screen",
        tasks=[task for task in tasks if task.claimed_by_id != current_user.id],
        mine=next((task for task in tasks if task.claimed_by_id == current_user.id), None),
        counted_before=_counted_before(tasks),
    )


@bp.post("/<int:count_id>/assignee")
@requires("counting.count")
def claim(count_id: int) -> Response:
    """Take a count, or go on with it on this tablet."""
    _require_count(count_id)
    services.claim(count_id, counter())
    return respond_place(url_for(".show", count_id=count_id))


@bp.post("/<int:count_id>/release")
@requires("counting.count")
def release(count_id: int) -> Response:
    """Give a count back."""
    _require_count(count_id)
    result = perform(
        ActionForm(),
        lambda form: services.release_once(count_id, counter(), scan_id=form.action_id),
    )
    if result.is_wrong:
        return _respond(count_id, result)
    return respond_place(url_for(".index"), result.message)


@bp.get("/<int:count_id>")
@requires("counting.count")
def show(count_id: int) -> Response:
    """Show the bin, and what was counted in it so far."""
    task = one_or_404(queries.count(count_id))
    return render("counting/tablet/show.html", fragment="screen", **_screen(task))


@bp.post("/<int:count_id>/scans")
@requires("counting.count")
def scan(count_id: int) -> Response:
    """Take a scan."""
    return _perform(count_id, ScanForm(), services.scan, lambda form: {"code": form.code.data})


@bp.post("/<int:count_id>/quantities")
@requires("counting.count")
def set_quantity(count_id: int) -> Response:
    """Take a number in place of many scans."""
    return _perform(
        count_id,
        QuantityForm(),
        services.set_quantity,
        lambda form: {"line_id": form.line_id.data, "quantity": form.pieces},
    )


@bp.post("/<int:count_id>/undos")
@requires("counting.count")
def undo(count_id: int) -> Response:
    """Undo what was counted last."""
    return _perform(count_id, ActionForm(), services.undo)


@bp.post("/<int:count_id>/end")
@requires("counting.count")
def finish(count_id: int) -> Response:
    """Say that all of the bin is counted."""
    return _perform(count_id, ActionForm(), services.finish)


@bp.post("/<int:count_id>/emptiness")
@requires("counting.count")
def report_empty(count_id: int) -> Response:
    """Say that there is nothing."""
    return _perform(count_id, ActionForm(), services.report_empty)


def counter() -> Counter:
    """Give the person asking, with the tablet."""
    return Counter(user_id=current_user.id, device=device())


def _counted_before(tasks: Sequence[CountTask]) -> set[int]:
    """Recounts that somebody else should do: the person has counted them before."""
    ids = [task.id for task in tasks if task.is_recount]
    return set(db.session.scalars(queries.counted_by(ids, current_user.id))) if ids else set()


def _screen(task: CountTask) -> dict[str, Any]:
    named = task.product_id is not None or task.is_recount
    lines = [line for line in task.current_lines if named or line.counted is not None]
    return {
        "task": task,
        # In a count of all that lies there, what was not found yet would be a hint.
        "lines": lines,
        "line": task.line or (lines[0] if named and lines else None),
        "is_named": named,
        "is_mine": task.claimed_by_id == current_user.id and task.device == device(),
        "is_my_own": task.claimed_by_id == current_user.id,
        "may_claim": task.state in ("open", "recount") or task.is_idle(),
        "has_pieces": any(line.counted for line in lines),
        "form": ScanForm(formdata=None),
        "here": url_for(".show", count_id=task.id),
    }


def _require_count(count_id: int) -> None:
    if db.session.get(CountTask, count_id) is None:
        abort(404)


def _perform(
    count_id: int,
    form: Any,
    service: Callable[..., ActionResult],
    values: Callable[[Any], dict[str, Any]] = lambda _form: {},
) -> Response:
    _require_count(count_id)
    result = perform(
        form, lambda sent: service(count_id, counter(), scan_id=sent.action_id, **values(sent))
    )
    return _respond(count_id, result)


def _respond(count_id: int, result: ActionResult) -> Response:
    fresh = queries.count(count_id).execution_options(populate_existing=True)
    return respond_result(result, "counting/tablet/show.html", **_screen(one_or_404(fresh)))
