"""Time that need not be kept any more is forgotten, and with the last of it whoever left.

Punches and what follows from them are deleted, from the begin of a session on: what began
before that is known from nothing then, and a rebuild changes nothing: the days of time accounts
stay as they are. Of somebody who left, and of whom no time is left, only a nameless row stays.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Delete, insert
from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.models import Employee
from app.attendance.queries import retention
from app.attendance.reckoning.retention import (
    LONGEST_FLOOR,
    begin_of,
    forgotten_before,
    months_before,
)
from app.attendance.services.account_days import keep_days_before, refresh_accounts
from app.attendance.services.enrolling import end_credential
from app.attendance.services.fingers import forget_finger
from app.core.actors import current_actor
from app.core.audit import AuditEntry
from app.core.db import transaction
from app.core.settings import setting

RETENTION = "attendance_retention"  # the kind of record that the audit tells of
AT_ONCE = 50  # people, each with some years, in one unit of work
STRAYS = 5000  # punches of nobody in one unit of work
GUESSES = timedelta(days=30)
Counts = Counter[str]


def forget_old_time(today: date | None = None) -> dict[str, int]:
    """Forget what need not be kept any more, and say how much of what that was.

    It can be run again: what it has forgotten is gone. At 0 months nothing is forgotten.
    """
    months, today = int(setting("attendance_keep_months")), today or datetime.now(UTC).date()
    if not months:
        return {}
    counts: Counts = Counter()
    with transaction() as session:
        people = session.execute(retention.people_to_weigh()).all()
    before = {one.id: forgotten_before(today, months, one.country) for one in people}
    left = {one.id for one in people if one.leave_date and one.leave_date < before[one.id]}
    ids = [*before]
    for first in range(0, len(ids), AT_ONCE):
        part = {one: before[one] for one in ids[first : first + AT_ONCE]}
        counts += _forget_people(part, left & part.keys())
    counts += _forget_strays(months_before(today, max(months, LONGEST_FLOOR)))
    return dict(counts)


def _forget_people(before: Mapping[int, date], left: Collection[int]) -> Counts:
    """Forget the old time of some people, in one unit of work, with its line in the audit."""
    refresh_accounts(before.keys())
    with transaction() as session:
        session.execute(retention.LET)
        since = _since(session, before, left)
        keep_days_before(session, before)
        counts = _without_punches(session, session.scalars(retention.old_punches(since)).all())
        counts += _done(session, retention.without_old_time(since))
        counts += _forget_left(session, left)
        session.execute(retention.HELD)
        _tell(session, counts)
    return counts


def _since(
    session: Session, before: Mapping[int, date], left: Collection[int]
) -> dict[int, datetime]:
    """From when on something is kept: the last session that begins before that stays whole."""
    since = {one: begin_of(day) for one, day in before.items()}
    anchors: dict[int, datetime | None] = dict(session.execute(queries.anchors(since)).all())
    return {
        one: moment if one in left else anchors[one] or moment for one, moment in since.items()
    }


def _without_punches(session: Session, punch_ids: Collection[int]) -> Counts:
    counts = _done(session, retention.without_punches(punch_ids)) if punch_ids else Counter()
    return Counter({name: counts[name] for name in ("punches", "corrections") if counts[name]})


def _done(session: Session, statements: Mapping[str, Delete]) -> Counts:
    """Delete, with what the history tells of it, and count."""
    counts: Counts = Counter()
    for name, statement in statements.items():
        table: Any = statement.table
        # Records in memory are none that anybody goes on with.
        deleting = statement.execution_options(synchronize_session=False)
        ids = session.scalars(deleting.returning(table.c.id)).all()
        counts[name] = len(ids)
        if ids and table.name in retention.AUDITED:
            session.execute(retention.entries_of(table.name, ids))
    return +counts


def _forget_left(session: Session, left: Collection[int]) -> Counts:
    """Make people nobody who left, and of whom no time is kept any more.

    Whoever has a finger in a sensor waits: it has to say first that it has forgotten it.
    """
    ids = {*session.scalars(retention.people_to_forget(left))}
    waiting = _ask_sensors(session, ids)
    ids -= waiting
    counts: Counts = Counter(waiting=len(waiting)) if waiting else Counter()
    if not ids:
        return counts
    session.execute(retention.entries_of(Employee.__tablename__, ids))
    session.execute(retention.nameless_captures(ids))
    counts += _done(session, retention.without_what_is_theirs(ids))
    photos = session.scalars(retention.photos_of(ids)).all()
    now = datetime.now(UTC)
    for employee_id in sorted(ids):
        session.execute(retention.nameless(employee_id, now=now))
    counts += _done(session, {"photos": retention.without_photos(photos)})
    counts["people"] += len(ids)
    return counts


def _ask_sensors(session: Session, employee_ids: Collection[int]) -> set[int]:
    """Have fingers forgotten that still are in a sensor; give whose they are."""
    waiting = set()
    for finger in session.scalars(retention.fingers_in_sensors(employee_ids)).all():
        waiting.add(finger.employee_id)
        if finger.valid_until is None:
            end_credential(finger.id, reason="left")
        if session.scalar(retention.is_asked_to_forget(finger.id)) is None:
            forget_finger(session, finger)
    return waiting


def _forget_strays(day: date) -> Counts:
    """Forget what is nobody's: unknown cards, files for payroll, wrong PINs."""
    counts: Counts = Counter()
    found = retention.old_punches_of_nobody(begin_of(day), limit=STRAYS)
    while True:
        with transaction() as session:
            session.execute(retention.LET)
            part = _without_punches(session, session.scalars(found).all())
            session.execute(retention.HELD)
            _tell(session, part)
        counts += part
        if not part:
            break
    with transaction() as session:
        exports = _done(session, {"exports": retention.without_old_exports(day)})
        _tell(session, exports)
        session.execute(retention.without_old_guesses(datetime.now(UTC) - GUESSES))
    return counts + exports


def _tell(session: Session, counts: Counts) -> None:
    """Say in the audit how much of what is gone."""
    if not counts.keys() - {"waiting"}:
        return
    actor = current_actor()
    entry: dict[str, Any] = {
        "record_type": RETENTION,
        "record_id": 0,
        "label": "Old time at work",
        "action": "deleted",
        "actor_id": actor.id,
        "actor": actor.name,
        "address": actor.address,
        "changes": {name: [str(number), ""] for name, number in sorted(counts.items())},
    }
    session.execute(insert(AuditEntry), [entry])


def kept_since(employee: Employee, today: date) -> date | None:
    """Give the first day of which something is kept; None while all of it is."""
    months = int(setting("attendance_keep_months"))
    return forgotten_before(today, months, employee.country) if months else None
