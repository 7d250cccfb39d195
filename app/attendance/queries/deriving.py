"""Selects that sessions and verdicts are derived from, for many people at once."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Select,
    case,
    cast,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from app.attendance.models import (
    Correction,
    Credential,
    Device,
    Punch,
    PunchVerdict,
    RosterEntry,
    Shift,
    WorkSession,
)

MOMENT = DateTime(timezone=True)
FOR_GOOD = cast(literal("infinity"), MOMENT)
# When a card has to be somebody's for a punch to be theirs: an unbelievable time says nothing.
BELIEVED = case((Punch.is_unsure, Punch.received_at), else_=Punch.at)


def asked_people(since: Mapping[int, datetime]) -> Any:
    """People, each with a moment, as a table."""
    ids = cast(literal([*since]), ARRAY(BigInteger))
    moments = cast(literal([*since.values()]), ARRAY(MOMENT))
    return (
        func.unnest(ids, moments)
        .table_valued(column("employee_id", BigInteger), column("since", MOMENT))
        .render_derived(name="asked")
    )


def anchors(since: Mapping[int, datetime]) -> Select[Any]:
    """Of each person the begin of the last session that begins before a moment."""
    asked = asked_people(since)
    last = (
        select(func.max(WorkSession.begin_at))
        .where(
            WorkSession.employee_id == asked.c.employee_id,
            WorkSession.begin_at < asked.c.since,
        )
        .scalar_subquery()
    )
    return select(asked.c.employee_id, last)


def marks(since: Mapping[int, datetime]) -> Any:
    """The punches of some people, each since a moment: by their own word or by a credential.

    Those whose time is not believed are left out: no moment says where they belong.
    """
    asked = asked_people(since)
    columns = (
        asked.c.employee_id,
        Punch.id,
        Punch.at,
        Punch.intent,
        Punch.capture_id,
        Device.time_zone,
    )
    own = (
        select(*columns)
        .join(
            Punch,
            (Punch.employee_id == asked.c.employee_id)
            & (Punch.at >= asked.c.since)
            & ~Punch.is_unsure,
        )
        .join(Device, Device.id == Punch.device_id)
    )
    by_credential = (
        select(*columns)
        .join(Credential, Credential.employee_id == asked.c.employee_id)
        .join(
            Punch,
            (Punch.credential_hash == Credential.credential_hash)
            & (Punch.at >= func.greatest(asked.c.since, Credential.valid_from))
            & (Punch.at < func.coalesce(Credential.valid_until, FOR_GOOD))
            & ~Punch.is_unsure,
        )
        .join(Device, Device.id == Punch.device_id)
    )
    return union_all(own, by_credential)


def approved_corrections(employee_ids: Iterable[int]) -> Any:
    """Corrections that count, with the punches that they are about."""
    return (
        select(
            Correction.id,
            Correction.employee_id,
            Correction.punch_id,
            Correction.at,
            Correction.direction,
            Punch.at.label("punch_at"),
            Punch.intent,
            Device.time_zone,
        )
        .outerjoin(Punch, Punch.id == Correction.punch_id)
        .outerjoin(Device, Device.id == Punch.device_id)
        .where(Correction.employee_id.in_([*employee_ids]), Correction.state == "approved")
    )


def roster_since(employee_ids: Iterable[int], first: date) -> Any:
    """Who is down for which shift from a day on, with the hours of the shift."""
    return (
        select(
            RosterEntry.employee_id,
            RosterEntry.day,
            RosterEntry.shift_id,
            Shift.begins,
            Shift.ends,
            Shift.early_minutes,
            Shift.late_minutes,
        )
        .join(Shift, Shift.id == RosterEntry.shift_id)
        .where(RosterEntry.employee_id.in_([*employee_ids]), RosterEntry.day >= first)
    )


def sessions_since(since: Mapping[int, datetime]) -> Select[Any]:
    """The sessions of some people as they are kept, each since a moment."""
    asked = asked_people(since)
    return select(*WorkSession.__table__.c).join(
        asked,
        (asked.c.employee_id == WorkSession.employee_id)
        & (WorkSession.begin_at >= asked.c.since),
    )


def rulings(punch_ids: Collection[int]) -> Any:
    """What became of some punches, as it is kept."""
    ids = cast(literal([*punch_ids]), ARRAY(BigInteger))
    return select(
        PunchVerdict.punch_id,
        PunchVerdict.employee_id,
        PunchVerdict.at,
        PunchVerdict.outcome,
        PunchVerdict.direction,
    ).where(PunchVerdict.punch_id == func.any(ids))


def owners(punch_ids: Collection[int]) -> Any:
    """Whose some punches are; of nobody's, whether their credential was ever somebody's."""
    ids = cast(literal([*punch_ids]), ARRAY(BigInteger))
    is_its = Credential.credential_hash == Punch.credential_hash
    ever = aliased(Credential)
    is_corrected = exists(
        select(Correction.id)
        .where(Correction.punch_id == Punch.id, Correction.state == "approved")
        .correlate(Punch)
    )
    was_known = exists(
        select(ever.id).where(ever.credential_hash == Punch.credential_hash).correlate(Punch)
    )
    return (
        select(
            Punch.id,
            Punch.at,
            Punch.capture_id,
            Punch.is_unsure,
            func.coalesce(Punch.employee_id, Credential.employee_id).label("employee_id"),
            was_known.label("was_known"),
            is_corrected.label("is_corrected"),
        )
        .outerjoin(Credential, is_its & _is_valid_at(BELIEVED))
        .where(Punch.id == func.any(ids))
    )


def _is_valid_at(moment: Any) -> Any:
    is_over = or_(Credential.valid_until.is_(None), moment < Credential.valid_until)
    return (moment >= Credential.valid_from) & is_over


def ownerless_punches() -> Select[int]:
    """Punches that no person has, now, and those whose time is not believed."""
    is_its = Credential.credential_hash == Punch.credential_hash
    theirs = select(Credential.id).where(is_its, _is_valid_at(Punch.at)).correlate(Punch)
    is_nobodys = Punch.employee_id.is_(None) & ~exists(theirs)
    return select(Punch.id).where(is_nobodys | Punch.is_unsure)
