"""Selects over corrections of punches."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, select
from sqlalchemy.orm import joinedload

from app.attendance.models import Correction, WorkSession

CORRECTION_SORTS: Mapping[str, SQLColumnExpression[Any]] = {"id": Correction.id}


def corrections(*, state: str = "", employee_id: int | None = None) -> Select[Correction]:
    """Corrections that the filters let through, with whom they are about."""
    found = select(Correction).options(
        joinedload(Correction.employee),
        joinedload(Correction.punch),
        joinedload(Correction.requested_by),
        joinedload(Correction.decided_by),
    )
    if state:
        found = found.where(Correction.state == state)
    if employee_id is not None:
        found = found.where(Correction.employee_id == employee_id)
    return found


def correction(correction_id: int) -> Select[Correction]:
    """One correction."""
    return corrections().where(Correction.id == correction_id)


def ends_asked_for() -> Select[int]:
    """Ends of a session that somebody has asked for, and nobody has decided about."""
    return select(Correction.id).where(
        Correction.employee_id == WorkSession.employee_id,
        Correction.state == "requested",
        Correction.direction == "out",
        Correction.at.between(WorkSession.begin_at, WorkSession.closes_until),
    )


def corrections_of(punch_id: int) -> Select[int]:
    """Corrections of a punch that count or wait."""
    return select(Correction.id).where(
        Correction.punch_id == punch_id, Correction.state.in_(("requested", "approved"))
    )
