"""The roster of a week: a grid of people and days, filled with codes of shifts."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, request, url_for
from sqlalchemy import Select
from werkzeug import Response

from app.attendance import queries, services
from app.attendance.models import Employee
from app.core.db import db
from app.core.errors import DomainError, Invalid
from app.core.permissions import requires
from app.core.web import render, respond_redirect, zone

bp = Blueprint("roster", __name__, url_prefix="/attendance/roster")

ONE_DAY, WEEK = timedelta(days=1), timedelta(days=7)
MOST_PEOPLE = 300


def monday_of(text: str) -> date:
    """Read a day of an address; give the Monday of its week, of this one where it is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = datetime.now(zone()).date()
    return day - timedelta(days=day.weekday())


def _people(monday: date, most: int = MOST_PEOPLE) -> Sequence[Employee]:
    department = request.args.get("department", "").replace("\0", "")
    found: Select[Any] = queries.people_to_report(
        monday, monday + WEEK - ONE_DAY, department=department
    )
    return db.session.scalars(found.limit(most)).all()


@bp.get("")
@requires("attendance.view")
def index() -> Response:
    """Show a week."""
    return _page(monday_of(request.args.get("week", "")))


@bp.post("")
@requires("attendance.roster")
def update() -> Response:
    """Put people down as the grid says; a code that is none is said beside it."""
    monday = monday_of(request.args.get("week", ""))
    try:
        changed = services.set_roster(_typed(monday))
    except DomainError as error:
        return _page(monday, problem=error, status=422)
    said = "Nothing has changed." if not changed else f"Saved: {changed} days changed."
    return respond_redirect(_here(monday), said)


@bp.post("/copies")
@requires("attendance.roster")
def create_copy() -> Response:
    """Fill empty days as they were in the week before."""
    monday = monday_of(request.args.get("week", ""))
    people = [one.id for one in _people(monday)]
    copied = services.copy_week(monday, employee_ids=people)
    said = f"Copied: {copied} days." if copied else "There is nothing to copy."
    return respond_redirect(_here(monday), said)


def _here(monday: date) -> str:
    department = request.args.get("department") or None
    return url_for(".index", week=monday.isoformat(), department=department)


def _typed(monday: date) -> dict[tuple[int, date], list[int]]:
    """Read the cells that were sent: codes of shifts, parted by blanks or commas."""
    codes = {
        one.code.lower(): one.id for one in db.session.scalars(queries.shifts(is_active=None))
    }
    days = [monday + n * ONE_DAY for n in range(7)]
    cells: dict[tuple[int, date], list[int]] = {}
    for person in _people(monday):
        for day in days:
            name = f"{person.id}-{day.isoformat()}"
            if name not in request.form:
                continue
            words = request.form[name].replace(",", " ").split()
            if unknown := [word for word in words if word.lower() not in codes]:
                raise Invalid(name, f"{person.name}, {day}: there is no shift {unknown[0]}.")
            cells[person.id, day] = [codes[word.lower()] for word in words]
    return cells


def _page(monday: date, *, problem: DomainError | None = None, status: int = 200) -> Response:
    found = _people(monday, MOST_PEOPLE + 1)
    people = found[:MOST_PEOPLE]
    days = [monday + n * ONE_DAY for n in range(7)]
    shifts = db.session.scalars(queries.shifts()).all()
    codes = {one.id: one.code for one in shifts}
    known = db.session.scalars(queries.departments_in_use())
    cells: dict[str, str] = {}
    ids = [one.id for one in people]
    for row in db.session.execute(queries.roster(ids, days[0], days[-1])):
        name = f"{row.employee_id}-{row.day.isoformat()}"
        cells[name] = f"{cells.get(name, '')} {codes[row.shift_id]}".strip()
    if problem:
        cells |= {name: text for name, text in request.form.items() if name != "csrf_token"}
    return render(
        "attendance/roster/index.html",
        fragment="results",
        status=status,
        monday=monday,
        before=monday - WEEK,
        after=monday + WEEK,
        days=days,
        people=people,
        shifts=[one for one in shifts if one.is_active],
        cells=cells,
        problem=problem,
        wrong=problem.field if isinstance(problem, Invalid) else "",
        most=MOST_PEOPLE if len(found) > MOST_PEOPLE else None,
        departments=[("", "All departments"), *((name, name) for name in known)],
        department=request.args.get("department", ""),
    )
