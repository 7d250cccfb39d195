"""Asking for labels: finding the things, trying them, printing them."""

from collections.abc import Sequence
from typing import Any

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug import Response

from app.core.db import db
from app.core.pages import Action
from app.core.permissions import ensure, may, requires
from app.core.web import render, wants_fragment
from app.labels import queries, services
from app.labels.drawing.sketch import sketch
from app.labels.drawing.symbols import SYMBOLOGIES
from app.labels.forms import BatchForm
from app.labels.jobs import draw_labels
from app.labels.models import LabelBatch
from app.labels.services.dry_runs import dry_run
from app.labels.services.requesting import Choices, LabelRequest
from app.labels.subjects import SUBJECTS, Subject
from app.labels.views.batches import BATCH
from app.labels.views.blueprint import bp

DEFAULT_FORMAT = "L7160"
FOUND = 20
MOST_LISTED = 1000  # things that a list hands over
LIST_FILTERS = ("search", "category", "supplier", "state", "kind", "shown")


@bp.get("/new")
@requires("labels.print")
def new() -> Response:
    """Ask what to print: `items` name things, `list` takes those that a list shows."""
    subject = _subject(request.args.get("subject", ""))
    codes = request.args.getlist("items")
    if request.args.get("list"):
        codes = _codes_of_list(subject)
    values = {"items": "\n".join(codes), "subject": subject.field}
    return _page(BatchForm(data=_last_choices() | values), subject)


@bp.get("/search")
@requires("labels.print")
def search() -> Response:
    """Find things to print labels for."""
    subject = _subject(request.args.get("subject", ""))
    words = request.args.get("search", "").strip()
    found: list[Any] = []
    if words:
        rows = db.session.execute(subject.search({"search": words}).limit(FOUND))
        found = [(code, name) for code, name in rows]
    return render(
        "labels/search.html", fragment="matches", subject=subject, found=found, search=words
    )


@bp.post("/dry-runs")
@requires("labels.print")
def create_dry_run() -> Response:
    """Tell what the labels would be, without printing any."""
    form = BatchForm()
    subject = _subject(form.subject.data or "")
    if not wants_fragment():
        return redirect(url_for(".new", subject=subject.field), 303)
    form.offer(_formats(), _printers())
    found = dry_run(form.requested, form.choices) if form.requested else None
    first = found.first if found else None
    return render(
        "labels/new.html",
        fragment="dry_run",
        dry_run=found,
        sketch=sketch(first, found.format.size, found.dpi) if found and first else None,
        symbology=SYMBOLOGIES[found.symbology].label if found else "",
    )


def _subject(field: str) -> Subject:
    """The subject asked for, or the first one that the person may see."""
    if field in SUBJECTS:
        ensure(SUBJECTS[field].permission)
        return SUBJECTS[field]
    return next((one for one in SUBJECTS.values() if may(one.permission)), None) or abort(403)


def _codes_of_list(subject: Subject) -> list[str]:
    filters = {name: request.args.get(name, "") for name in LIST_FILTERS}
    rows = db.session.execute(subject.search(filters).limit(MOST_LISTED))
    return [row[0] for row in rows]


def _last_choices() -> dict[str, Any]:
    """What the person printed on the last time: most people have one printer."""
    mine = queries.batches(actor_id=current_user.id).order_by(LabelBatch.id.desc()).limit(1)
    last = db.session.scalars(mine).one_or_none()
    if last is None or services.find_format(last.format_name) is None:
        return _default_choices()
    names = ("symbology", "printer_id", "dpi", "code", "has_price")
    return {"format": last.format_name} | {name: getattr(last, name) for name in names}


def _default_choices() -> dict[str, Any]:
    """The first printer with its format, for who prints the first time."""
    printer = db.session.scalars(queries.printers().limit(1)).one_or_none()
    if printer is None or not printer.format:
        return {"format": DEFAULT_FORMAT}
    return {"format": printer.format, "printer_id": printer.id}


def _formats() -> dict[str, str]:
    return {key: one.label for key, one in services.all_formats().items()}


def _printers() -> dict[str, str]:
    return {str(one.id): one.name for one in db.session.scalars(queries.printers())}


def _page(form: BatchForm, subject: Subject, status: int = 200) -> Response:
    form.offer(_formats(), _printers())
    return render(
        "labels/new.html",
        fragment="form",
        status=status,
        form=form,
        subject=subject,
        subjects=[one for one in SUBJECTS.values() if may(one.permission)],
        dry_run=None,
        sheet=services.find_format(form.format.data or ""),
        first=form.start_cell.data or 1,
    )


@bp.get("/sheet")
@requires("labels.print")
def sheet() -> Response:
    """Draw the sheet of a format, to choose the first free label on."""
    name = request.args.get("format", "")
    if not wants_fragment():
        return redirect(url_for(".new"), 303)
    first = request.args.get("start_cell", 1, type=int)
    return make_response(
        render_template("labels/_sheet.html", sheet=services.find_format(name), first=first)
    )


def _request(requested: Sequence[LabelRequest], choices: Choices) -> LabelBatch:
    """Print labels in the background."""
    return services.request_batch(requested, choices, draw_labels)


def _offer(form: BatchForm, _batch: None) -> None:
    _subject(form.subject.data or "")  # forbidden, unless the person may see such things
    form.offer(_formats(), _printers())


def _show(_batch: None, form: BatchForm, status: int) -> Response:
    return _page(form, _subject(form.subject.data or ""), status)


create = Action(
    resource=BATCH,
    name="create",
    is_new=True,
    title="Print labels",
    permission="labels.print",
    form=BatchForm,
    offer=_offer,
    page=_show,
    act=_request,
    done="The labels are being drawn.",
    leaves=True,
)
create.add_to(bp)
