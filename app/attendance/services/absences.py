"""Absences are asked for and decided; allowances say how many days of them there are."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.errors import NotAllowed
from app.attendance.events import AttendanceChanged
from app.attendance.models import Absence, AbsenceType, Allowance, Employee, OwnHoliday
from app.attendance.reckoning.calendar import WHOLE, left_of_day
from app.attendance.reckoning.holidays import UnknownPlace, check_place
from app.attendance.rules import parse_region
from app.attendance.services.locking import ensure_day_open
from app.attendance.services.reading import Workdays, read_workdays
from app.attendance.services.staleness import mark_all_stale, mark_stale
from app.core.actors import current_actor_id
from app.core.checks import Rule, checked, named_when_taken, needed
from app.core.countries import parse_country
from app.core.db import locked, transaction
from app.core.errors import AlreadyExists, Invalid
from app.core.events import publish
from app.core.quantities import plain
from app.core.texts import parse_line

ONE_DAY = timedelta(days=1)
LONGEST = 366  # days
ALLOWANCES = 6  # that are told of at once
TYPES = {"Leave": True, "Illness": False}  # what an installation begins with: has an allowance
TYPE_RULES: dict[str, Rule] = {"name": needed(parse_line)}
RULES: dict[str, Rule] = {"reason": parse_line, "answer": parse_line}
HOLIDAY_RULES: dict[str, Rule] = {
    "name": needed(parse_line),
    "country": parse_country,
    "region": parse_region,
}


def install_absence_types() -> None:
    """Make the types that an installation begins with, unless there are some."""
    with transaction() as session:
        if session.scalar(select(AbsenceType.id).limit(1)) is None:
            for name, has_allowance in TYPES.items():
                session.add(AbsenceType(name=name, has_allowance=has_allowance))


@named_when_taken
def create_absence_type(*, name: str, **values: Any) -> AbsenceType:
    """Add a type of absences.

    Raises:
        AlreadyExists: Another one has the name.
    """
    with transaction() as session:
        made = AbsenceType(**checked({"name": name, **values}, TYPE_RULES))
        _refuse_taken_type(session, made)
        session.add(made)
    return made


@named_when_taken
def revise_absence_type(type_id: int, *, version: int | None, **changes: Any) -> AbsenceType:
    """Change a type as it was in `version`.

    Raises:
        StaleVersion: Somebody else was faster.
        AlreadyExists: Another one has the name.
    """
    with transaction() as session:
        found = session.scalars(locked(queries.absence_type(type_id), AbsenceType)).one()
        with session.no_autoflush:
            new = found.revise(version=version, **checked(changes, TYPE_RULES))
            _refuse_taken_type(session, found)
        if "is_paid" in new:
            mark_all_stale(session)
    return found


def absence_types_offered() -> Sequence[AbsenceType]:
    """Give the types that absences may be of, by name."""
    with transaction() as session:
        return session.scalars(queries.absence_types(is_active=True)).all()


def set_allowance(
    employee_id: int, *, type_id: int, year: int, days: Decimal, carried: Decimal = Decimal(0)
) -> Allowance:
    """Say how many days of a type somebody has in a year."""
    with transaction() as session:
        mine = session.scalars(locked(queries.employee(employee_id), Employee)).one()
        found = queries.allowance(mine.id, type_id, year)
        allowance = session.scalars(found).one_or_none()
        if allowance is None:
            if session.scalar(select(AbsenceType.id).where(AbsenceType.id == type_id)) is None:
                raise Invalid("type_id", "There is no such type.")
            allowance = Allowance(employee_id=mine.id, type_id=type_id, year=year, days=days)
            session.add(allowance)
        else:
            allowance.revise(version=None, days=days)
        allowance.carried = carried
    return allowance


def request_absence(
    employee_id: int, *, type_id: int, first_day: date, last_day: date, **values: Any
) -> Absence:
    """Ask to be away.

    Raises:
        Invalid: Days are out of order, or somebody is away then already, or has no days left.
        PeriodLocked: A day is locked.
    """
    with transaction() as session:
        session.scalars(locked(queries.employee(employee_id), Employee)).one()
        absence = Absence(
            employee_id=employee_id,
            type_id=type_id,
            first_day=first_day,
            last_day=last_day,
            requested_by_id=current_actor_id(),
            **checked(values, RULES),
        )
        _refuse_unfit(session, absence)
        session.add(absence)
        session.flush()
        publish(AttendanceChanged(employees=1))
    return absence


def enter_absence(employee_id: int, **values: Any) -> Absence:
    """Enter an absence that counts at once, for whoever may approve."""
    with transaction():
        return approve_absence(request_absence(employee_id, **values).id)


def approve_absence(absence_id: int, *, answer: str = "") -> Absence:
    """Let an absence count.

    Raises:
        NotAllowed: It waits for approval no more.
        Invalid: There are no days left of it.
        PeriodLocked: A day is locked.
    """
    with transaction() as session:
        absence = _decided(session, absence_id, "approved", answer)
        ensure_day_open(session, absence.first_day)
        _refuse_beyond_allowance(session, absence)
        mark_stale(session, {absence.employee_id: absence.first_day})
        publish(AttendanceChanged(employees=1))
    return absence


def reject_absence(absence_id: int, *, answer: str = "") -> Absence:
    """Let an absence not count.

    Raises:
        NotAllowed: It waits for approval no more.
    """
    with transaction() as session:
        publish(AttendanceChanged(employees=1))
        return _decided(session, absence_id, "rejected", answer)


def withdraw_absence(absence_id: int) -> Absence:
    """Take an absence back, also one that was approved.

    Raises:
        NotAllowed: It counts no more.
        PeriodLocked: A day of it is locked.
    """
    with transaction() as session:
        found = queries.absence(absence_id).with_only_columns(Absence)
        absence = session.scalars(locked(found, Absence)).one()
        if absence.state not in ("requested", "approved"):
            raise NotAllowed("This absence counts no more.")
        ensure_day_open(session, absence.first_day)
        absence.revise(version=None, state="withdrawn")
        session.flush()
        mark_stale(session, {absence.employee_id: absence.first_day})
        publish(AttendanceChanged(employees=1))
    return absence


def days_taken(session: Session, absence: Absence) -> Mapping[int, Decimal]:
    """How many days an absence takes of each year: only such as would be worked on."""
    workdays = read_workdays(
        session, [absence.employee_id], absence.first_day, absence.last_day
    )[absence.employee_id]
    taken: dict[int, Decimal] = {}
    for day in _days(absence):
        portion = _taken_on(absence, day, workdays)
        if portion:
            taken[day.year] = taken.get(day.year, Decimal(0)) + portion
    return taken


class Left(NamedTuple):
    """What somebody has of a type in a year, and what is left of it."""

    name: str
    year: int
    days: Decimal
    left: Decimal


def allowances_of(employee_id: int) -> list[Left]:
    """Give what somebody has of absences, and how much of it is left."""
    with transaction() as session:
        names = {one.id: one.name for one in session.scalars(queries.absence_types())}
        return [
            Left(
                names[one.type_id],
                one.year,
                one.days + one.carried,
                days_left(session, employee_id, one.type_id, one.year) or Decimal(0),
            )
            for one in session.scalars(queries.allowances(employee_id).limit(ALLOWANCES)).all()
        ]


def days_left(session: Session, employee_id: int, type_id: int, year: int) -> Decimal | None:
    """How many days of a type somebody has left in a year; None where nobody has said."""
    allowance = session.scalars(queries.allowance(employee_id, type_id, year)).one_or_none()
    if allowance is None:
        return None
    counted = queries.away([employee_id], date(year, 1, 1), date(year, 12, 31))
    mine = session.scalars(counted.where(Absence.type_id == type_id)).all()
    used = sum((days_taken(session, one).get(year, Decimal(0)) for one in mine), Decimal(0))
    return allowance.days + allowance.carried - used


@named_when_taken
def create_own_holiday(*, day: date, name: str, **values: Any) -> OwnHoliday:
    """Add a holiday of the company's own.

    Raises:
        AlreadyExists: There is one on this day and at this place.
        Invalid: A value does not fit.
    """
    with transaction() as session:
        kept = checked({"day": day, "name": name, **values}, HOLIDAY_RULES)
        holiday = OwnHoliday(**{"country": "", "region": ""} | kept)
        try:
            check_place(holiday.country, holiday.region)
        except UnknownPlace as error:
            raise Invalid("region", str(error)) from error
        same = select(OwnHoliday).where(
            OwnHoliday.day == day,
            OwnHoliday.country == holiday.country,
            OwnHoliday.region == holiday.region,
        )
        if other := session.scalars(same).one_or_none():
            raise AlreadyExists("day", f"This day is {other.name} already.")
        session.add(holiday)
        session.flush()
        mark_all_stale(session, day)
    return holiday


def delete_own_holiday(holiday_id: int) -> None:
    """Take a holiday of the company's own away."""
    with transaction() as session:
        holiday = session.scalars(queries.own_holiday(holiday_id)).one()
        ensure_day_open(session, holiday.day)
        session.execute(delete(OwnHoliday).where(OwnHoliday.id == holiday_id))
        mark_all_stale(session, holiday.day)


def _days(absence: Absence) -> list[date]:
    length = (absence.last_day - absence.first_day).days + 1
    return [absence.first_day + n * ONE_DAY for n in range(length)]


def _taken_on(absence: Absence, day: date, workdays: Workdays) -> Decimal:
    if not workdays.minutes_on(day):
        return Decimal(0)
    _left, taken = left_of_day(absence.portion_on(day), workdays.holiday_on(day))
    return taken


def _decided(session: Session, absence_id: int, state: str, answer: str) -> Absence:
    found = select(Absence).where(Absence.id == absence_id)
    absence = session.scalars(locked(found, Absence)).one()
    if absence.state != "requested":
        raise NotAllowed("This absence waits for approval no more.")
    absence.revise(
        version=None,
        state=state,
        decided_by_id=current_actor_id(),
        decided_at=datetime.now(UTC),
        **checked({"answer": answer}, RULES),
    )
    session.flush()
    return absence


def _refuse_unfit(session: Session, absence: Absence) -> None:
    if absence.last_day < absence.first_day:
        raise Invalid("last_day", "The last day is not before the first.")
    if (absence.last_day - absence.first_day).days > LONGEST:
        raise Invalid("last_day", f"At most {LONGEST} days at once.")
    if session.scalars(queries.absence_type(absence.type_id)).one_or_none() is None:
        raise Invalid("type_id", "There is no such type.")
    ensure_day_open(session, absence.first_day)
    _refuse_overlap(session, absence)
    _refuse_beyond_allowance(session, absence)


def _refuse_overlap(session: Session, absence: Absence) -> None:
    """Two halves of a day may be two absences; more than a day there is not."""
    others = select(Absence).where(
        Absence.employee_id == absence.employee_id,
        Absence.state.in_(("requested", "approved")),
        Absence.last_day >= absence.first_day,
        Absence.first_day <= absence.last_day,
    )
    found = session.scalars(others).all()
    for day in _days(absence):
        there = sum((other.portion_on(day) for other in found), Decimal(0))
        if absence.portion_on(day) + there > WHOLE:
            names = " and ".join(
                sorted({one.type.name for one in found if one.portion_on(day)})
            )
            raise Invalid("first_day", f"{names} is entered on {day} already.")


def _refuse_beyond_allowance(session: Session, absence: Absence) -> None:
    kind = session.scalars(queries.absence_type(absence.type_id)).one()
    if not kind.has_allowance:
        return
    is_counted = absence.state == "approved"
    for year, days in days_taken(session, absence).items():
        left = days_left(session, absence.employee_id, kind.id, year)
        if left is None:
            continue
        left += days if is_counted else Decimal(0)
        if days > left:
            raise Invalid(
                "last_day",
                f"This takes {plain(days)} days of {year}; {plain(left)} are left.",
            )


def _refuse_taken_type(session: Session, kind: AbsenceType) -> None:
    taken = select(AbsenceType.id).where(
        func.lower(AbsenceType.name) == func.lower(kind.name),
        AbsenceType.id.is_distinct_from(kind.id),
    )
    if session.scalar(taken) is not None:
        raise AlreadyExists("name", f"There is a type called {kind.name} already.")
