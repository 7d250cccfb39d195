"""A list for tests of what every list does: jobs on a shelf, with a column of every kind."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from flask import Blueprint, url_for
from sqlalchemy import literal, select
from wtforms import StringField

from app.core.db import transaction
from app.core.errors import DomainError
from app.core.forms import Form
from app.core.jobs import JobRun
from app.core.pages import (
    Asked,
    BulkAction,
    Choice,
    Column,
    Cursor,
    Day,
    Link,
    ListPage,
    Nothing,
    Number,
    Reference,
    Search,
    Segments,
    Text,
)
from app.core.permissions import Area, Verb
from app.core.slices import Slice

bp = Blueprint("shelf", __name__, url_prefix="/shelf")
past = Blueprint("past", __name__, url_prefix="/past")
STATES = {"queued": "Waiting", "failed": "Failed"}


class Fragile(DomainError):
    """A row that nothing may be done to."""


class Row(NamedTuple):
    run: Any
    double: Decimal


class NoteForm(Form):
    note = StringField("Note")


def _runs(asked: Asked) -> Any:
    if asked["search"] == "impossible":
        return None
    query: Any = select(JobRun).where(JobRun.label.icontains(asked["search"], autoescape=True))
    for name, column in {"state": JobRun.state, "actor": JobRun.actor}.items():
        if asked[name]:
            query = query.where(column == asked[name])
    if asked["attempts"] is not None:
        query = query.where(JobRun.attempts >= asked["attempts"])
    if asked["run"] is not None:
        query = query.where(JobRun.id == asked["run"])
    if since := asked.begin_of("since"):
        query = query.where(JobRun.created_at >= since)
    if until := asked.end_of("until"):
        query = query.where(JobRun.created_at < until)
    columns = (JobRun.id, JobRun.label, JobRun.state, JobRun.attempts, JobRun.created_at)
    return query.with_only_columns(*columns)


def _with_double(rows: Sequence[Any]) -> list[Row]:
    return [Row(row, Decimal(row.attempts * 2)) for row in rows]


def _note(run_id: int, *, note: str = "noted") -> None:
    with transaction() as session:
        run = session.get_one(JobRun, run_id)
        if run.label.startswith("glass"):
            raise Fragile(f"{run.label} breaks.")
        run.error = note


def _count(ids: Sequence[int]) -> dict[str, Any]:
    return {"ids": list(ids)}


def _address(ids: Sequence[int] | None, filters: Any) -> str:
    return f"/somewhere/{ids and ids[0]}/{filters.get('state')}"


NEW = Link(label="New box", endpoint="jobs.index", permission="shelf.edit", is_dialog=True)
SHELF = ListPage(
    name="shelf",
    title="Shelf",
    permission="shelf.view",
    query=_runs,
    prepare=_with_double,
    is_joined=True,
    key=JobRun.id,
    sort="label",
    href=lambda row: url_for("jobs.show", run_id=row.run.id),
    filters=(
        Search(label="Label"),
        Choice(name="state", label="State", options=STATES, everything="All states"),
        Segments(name="actor", label="Whose", options=lambda: [("Ana", "Ana's")], chip="By {}"),
        Text(name="note", label="Note", parse=int, shows=lambda number: f"note {number}"),
        Number(name="attempts", label="Attempts", chip="From {} attempts"),
        Reference(name="run", label="Run", shows=lambda number: f"Run {number}"),
        Day(name="since", label="From", chip="From {}"),
        Day(name="until", label="To"),
    ),
    columns=(
        Column(name="id", title="Number", kind="number", value="run.id", sort=JobRun.id),
        Column(
            name="label",
            title="Label",
            value="run.label",
            sort=JobRun.label,
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(name="state", title="State", kind="badge", value="run.state", place="status"),
        Column(name="double", title="Double", kind="quantity", live="double-{0.run.id}"),
        Column(name="when", title="When", kind="moment", value="run.created_at"),
        Column(
            name="seven",
            title="Seven",
            value="run.seven",
            adds=(literal(7).label("seven"),),
            sort="attempts",
            is_shown=False,
        ),
        Column(name="secret", title="Secret", value="run.id", permission="shelf.edit"),
    ),
    links=(NEW,),
    events=("shelf:changed",),
    nouns=("box", "boxes"),
    row_id=JobRun.id,
    row_name=JobRun.label,
    tick=lambda row: (row.run.id, row.run.label),
    actions=(
        BulkAction(
            name="note",
            label="Note",
            permission="shelf.edit",
            question="Note {count}?",
            form=NoteForm,
            act=_note,
        ),
        BulkAction(
            name="count",
            label="Count",
            permission="shelf.edit",
            question="Count {count}?",
            act_on_all=_count,
        ),
        BulkAction(name="go", label="Go", permission="shelf.edit", address=_address),
    ),
    unmatched=Nothing(title="Nothing matches.", advice="Try more.", action="Show all"),
    nothing=Nothing(title="Empty shelf.", advice="Put a box on it.", link=NEW),
)
PAST = ListPage(
    name="past",
    title="Past",
    permission="shelf.view",
    query=lambda asked: select(JobRun).where(JobRun.label.icontains(asked["search"])),
    cursor=Cursor(columns=(JobRun.created_at, JobRun.id), shown=2),
    filters=(Search(label="Label"),),
    columns=(Column(name="label", title="Label", place="name", is_link=True),),
    nothing=Nothing(title="No past.", advice="Wait."),
)
SHELF.add_to(bp)
PAST.add_to(past)
SLICE = Slice(
    name="shelf",
    pages=(bp, past),
    permissions=(Area("shelf", 900, (Verb("view", "See it"), Verb("edit", "Change it"))),),
)
