"""Selects over what people punch with."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.attendance.models import Credential, FingerConsent


def credentials(employee_id: int) -> Select[Credential]:
    """What an employee punches with, the newest first."""
    return (
        select(Credential)
        .where(Credential.employee_id == employee_id)
        .order_by(Credential.id.desc())
    )


def credential(credential_id: int) -> Select[Credential]:
    """One of them, with its person."""
    return (
        select(Credential)
        .where(Credential.id == credential_id)
        .options(joinedload(Credential.employee))
    )


def valid_consent(employee_id: int) -> Select[FingerConsent]:
    """The consent of somebody to a fingerprint that is not withdrawn."""
    return select(FingerConsent).where(
        FingerConsent.employee_id == employee_id, FingerConsent.withdrawn_at.is_(None)
    )


def holder(credential_hash: str, *, at: datetime | None = None) -> Select[Credential]:
    """Whose a card is now, or was at a moment."""
    found = select(Credential).where(Credential.credential_hash == credential_hash)
    if at is None:
        found = found.where(Credential.valid_until.is_(None))
    else:
        found = found.where(Credential.valid_from <= at).where(
            Credential.valid_until.is_(None) | (Credential.valid_until > at)
        )
    return found.options(joinedload(Credential.employee))
