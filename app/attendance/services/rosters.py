"""Shifts, and who is down for which: what changes there makes sessions anew."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.events import AttendanceChanged
from app.attendance.models import Employee, RosterEntry, Shift
from app.attendance.rules import parse_shift_code
from app.attendance.services.deriving import rederive
from app.attendance.services.locking import ensure_day_open
from app.attendance.services.staleness import mark_stale
from app.core.actors import current_actor
from app.core.audit import AuditEntry
from app.core.checks import Rule, checked, named_when_taken, needed
from app.core.db import locked, transaction
from app.core.errors import AlreadyExists, Invalid
from app.core.events import publish
from app.core.texts import parse_line

WEEK = timedelta(days=7)
TOLD_SINGLY = 14  # days of a roster that are changed at once
LONGEST = timedelta(days=366)
ONE_DAY = timedelta(days=1)
RULES: dict[str, Rule] = {"code": needed(parse_shift_code), "name": needed(parse_line)}
# What sessions follow from: with other words of a shift they stay as they are.
HOURS = {"begins", "ends", "early_minutes", "late_minutes"}
BREAKS = {"break_minutes", "is_break_paid"}  # what timesheets follow from, besides

Cell = tuple[int, date]  # whose, and which day


@named_when_taken
def create_shift(*, code: str, name: str, **values: Any) -> Shift:
    """Add a shift.

    Raises:
        AlreadyExists: Another one has the code.
        Invalid: A value does not fit.
    """
    with transaction() as session:
        shift = Shift(**checked({"code": code, "name": name, **values}, RULES))
        _refuse_unfit(session, shift)
        session.add(shift)
    return shift


@named_when_taken
def revise_shift(shift_id: int, *, version: int | None, **changes: Any) -> Shift:
    """Change a shift as it was in `version`, and make anew what follows from its hours.

    Raises:
        StaleVersion: Somebody else was faster.
        AlreadyExists: Another one has the code.
        Invalid: A value does not fit.
        PeriodLocked: Somebody was down for it on a day that is locked.
    """
    kept = checked(changes, RULES)
    with transaction() as session:
        shift = session.scalars(locked(queries.shift(shift_id), Shift)).one()
        with session.no_autoflush:
            new = shift.revise(version=version, **kept)
            _refuse_unfit(session, shift)
        session.flush()
        first_days = session.execute(queries.first_days_of(shift_id)).all()
        if HOURS & new.keys():
            _derive(session, first_days)
        elif BREAKS & new.keys():
            mark_stale(session, {row.employee_id: row.day for row in first_days})
    return shift


def set_roster(cells: Mapping[Cell, Sequence[int]]) -> int:
    """Put people down for shifts: for each cell exactly these; give how many cells changed.

    Raises:
        Invalid: A person or a shift is not there, or two shifts of a day overlap.
        PeriodLocked: A day that would change is locked.
    """
    with transaction() as session:
        shifts = {one.id: one for one in session.scalars(select(Shift))}
        _refuse_strangers(session, {employee_id for employee_id, _day in cells})
        held = _held(session, cells)
        changed = {
            cell: sorted(set(wanted))
            for cell, wanted in cells.items()
            if sorted(set(wanted)) != sorted(held.get(cell, []))
        }
        for (_employee_id, day), wanted in changed.items():
            ensure_day_open(session, day)
            _refuse_overlap([_known(shifts, shift_id) for shift_id in wanted])
        _write(session, changed)
        _note(session, changed, held, shifts)
        first: dict[int, date] = {}
        for employee_id, day in changed:
            first[employee_id] = min(first.get(employee_id, day), day)
        _derive(session, list(first.items()))
    return len(changed)


def copy_week(monday: date, *, employee_ids: Sequence[int]) -> int:
    """Put people down as in the week before, where a day is empty; give how many days."""
    with transaction() as session:
        before = session.execute(
            queries.roster(employee_ids, monday - WEEK, monday - ONE_DAY)
        ).all()
        there = {
            (row.employee_id, row.day)
            for row in session.execute(
                queries.roster(employee_ids, monday, monday + WEEK - ONE_DAY)
            )
        }
        cells: dict[Cell, list[int]] = {}
        for row in before:
            cell = row.employee_id, row.day + WEEK
            if cell not in there:
                cells.setdefault(cell, []).append(row.shift_id)
        return set_roster(cells)


def read_roster(first: date, last: date, employee_id: int | None) -> list[dict[str, Any]]:
    """Give the cells of a roster that are not empty, by person and day.

    Raises:
        Invalid: That is more than a year.
    """
    if not timedelta() <= last - first <= LONGEST:
        raise Invalid("to", f"From 1 to {LONGEST.days} days.")
    with transaction() as session:
        rows = session.execute(queries.roster_between(first, last, employee_id=employee_id))
        cells: dict[Cell, list[int]] = {}
        for row in rows:
            cells.setdefault((row.employee_id, row.day), []).append(row.shift_id)
    return [
        {"employee_id": employee, "day": day, "shift_ids": ids}
        for (employee, day), ids in cells.items()
    ]


def _refuse_strangers(session: Session, ids: set[int]) -> None:
    known = set(session.scalars(select(Employee.id).where(Employee.id.in_(ids))))
    if unknown := sorted(ids - known):
        raise Invalid("employee_id", f"There is no employee {unknown[0]}.")


def _held(session: Session, cells: Mapping[Cell, Any]) -> dict[Cell, list[int]]:
    if not cells:
        return {}
    days = [day for _id, day in cells]
    people = {employee_id for employee_id, _day in cells}
    held: dict[Cell, list[int]] = {}
    for row in session.execute(queries.roster(people, min(days), max(days))):
        held.setdefault((row.employee_id, row.day), []).append(row.shift_id)
    return held


def _known(shifts: Mapping[int, Shift], shift_id: int) -> Shift:
    if shift_id not in shifts:
        raise Invalid("shift_id", "There is no such shift.")
    return shifts[shift_id]


def _refuse_overlap(shifts: Sequence[Shift]) -> None:
    """Two shifts of a day follow each other."""
    ordered = sorted(shifts, key=lambda shift: shift.begins)
    for one, other in pairwise(ordered):
        if one.is_night or other.begins < one.ends:
            raise Invalid("shift_id", f"{one.code} and {other.code} overlap.")


def _write(session: Session, changed: Mapping[Cell, Sequence[int]]) -> None:
    for employee_id, day in changed:
        gone = delete(RosterEntry).where(
            RosterEntry.employee_id == employee_id, RosterEntry.day == day
        )
        session.execute(gone)
    rows = [
        {"employee_id": employee_id, "day": day, "shift_id": shift_id}
        for (employee_id, day), wanted in changed.items()
        for shift_id in wanted
    ]
    if rows:
        session.execute(insert(RosterEntry), rows)


def _note(
    session: Session,
    changed: Mapping[Cell, Sequence[int]],
    held: Mapping[Cell, Sequence[int]],
    shifts: Mapping[int, Shift],
) -> None:
    """Write it into the history of each person: the roster itself has none."""
    told: dict[int, dict[str, list[str]]] = {}
    for (employee_id, day), wanted in sorted(changed.items()):
        before = ", ".join(shifts[one].code for one in held.get((employee_id, day), ()))
        after = ", ".join(shifts[one].code for one in wanted)
        told.setdefault(employee_id, {})[f"roster {day}"] = [before, after]
    names = dict(session.execute(queries.names_of(told)).all())
    actor = current_actor()
    entries = [
        {
            "record_type": Employee.__tablename__,
            "record_id": employee_id,
            "label": names[employee_id],
            "action": "changed",
            "actor_id": actor.id,
            "actor": actor.name,
            "address": actor.address,
            "changes": changes if len(changes) <= TOLD_SINGLY else _summed(changes),
        }
        for employee_id, changes in told.items()
    ]
    if entries:
        session.execute(insert(AuditEntry), entries)


def _summed(changes: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Tell of many days at once: a plan of months is no reading."""
    days = sorted(name.removeprefix("roster ") for name in changes)
    return {"roster": ["", f"{len(days)} days from {days[0]} to {days[-1]}"]}


def _derive(session: Session, first_days: Sequence[Any]) -> None:
    """Make sessions anew from the day before a day on: zones reach that far."""
    since = {
        employee_id: datetime.combine(day - ONE_DAY, time(), UTC)
        for employee_id, day in first_days
    }
    changes = rederive(session, since)
    # A whole week counts by its roster as soon as there is one in it.
    mark_stale(session, {one: day - timedelta(days=day.weekday()) for one, day in first_days})
    if changes.sessions:
        publish(AttendanceChanged(employees=len(since)))


def _refuse_unfit(session: Session, shift: Shift) -> None:
    if shift.begins == shift.ends:
        raise Invalid("ends", "A shift ends at another time than it begins.")
    taken = select(Shift.id).where(
        func.normal_code(Shift.code) == func.normal_code(shift.code),
        Shift.id.is_distinct_from(shift.id),
    )
    if session.scalar(taken) is not None:
        raise AlreadyExists("code", f"There is a shift {shift.code} already.")
