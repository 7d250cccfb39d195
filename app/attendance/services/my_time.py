"""What an employee who is a user does about their own time."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.errors import NotAllowed
from app.attendance.models import (
    Absence,
    Correction,
    Employee,
    Punch,
    ShiftSwap,
    WorkSession,
)
from app.attendance.services.absences import request_absence, withdraw_absence
from app.attendance.services.correcting import request_correction
from app.attendance.services.devices import web_device
from app.attendance.services.punching import punch_by_hand
from app.attendance.services.reading import read_workdays
from app.attendance.services.swaps import (
    accept_swap,
    decline_swap,
    request_swap,
    withdraw_swap,
)
from app.attendance.services.timesheets import FIRST_LAST
from app.core.db import transaction
from app.core.settings import setting
from app.core.texts import parse_line

REMINDED = timedelta(days=14)  # a session forgotten longer ago is asked for no more


def my_employee(user_id: int) -> Employee | None:
    """Give the employee that a user is, if they are one."""
    with transaction() as session:
        return session.scalars(queries.employee_of_user(user_id)).one_or_none()


def users_of(punch_ids: Collection[int]) -> Sequence[int]:
    """Give the users who are the people of some punches."""
    query = (
        select(Employee.user_id)
        .join(Punch, Punch.employee_id == Employee.id)
        .where(Punch.id.in_(punch_ids))
        .distinct()
    )
    with transaction() as session:
        return [one for one in session.scalars(query) if one is not None]


def punch_from_web(user_id: int, *, intent: str = "", note: str = "") -> Punch:
    """Punch for oneself, by our clock.

    Raises:
        NotAllowed: The company does not let people punch from the web, or the user is no
            employee, or not employed today.
    """
    if not setting("attendance_web_punches"):
        raise NotAllowed("Punching from the web is switched off.")
    with transaction() as session:
        employee = _mine(session, user_id)
        if not employee.is_employed_on(employee.today):
            raise NotAllowed("You are not employed today.")
        device = web_device(session)
        if not device.is_active:
            raise NotAllowed("Punching from the web is switched off.")
        return punch_by_hand(
            session, device, employee.id, kind="web", intent=intent, note=parse_line(note)
        )


def request_my_correction(
    user_id: int, *, at: datetime, direction: str, reason: str
) -> Correction:
    """Ask for a punch of one's own that is missing."""
    with transaction() as session:
        employee = _mine(session, user_id)
        return request_correction(
            employee.id, kind="add", at=at, direction=direction, reason=reason
        )


def request_my_absence(user_id: int, **values: Any) -> Absence:
    """Ask to be away; `values` are those of `request_absence`."""
    with transaction() as session:
        return request_absence(_mine(session, user_id).id, **values)


def withdraw_my_absence(user_id: int, absence_id: int) -> Absence:
    """Take a request of one's own back, while it waits.

    Raises:
        NotAllowed: It is somebody else's, or it is decided.
    """
    with transaction() as session:
        employee = _mine(session, user_id)
        absence = session.scalars(queries.absence(absence_id)).one_or_none()
        if absence is None or absence.employee_id != employee.id:
            raise NotAllowed("This is no absence of yours.")
        if absence.state != "requested":
            raise NotAllowed("It is decided already: ask whoever decided it.")
        return withdraw_absence(absence_id)


def request_my_swap(user_id: int, **values: Any) -> ShiftSwap:
    """Ask a colleague to take a shift; `values` are those of `request_swap`."""
    with transaction() as session:
        return request_swap(_mine(session, user_id).id, **values)


def accept_my_swap(user_id: int, swap_id: int, **values: Any) -> ShiftSwap:
    """Take a colleague's shift; `values` are those of `accept_swap`."""
    with transaction() as session:
        return accept_swap(swap_id, _mine(session, user_id).id, **values)


def decline_my_swap(user_id: int, swap_id: int) -> ShiftSwap:
    """Say no to a colleague."""
    with transaction() as session:
        return decline_swap(swap_id, _mine(session, user_id).id)


def withdraw_my_swap(user_id: int, swap_id: int) -> ShiftSwap:
    """Take a request of one's own back, while it is not decided."""
    with transaction() as session:
        return withdraw_swap(swap_id, _mine(session, user_id).id)


def my_forgotten(employee_id: int) -> WorkSession | None:
    """Give the last session that somebody forgot to end, and has not said since when it ended.

    None if that is long ago.
    """
    now = datetime.now(UTC)
    with transaction() as session:
        found = queries.forgotten(now).where(
            WorkSession.employee_id == employee_id,
            WorkSession.begin_at > now - REMINDED,
            ~queries.ends_asked_for().exists(),
        )
        last = session.scalars(found.limit(1)).first()
        if last is None or _has_an_end(session, last):
            return None
        return last


def _has_an_end(session: Session, last: WorkSession) -> bool:
    """Tell whether a day counts from its first in to its last out, and has both."""
    workdays = read_workdays(session, [last.employee_id], last.day, last.day)
    rules = workdays[last.employee_id].terms_on(last.day).rules
    if rules.pairing != FIRST_LAST:
        return False
    others = queries.sessions(employee_id=last.employee_id, first=last.day, last=last.day)
    return session.scalars(others.where(WorkSession.end_at.is_not(None))).first() is not None


def my_open_session(employee_id: int) -> WorkSession | None:
    """Give the session that somebody is at work in."""
    with transaction() as session:
        found = queries.present(datetime.now(UTC)).where(WorkSession.employee_id == employee_id)
        return session.scalars(found.limit(1)).first()


def _mine(session: Session, user_id: int) -> Employee:
    employee = session.scalars(queries.employee_of_user(user_id)).one_or_none()
    if employee is None:
        raise NotAllowed("You are not an employee here: ask whoever keeps employees.")
    return employee
