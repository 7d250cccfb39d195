"""Punches are corrected beside what was punched, with a reason and somebody's approval."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.attendance import queries
from app.attendance.errors import NotAllowed
from app.attendance.events import AttendanceChanged
from app.attendance.models import Correction, Employee, Punch, PunchVerdict
from app.attendance.services.deriving import rederive
from app.attendance.services.locking import ensure_open
from app.core.actors import current_actor_id
from app.core.checks import Rule, checked, needed
from app.core.db import locked, transaction
from app.core.errors import Invalid
from app.core.events import publish
from app.core.texts import parse_line

RULES: dict[str, Rule] = {"reason": needed(parse_line), "answer": parse_line}


def request_correction(
    employee_id: int,
    *,
    kind: str,
    reason: str,
    at: datetime | None = None,
    punch_id: int | None = None,
    direction: str = "",
) -> Correction:
    """Ask for a punch to be added, taken out, or given another time.

    Raises:
        Invalid: Something is missing, or is in the future.
        NotAllowed: The punch is somebody else's, or is being corrected already.
        PeriodLocked: Its day is locked.
    """
    with transaction() as session:
        kept = checked({"reason": reason}, RULES)
        correction = Correction(
            employee_id=employee_id,
            kind=kind,
            at=None if kind == "void" else at,
            punch_id=None if kind == "add" else punch_id,
            direction=direction if kind == "add" else "",
            requested_by_id=current_actor_id(),
            **kept,
        )
        _refuse_unfit(session, correction)
        session.add(correction)
    return correction


def correct_punch(employee_id: int, **values: Any) -> Correction:
    """Correct at once, for whoever may approve: asked for and approved in one."""
    with transaction():
        correction = request_correction(employee_id, **values)
        return approve_correction(correction.id)


def approve_correction(correction_id: int, *, answer: str = "") -> Correction:
    """Let a correction count; what follows from it is made anew.

    Raises:
        NotAllowed: It waits for approval no more.
        PeriodLocked: Its day is locked.
    """
    with transaction() as session:
        correction = _decided(session, correction_id, "approved", answer)
        begin = _begin(session, correction)
        ensure_open(session, correction.employee_id, begin)
        rederive(session, {correction.employee_id: begin})
        ensure_open(session, correction.employee_id, begin)  # of the night that it is now of
        publish(AttendanceChanged(employees=1))
    return correction


def reject_correction(correction_id: int, *, answer: str = "") -> Correction:
    """Let a correction not count.

    Raises:
        NotAllowed: It waits for approval no more.
    """
    with transaction() as session:
        return _decided(session, correction_id, "rejected", answer)


def withdraw_correction(correction_id: int) -> Correction:
    """Ask for it no more.

    Raises:
        NotAllowed: It waits for approval no more.
    """
    with transaction() as session:
        correction = _waiting(session, correction_id)
        correction.revise(version=None, state="withdrawn")
    return correction


def _decided(session: Session, correction_id: int, state: str, answer: str) -> Correction:
    correction = _waiting(session, correction_id)
    correction.revise(
        version=None,
        state=state,
        decided_by_id=current_actor_id(),
        decided_at=datetime.now(UTC),
        **checked({"answer": answer}, RULES),
    )
    session.flush()
    return correction


def _waiting(session: Session, correction_id: int) -> Correction:
    found = select(Correction).where(Correction.id == correction_id)
    correction = session.scalars(locked(found, Correction)).one()
    if correction.state != "requested":
        raise NotAllowed("This correction waits for approval no more.")
    return correction


def _begin(session: Session, correction: Correction) -> datetime:
    """From when it makes a difference: the time that counted, or the one that will."""
    moments = [correction.at] if correction.at else []
    if correction.punch_id is not None:
        punch = select(Punch.at).where(Punch.id == correction.punch_id)
        moments.append(session.scalars(punch).one())
    return min(moments)


def _refuse_unfit(session: Session, correction: Correction) -> None:
    employee = session.scalars(queries.employee(correction.employee_id)).one_or_none()
    if employee is None:
        raise Invalid("employee_id", "There is no such employee.")
    if correction.kind != "void" and correction.at is None:
        raise Invalid("at", "When was it?")
    if correction.at is not None and correction.at > datetime.now(UTC):
        raise Invalid("at", "This is in the future.")
    if correction.kind == "add":
        if not correction.direction:
            raise Invalid("direction", "Was it in or out?")
    else:
        _refuse_punch(session, correction, employee)
    ensure_open(session, correction.employee_id, _begin(session, correction))


def _refuse_punch(session: Session, correction: Correction, employee: Employee) -> None:
    if correction.punch_id is None:
        raise Invalid("punch_id", "Which punch is it?")
    owner = select(PunchVerdict.employee_id).where(PunchVerdict.punch_id == correction.punch_id)
    if session.scalar(owner) != employee.id:
        raise Invalid("punch_id", f"This is no punch of {employee.name}.")
    if session.scalars(queries.corrections_of(correction.punch_id).limit(1)).first():
        raise NotAllowed("This punch is being corrected already.")
