"""Counts as the office sees them: the list, one with its differences, and what is decided."""

from typing import Any

from flask import Blueprint, request, url_for
from werkzeug import Response

from app.core import audit
from app.core.db import db
from app.core.errors import DomainError, Invalid
from app.core.forms import Form
from app.core.permissions import requires
from app.core.tables import Page, paginate
from app.core.web import one_or_404, render, respond_redirect, respond_saved
from app.counting import queries, services
from app.counting.errors import NotAllowed
from app.counting.forms import ApprovalForm, CancellationForm, NewCountForm
from app.counting.models import CAUSES, STATES, CountTask
from app.scanning import queries as scanned
from app.stock import services as stock

bp = Blueprint("counts", __name__, url_prefix="/counts")

CHANGED = "counts:changed"
CHOICES = [("", "All states"), ("unfinished", "Unfinished"), *STATES.items()]
HISTORY_SHOWN = 30
NAMES = ("search", "state", "cause")


@bp.get("")
@requires("counting.view")
def index() -> Response:
    """List counts; a search from htmx receives only the results."""
    filters = {
        name: request.args.get(name, "").replace("\0", "").strip()[:100] for name in NAMES
    }
    for name, known in (("state", dict(CHOICES)), ("cause", CAUSES)):
        if filters[name] not in known:
            filters[name] = ""
    page = paginate(
        queries.counts(**filters), sorts=queries.SORTS, default="-number", filters=filters
    )
    return render(
        "counting/counts/index.html",
        fragment="results",
        page=page,
        filters=filters,
        states=CHOICES,
        causes=[("", "All causes"), *CAUSES.items()],
        differing=_differing(page),
        chips=_chips(page, filters),
    )


@bp.get("/new")
@requires("counting.manage")
def new() -> Response:
    """Ask what is to be counted."""
    form = NewCountForm()
    form.location.data = request.args.get("location", "")
    form.product.data = request.args.get("product", "")
    if form.product.data:
        form.what.data = "product"
    return _new_page(form)


@bp.post("")
@requires("counting.manage")
def create() -> Response:
    """Have something counted."""
    form, status = NewCountForm(), 422
    if form.validate_on_submit():
        try:
            made = _create(form)
        except DomainError as error:
            status = form.refuse(error)
        else:
            number = len(made.counts)
            message = (
                "1 bin is to be counted." if number == 1 else f"{number} bins to be counted."
            )
            if made.skipped:
                message += f" {made.skipped} more are being counted already."
            return respond_redirect(url_for(".index", state="unfinished"), message)
    return _new_page(form, status=status)


@bp.get("/<int:count_id>")
@requires("counting.view")
def show(count_id: int) -> Response:
    """Show a count: what was found, by whom, and what may be decided."""
    task = one_or_404(queries.count(count_id))
    return render(
        "counting/counts/show.html",
        fragment="record",
        task=task,
        conflicts=services.conflicts(task) if task.state == "review" else [],
        history=db.session.scalars(audit.history(task).limit(HISTORY_SHOWN)).all(),
    )


@bp.get("/<int:count_id>/approval/new")
@requires("counting.approve")
def new_approval(count_id: int) -> Response:
    """Ask why the differences are believed."""
    task = one_or_404(queries.count(count_id))
    if task.state != "review":
        raise NotAllowed(f"{task} does not wait for approval: {task.state_label.lower()}.")
    return _question(task, ApprovalForm(), "approval")


@bp.post("/<int:count_id>/approval")
@requires("counting.approve")
def approve(count_id: int) -> Response:
    """Post the differences."""
    task, form, status = one_or_404(queries.count(count_id)), ApprovalForm(), 422
    if form.validate_on_submit():
        try:
            task = services.approve(count_id, **form.values)
        except DomainError as error:
            status = form.refuse(error)
            task = one_or_404(queries.count(count_id))  # ours is stale now
        else:
            message = f"{task} is posted."
            if task.state == "recount":
                message = "Posted but for what has moved since: that is counted again."
            return respond_saved(url_for(".show", count_id=count_id), message, event=CHANGED)
    return _question(task, form, "approval", status=status)


@bp.post("/<int:count_id>/recount")
@requires("counting.approve")
def request_recount(count_id: int) -> Response:
    """Have the differences counted again."""
    one_or_404(queries.count(count_id))
    task = services.request_recount(count_id)
    message = f"{task.location.code} is counted again."
    return respond_saved(url_for(".show", count_id=count_id), message, event=CHANGED)


@bp.get("/<int:count_id>/cancellation/new")
@requires("counting.manage")
def new_cancellation(count_id: int) -> Response:
    """Ask why the count is given up."""
    return _question(one_or_404(queries.count(count_id)), CancellationForm(), "cancellation")


@bp.post("/<int:count_id>/cancellation")
@requires("counting.manage")
def cancel(count_id: int) -> Response:
    """Give the count up."""
    task, form, status = one_or_404(queries.count(count_id)), CancellationForm(), 422
    if form.validate_on_submit():
        try:
            task = services.cancel(count_id, **form.values)
        except DomainError as error:
            status = form.refuse(error)
            task = one_or_404(queries.count(count_id))
        else:
            here = url_for(".show", count_id=count_id)
            return respond_saved(here, f"{task} is cancelled.", event=CHANGED)
    return _question(task, form, "cancellation", status=status)


@bp.post("/<int:count_id>/release")
@requires("counting.manage")
def release(count_id: int) -> Response:
    """Take a count out of somebody's hands."""
    one_or_404(queries.count(count_id))
    task = services.release(count_id)
    message = f"{task} is back in the list."
    return respond_saved(url_for(".show", count_id=count_id), message, event=CHANGED)


def _create(form: NewCountForm) -> services.CreatedCounts:
    note = form.note.data
    if form.what.data == "product":
        row = db.session.execute(
            scanned.products_scanned(form.product.data, form.product.data)
        ).first()
        if row is None:
            raise Invalid("product", f"There is no product {form.product.data}.")
        return services.count_product(row[0].id, note=note)
    if form.what.data == "oldest":
        return services.count_oldest(form.number.data or 0, note=note)
    location_id = stock.find_location(form.location.data)
    return services.count_location(location_id, with_empty=form.with_empty.data, note=note)


def _new_page(form: NewCountForm, *, status: int = 200) -> Response:
    return render(
        "counting/counts/new.html",
        fragment="form",
        status=status,
        form=form,
    )


def _question(task: CountTask, form: Form, resource: str, *, status: int = 200) -> Response:
    return render(
        f"counting/counts/{resource}.html",
        fragment="form",
        status=status,
        task=task,
        form=form,
        conflicts=services.conflicts(task) if task.state == "review" else [],
    )


def _differing(page: Page[Any]) -> dict[int, list[Any]]:
    """For each count of the page: currency, number of lines that differ, and their worth."""
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(queries.differing([task.id for task in page.items])):
        found.setdefault(row[0], []).append(row[1:])
    return found


def _chips(page: Page[Any], filters: dict[str, str]) -> list[tuple[str, str]]:
    labels = {"state": dict(CHOICES), "cause": CAUSES}
    return [
        (known[filters[name]], page.without(name))
        for name, known in labels.items()
        if filters[name]
    ]
