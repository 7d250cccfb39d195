"""What a screen says to somebody who has just punched, and who it says is there."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.models import DIRECTIONS, PunchVerdict, WorkSession
from app.core.db import transaction

SHOWN = 24  # names on a kiosk; the number is of all
LATEST = 6
RECENT = timedelta(hours=12)
IN, OUT, NOTE, PROBLEM = "in", "out", "note", "problem"
WORDS = {
    ("accepted", "in"): (IN, "Welcome, {}."),
    ("accepted", "out"): (OUT, "Goodbye, {}."),
    ("accepted", "break"): (OUT, "Enjoy your break, {}."),
    ("accepted", "resume"): (IN, "Welcome back, {}."),
    ("repeated", "in"): (NOTE, "You are in already, {}."),
    ("stray", "out"): (NOTE, "Goodbye, {}. Your arrival is missing: please have it added."),
}
OTHERWISE = {
    "duplicate": (NOTE, "You are noted already, {}."),
    "repeated": (NOTE, "You are noted already, {}."),
    "stray": (NOTE, "Noted, {}. Your arrival is missing: please have it added."),
    "unknown": (PROBLEM, "This card is not known. Please show it to the office."),
    "revoked": (PROBLEM, "This card is not valid any more. Please show it to the office."),
    "inactive": (PROBLEM, "You are not employed today, {}. Please ask the office."),
    "unsure": (NOTE, "Noted, but not when, {}. Please tell the office."),
    "captured": (NOTE, "The card was read."),
    "void": (NOTE, "Noted, {}."),
}


class Greeting(NamedTuple):
    """What is said; `seconds` were worked on the day, up to the punch."""

    punch_id: int
    kind: str  # in, out, note or problem
    words: str
    place: str = ""  # of the device
    at: datetime | None = None  # by the clock of where the person works
    seconds: int | None = None


class Here(NamedTuple):
    """Somebody who is there, and since when, by the clock of where they work."""

    name: str
    since: datetime


class Latest(NamedTuple):
    """One of the last punches, as a screen lists it."""

    at: datetime
    name: str
    label: str


class Present(NamedTuple):
    """Who is there: the number of all, and some of them, the last to come first."""

    number: int
    people: Sequence[Here]


def greet(punch_id: int) -> Greeting | None:
    """Say something about a punch; None, if nobody knows it or has ruled on it."""
    with transaction() as session:
        row = session.execute(queries.punch_to_greet(punch_id)).one_or_none()
        if row is None:
            return None
        kind, words = WORDS.get((row.outcome, row.direction)) or OTHERWISE.get(
            row.outcome, (NOTE, "Noted, {}.")
        )
        counts = row.employee_id is not None and row.outcome not in ("inactive", "unsure")
        seconds = _worked(session, row.employee_id, row.at) if counts else None
    return Greeting(
        punch_id=row.id,
        kind=kind,
        words=words.format(row.name or "you"),
        place=row.place,
        at=_local(row.at, row.time_zone or "UTC"),
        seconds=seconds,
    )


def look_who_is_in() -> Present:
    """Say who is there now: one question, for it is asked for every punch."""
    with transaction() as session:
        rows = session.execute(queries.who_is_in(datetime.now(UTC)).limit(SHOWN)).all()
    people = [Here(row.name, _local(row.begin_at, row.zone)) for row in rows]
    return Present(rows[0].number if rows else 0, people)


def look_at_latest() -> list[Latest]:
    """Say who came and went last."""
    since = datetime.now(UTC) - RECENT
    with transaction() as session:
        verdicts = session.scalars(queries.latest_punches(since, limit=LATEST)).all()
    return [_latest(one) for one in verdicts]


def _latest(verdict: PunchVerdict) -> Latest:
    employee = verdict.employee
    return Latest(
        _local(verdict.at, employee.time_zone if employee else "UTC"),
        employee.name if employee else "Nobody known",
        DIRECTIONS.get(verdict.direction, verdict.label),
    )


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def _worked(session: Session, employee_id: int, at: datetime) -> int:
    """How many seconds were worked on the day that a moment counts for, up to it."""
    whole = timedelta()
    for one in session.scalars(queries.sessions_of_day(employee_id, at)):
        if one.seconds is not None:
            whole += timedelta(seconds=one.seconds)
        else:
            whole += max(at - one.begin_at, timedelta()) - _breaks(one, at)
    return max(int(whole.total_seconds()), 0)


def _breaks(session: WorkSession, at: datetime) -> timedelta:
    pairs = [(datetime.fromisoformat(begin), end) for begin, end in session.breaks]
    ends = [datetime.fromisoformat(end) if end else at for _, end in pairs]
    taken = (end - begin for (begin, _), end in zip(pairs, ends, strict=True))
    return sum(taken, timedelta())
