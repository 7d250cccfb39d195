"""Verdicts and sessions follow from punches: made anew from where something changed.

What begins before that stays as it is: the state of a person at the begin of a session is
known. So a late punch costs the days since, and a rebuild costs all of them, by the same way.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.models import Employee, WorkSession
from app.attendance.reckoning import sessions as reckoning
from app.attendance.reckoning.sessions import Derived, Limits, Mark, Shift
from app.attendance.reckoning.shifts import span_of
from app.attendance.services.locking import tell_of_late
from app.attendance.services.rows import write_rows
from app.attendance.services.staleness import mark_stale
from app.core.settings import setting

BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)
AT_ONCE = 500  # people of whom some days are made anew together: those of a whole batch
WITH_ALL = 200  # people of whom everything is
TWO_DAYS = timedelta(days=2)  # a shift may begin the day before, in any zone

COMPARED = (
    *("day", "zone", "shift_id", "planned_begin", "planned_end", "begin_key"),
    *("end_at", "end_key", "breaks", "break_seconds", "seconds", "closes_until"),
)

# Rows go as one JSON text: a statement for each would cost twenty times as much.
ROW = """jsonb_to_recordset(CAST(:rows AS jsonb)) AS row(
    id bigint, employee_id bigint, day date, zone text, shift_id bigint,
    planned_begin timestamptz, planned_end timestamptz, begin_at timestamptz, begin_key bigint,
    end_at timestamptz, end_key bigint, breaks jsonb, break_seconds bigint, seconds bigint,
    closes_until timestamptz)"""
NAMES = ", ".join(("employee_id", "begin_at", *COMPARED))
NEW_SESSIONS = f"INSERT INTO work_session ({NAMES}) SELECT {NAMES} FROM {ROW}"  # noqa: S608
CHANGED_SESSIONS = (
    f"UPDATE work_session SET {', '.join(f'{name} = row.{name}' for name in COMPARED)} "  # noqa: S608
    f"FROM {ROW} WHERE work_session.id = row.id"
)
RULINGS = """
INSERT INTO punch_verdict (punch_id, employee_id, at, outcome, direction)
SELECT punch_id, employee_id, at, outcome, direction
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS row(
    punch_id bigint, employee_id bigint, at timestamptz, outcome text, direction text)
ON CONFLICT (punch_id) DO UPDATE SET employee_id = excluded.employee_id,
    at = excluded.at, outcome = excluded.outcome, direction = excluded.direction
"""


class Changes(NamedTuple):
    """How many rows a derivation has written."""

    sessions: int = 0
    verdicts: int = 0

    def plus(self, other: "Changes") -> "Changes":
        """Add up."""
        return Changes(self.sessions + other.sessions, self.verdicts + other.verdicts)


class Ruling(NamedTuple):
    """What became of a punch, as it is kept."""

    employee_id: int | None
    at: datetime
    outcome: str
    direction: str = ""


class Taken(NamedTuple):
    """What somebody's punches and corrections come to, before it is reckoned."""

    marks: list[Mark]
    rulings: dict[int, Ruling]  # of punches that are no marks
    punch_of: dict[int, int]  # of a mark that a correction has moved


def rederive(
    session: Session, since: Mapping[int, datetime], *, at_once: int = AT_ONCE
) -> Changes:
    """Make anew what follows from the marks of some people, each since a moment.

    It belongs into the transaction of what has changed. People are locked in the order of
    their ids, so two changes at once follow each other.
    """
    changes = Changes()
    ids = sorted(since)
    for first in range(0, len(ids), at_once):
        part = {one: since[one] for one in ids[first : first + at_once]}
        changes = changes.plus(_rederived(session, part))
    return changes


def _rederived(session: Session, since: Mapping[int, datetime]) -> Changes:
    people = _locked(session, since)
    begins = _begins(session, since)
    limits = Limits(
        timedelta(seconds=setting("attendance_debounce")),
        timedelta(hours=setting("attendance_longest")),
    )
    taken = _taken(session, people, begins)
    shifts = _shifts(session, people, begins)
    found: dict[int, Derived] = {}
    for employee_id, employee in people.items():
        marks = taken[employee_id].marks
        found[employee_id] = reckoning.derive(
            marks, shifts[employee_id], limits=limits, zone=employee.time_zone
        )
    return Changes(
        _keep_sessions(session, begins, found), _keep_verdicts(session, taken, found)
    )


def _locked(session: Session, ids: Iterable[int]) -> dict[int, Any]:
    """Lock people against other derivations; what refers to them goes on."""
    asked = (
        select(Employee.id, Employee.time_zone, Employee.hire_date, Employee.leave_date)
        .where(Employee.id.in_(ids))
        .order_by(Employee.id)
        .with_for_update(key_share=True)
    )
    return {row.id: row for row in session.execute(asked)}


def _begins(session: Session, since: Mapping[int, datetime]) -> dict[int, datetime]:
    """Find where to begin: at the last session that begins before what has changed."""
    found = session.execute(queries.anchors(since))
    known = {employee_id: begin for employee_id, begin in found if begin is not None}
    return {one: known.get(one, BEGINNING) for one in since}


def _taken(
    session: Session, people: Mapping[int, Any], begins: Mapping[int, datetime]
) -> dict[int, Taken]:
    """Read punches and corrections, and tell marks from what does not count."""
    taken = {one: Taken([], {}, {}) for one in people}
    corrections = session.execute(queries.approved_corrections(people)).all()
    for row in corrections:
        _correct(taken[row.employee_id], row, begins[row.employee_id])
    corrected = {row.punch_id for row in corrections}
    for row in session.execute(queries.marks(begins)):
        if row.id in corrected:
            continue
        mine = taken[row.employee_id]
        outcome = _outcome(row, people[row.employee_id])
        if outcome:
            mine.rulings[row.id] = Ruling(row.employee_id, row.at, outcome)
        else:
            mine.marks.append(Mark(row.at, row.id, row.intent, row.time_zone))
    return taken


def _correct(mine: Taken, row: Any, begin: datetime) -> None:
    """Take a correction: a punch that counts no more, or a mark of its own."""
    if row.at is None:
        mine.rulings[row.punch_id] = Ruling(row.employee_id, row.punch_at, "void")
    elif row.at >= begin:
        intent = row.direction or row.intent or ""
        mine.marks.append(Mark(row.at, -row.id, intent, row.time_zone or ""))
        if row.punch_id is not None:
            mine.punch_of[-row.id] = row.punch_id


def _outcome(row: Any, person: Any) -> str:
    """Say why a punch is no mark; empty if it is one."""
    if row.capture_id is not None:
        return "captured"
    day = row.at.date()
    if person.hire_date + TWO_DAYS <= day and person.leave_date is None:
        return ""  # in whatever zone
    day = row.at.astimezone(ZoneInfo(row.time_zone or person.time_zone)).date()
    is_employed = person.hire_date <= day and (
        person.leave_date is None or day <= person.leave_date
    )
    return "" if is_employed else "inactive"


def _shifts(
    session: Session, people: Mapping[int, Any], begins: Mapping[int, datetime]
) -> dict[int, list[Shift]]:
    """Read who is down for which shift, in the order of their begin."""
    found: dict[int, list[Shift]] = defaultdict(list)
    first = min(begins.values()).date() - TWO_DAYS
    for row in session.execute(queries.roster_since(people, first)):
        zone = people[row.employee_id].time_zone
        begin, end = span_of(row.day, row.begins, row.ends, zone)
        early = timedelta(minutes=row.early_minutes)
        late = timedelta(minutes=row.late_minutes)
        shift = Shift(row.shift_id, row.day, begin, end, early, late, zone)
        found[row.employee_id].append(shift)
    for shifts in found.values():
        shifts.sort(key=lambda shift: shift.begin)
    return found


def _keep_sessions(
    session: Session, begins: Mapping[int, datetime], found: Mapping[int, Derived]
) -> int:
    """Write what differs, so that a session that stays as it was keeps its id."""
    known = {
        (row.employee_id, row.begin_at): row
        for row in session.execute(queries.sessions_since(begins))
    }
    wanted = {
        (employee_id, one.begin): _row(employee_id, one)
        for employee_id, derived in found.items()
        for one in derived.sessions
    }
    gone = [row.id for key, row in known.items() if key not in wanted]
    new = [values for key, values in wanted.items() if key not in known]
    changed = [
        {"id": known[key].id, **values}
        for key, values in wanted.items()
        if key in known and _differs(known[key], values)
    ]
    if gone:
        session.execute(delete(WorkSession).where(WorkSession.id.in_(gone)))
    write_rows(session, CHANGED_SESSIONS, changed)
    write_rows(session, NEW_SESSIONS, new)
    _mark_days(session, known, [*changed, *new], gone)
    return len(gone) + len(changed) + len(new)


def _mark_days(
    session: Session,
    known: Mapping[Any, Any],
    written: Sequence[Mapping[str, Any]],
    gone: Collection[int],
) -> None:
    """Let the time accounts be derived again from the first day that is another than before.

    Where days are locked, those who have paid them are told.
    """
    written_ids = {values.get("id") for values in written} | {*gone}
    before = [(row.employee_id, row.day) for row in known.values() if row.id in written_ids]
    since: dict[int, date] = {}
    for employee_id, day in [*before, *((one["employee_id"], one["day"]) for one in written)]:
        since[employee_id] = min(since.get(employee_id, day), day)
    mark_stale(session, since, is_locked=True)
    tell_of_late(session, since.values())


def _row(employee_id: int, one: reckoning.Session) -> dict[str, Any]:
    worked = one.worked
    breaks = [
        [begin.isoformat(), end.isoformat() if end else None] for begin, end in one.breaks
    ]
    return {
        "employee_id": employee_id,
        "day": one.day,
        "zone": one.zone,
        "shift_id": one.shift.shift_id if one.shift else None,
        "planned_begin": one.shift.begin if one.shift else None,
        "planned_end": one.shift.end if one.shift else None,
        "begin_at": one.begin,
        "begin_key": one.begin_key,
        "end_at": one.end,
        "end_key": one.end_key,
        "breaks": breaks,
        "break_seconds": round(one.break_time.total_seconds()),
        "seconds": None if worked is None else round(worked.total_seconds()),
        "closes_until": one.closes_until,
    }


def _differs(row: Any, values: Mapping[str, Any]) -> bool:
    return any(getattr(row, name) != values[name] for name in COMPARED if name != "breaks") or (
        _moments(row.breaks) != _moments(values["breaks"])
    )


def _moments(breaks: Sequence[Sequence[str | None]]) -> list[list[datetime | None]]:
    return [[datetime.fromisoformat(one) if one else None for one in pair] for pair in breaks]


def _keep_verdicts(
    session: Session, taken: Mapping[int, Taken], found: Mapping[int, Derived]
) -> int:
    wanted: dict[int, Ruling] = {}
    for employee_id, mine in taken.items():
        wanted |= mine.rulings
        moments = {mark.key: mark.at for mark in mine.marks}
        for one in found[employee_id].verdicts:
            punch_id = mine.punch_of.get(one.key, one.key)
            if punch_id > 0:
                wanted[punch_id] = Ruling(
                    employee_id, moments[one.key], one.outcome, one.direction
                )
    return keep_rulings(session, wanted)


def keep_rulings(session: Session, wanted: Mapping[int, Ruling]) -> int:
    """Write what became of punches, as far as it is not so already; give how many."""
    if not wanted:
        return 0
    known = {
        row.punch_id: Ruling(row.employee_id, row.at, row.outcome, row.direction)
        for row in session.execute(queries.rulings(wanted))
    }
    new = [
        {"punch_id": punch_id, **ruling._asdict()}
        for punch_id, ruling in wanted.items()
        if known.get(punch_id) != ruling
    ]
    write_rows(session, RULINGS, new)
    return len(new)


def derive_punches(session: Session, punch_ids: Collection[int]) -> Changes:
    """Rule on some punches, and make anew what follows from them for their people."""
    since, rulings = _owned(session, punch_ids)
    changes = Changes(verdicts=keep_rulings(session, rulings))
    return changes.plus(rederive(session, since))


def _owned(
    session: Session, punch_ids: Collection[int]
) -> tuple[dict[int, datetime], dict[int, Ruling]]:
    """Give the people whose punches some are, each with the first; rule on all others.

    Nobody's are cards that are unknown, or were nobody's at that time.
    """
    since: dict[int, datetime] = {}
    rulings: dict[int, Ruling] = {}
    for row in session.execute(queries.owners(punch_ids)):
        if row.is_unsure:
            if not row.is_corrected:
                rulings[row.id] = Ruling(row.employee_id, row.at, "unsure")
        elif row.employee_id is not None:
            since[row.employee_id] = min(since.get(row.employee_id, row.at), row.at)
        elif row.capture_id is not None:
            rulings[row.id] = Ruling(None, row.at, "captured")
        else:
            rulings[row.id] = Ruling(None, row.at, "revoked" if row.was_known else "unknown")
    return since, rulings


def rebuild(session: Session) -> Changes:
    """Make everything anew; what is as it was is not written. It tells what was not."""
    ids = session.scalars(select(Employee.id).order_by(Employee.id)).all()
    changes = rederive(session, dict.fromkeys(ids, BEGINNING), at_once=WITH_ALL)
    strays = session.scalars(queries.ownerless_punches()).all()
    return changes.plus(derive_punches(session, strays))
