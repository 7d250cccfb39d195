"""Punches as they came, whose they are, and what became of them.

Punches are never edited: a trigger refuses it. Verdicts and sessions follow from them, from
credentials, corrections and rosters, and can be thrown away and made again.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.attendance.models.devices import Capture, Device, Reader
from app.attendance.models.employees import Employee
from app.core.audit import Audited
from app.core.db import Model
from app.core.versions import Versioned

PUNCH_KINDS = {"card": "Card", "finger": "Fingerprint", "pin": "PIN", "web": "Web"}
INTENTS = ("", "in", "out", "break", "resume")
DIRECTIONS = {"in": "In", "out": "Out", "break": "Break", "resume": "Back from break"}
VERDICTS = {
    "accepted": "Counts",
    "duplicate": "Twice within a minute",
    "repeated": "Said again",
    "stray": "Out without in",
    "unknown": "Unknown card",
    "unsure": "Time not believed",
    "inactive": "Not employed then",
    "revoked": "Card not valid then",
    "captured": "Taken for enrolment",
    "void": "Taken out by a correction",
}


class Credential(Audited, Versioned, Model):
    """What somebody punches with; of a card only a keyed hash is kept.

    One card is one person's at a time. `valid_from` may lie before it was assigned: then
    what was punched with it since counts for them.
    """

    __tablename__ = "credential"
    __table_args__ = (
        ExcludeConstraint(
            (text("credential_hash"), "="),
            (text("tstzrange(valid_from, valid_until)"), "&&"),
            name="ex_credential_one_person",
            using="gist",
        ),
        Index("ix_credential_employee_id", "employee_id"),
        Index("ix_credential_hash", "credential_hash", "valid_from"),
        CheckConstraint("kind IN ('card', 'finger')", "kind"),
        CheckConstraint("end_reason IN ('', 'lost', 'revoked', 'left')", "end_reason"),
        CheckConstraint("(valid_until IS NULL) = (end_reason = '')", "ended"),
        CheckConstraint("(kind = 'finger') = (reader_id IS NOT NULL)", "reader"),
        CheckConstraint("(kind = 'finger') = (slot IS NOT NULL)", "slot"),
    )
    unaudited = frozenset({"credential_hash"})

    employee_id: Mapped[int] = mapped_column(ForeignKey(Employee.id))
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(server_default="", default="")
    credential_hash: Mapped[str]
    reader_id: Mapped[int | None] = mapped_column(ForeignKey(Reader.id))
    slot: Mapped[int | None]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(server_default="", default="")
    is_template_deleted: Mapped[bool] = mapped_column(server_default="false", default=False)

    employee: Mapped[Employee] = relationship(lazy="raise")
    reader: Mapped[Reader | None] = relationship(lazy="raise")

    def __str__(self) -> str:
        return self.name or PUNCH_KINDS[self.kind]


class Punch(Model):
    """One punch as a device sent it: never changed, never deleted but by retention.

    `at` is when it was made, `device_time` what the device's clock said. Of a card only its
    hash is here. `employee_id` is whose it is where the device knew that: PIN and web.
    """

    __tablename__ = "punch"
    __table_args__ = (
        Index("uq_punch_key", "device_id", "boot_id", "device_seq", unique=True),
        Index("ix_punch_at", "at", "id"),
        Index("ix_punch_credential", "credential_hash", "at"),
        Index(
            "ix_punch_employee",
            "employee_id",
            "at",
            postgresql_where=text("employee_id IS NOT NULL"),
        ),
        CheckConstraint(f"kind IN {tuple(PUNCH_KINDS)}", "kind"),
        CheckConstraint(f"intent IN {INTENTS}", "intent"),
        CheckConstraint("(credential_hash <> '') <> (employee_id IS NOT NULL)", "whose"),
        CheckConstraint("device_seq >= 1", "device_seq"),
    )

    device_id: Mapped[int] = mapped_column(ForeignKey(Device.id))
    boot_id: Mapped[str]
    device_seq: Mapped[int]
    reader_id: Mapped[int | None] = mapped_column(ForeignKey(Reader.id))
    kind: Mapped[str]
    credential_hash: Mapped[str] = mapped_column(server_default="", default="")
    employee_id: Mapped[int | None] = mapped_column(ForeignKey(Employee.id))
    at: Mapped[datetime]
    device_time: Mapped[datetime]
    device_offset: Mapped[int]  # minutes east of UTC, as the device said
    received_at: Mapped[datetime]
    clock_skew: Mapped[Decimal | None]  # seconds that the device's clock was ahead
    is_unsure: Mapped[bool] = mapped_column(server_default="false", default=False)
    intent: Mapped[str] = mapped_column(server_default="", default="")
    note: Mapped[str] = mapped_column(server_default="", default="")
    content_hash: Mapped[str]
    capture_id: Mapped[int | None] = mapped_column(ForeignKey(Capture.id))

    device: Mapped[Device] = relationship(lazy="raise")
    reader: Mapped[Reader | None] = relationship(lazy="raise")
    verdict: Mapped["PunchVerdict | None"] = relationship(lazy="raise", viewonly=True)

    def __str__(self) -> str:
        return f"punch {self.id}"


class PunchConflict(Model):
    """Another content under the key of a punch that is here: somebody has to look at it."""

    __tablename__ = "punch_conflict"
    __table_args__ = (
        Index("uq_punch_conflict_content", "punch_id", "content_hash", unique=True),
    )

    punch_id: Mapped[int] = mapped_column(ForeignKey(Punch.id))
    content_hash: Mapped[str]
    kind: Mapped[str]
    credential_hash: Mapped[str]
    reader: Mapped[str]
    device_time: Mapped[datetime]


class PunchVerdict(Model):
    """What became of a punch: `flask attendance rebuild` makes it anew."""

    __tablename__ = "punch_verdict"
    __table_args__ = (
        Index("uq_punch_verdict_punch_id", "punch_id", unique=True),
        Index("ix_punch_verdict_employee", "employee_id", "at"),
        Index(
            "ix_punch_verdict_open",
            "outcome",
            "at",
            postgresql_where=text("outcome IN ('unknown', 'unsure', 'stray', 'revoked')"),
        ),
        CheckConstraint(f"outcome IN {tuple(VERDICTS)}", "outcome"),
        CheckConstraint(f"direction IN {INTENTS}", "direction"),
    )

    punch_id: Mapped[int] = mapped_column(ForeignKey(Punch.id))
    employee_id: Mapped[int | None] = mapped_column(ForeignKey(Employee.id))
    at: Mapped[datetime]
    outcome: Mapped[str]
    direction: Mapped[str] = mapped_column(server_default="", default="")

    employee: Mapped[Employee | None] = relationship(lazy="raise")

    @property
    def label(self) -> str:
        """What people read of it."""
        return VERDICTS[self.outcome]


class WorkSession(Model):
    """Time at work: it follows from punches, corrections and rosters, and can be made again.

    `breaks` are pairs of moments. `closes_until` is when the next punch ends it no more.
    """

    __tablename__ = "work_session"
    __table_args__ = (
        Index("uq_work_session_begin", "employee_id", "begin_at", unique=True),
        Index("ix_work_session_day", "day", "employee_id"),
        Index("ix_work_session_employee_day", "employee_id", "day"),
        Index(
            "ix_work_session_open",
            "closes_until",
            "employee_id",
            postgresql_where=text("end_at IS NULL"),
        ),
        CheckConstraint("end_at >= begin_at", "order"),
        CheckConstraint("(end_at IS NULL) = (seconds IS NULL)", "seconds"),
    )

    employee_id: Mapped[int] = mapped_column(ForeignKey(Employee.id))
    day: Mapped[date]
    zone: Mapped[str]
    shift_id: Mapped[int | None]
    planned_begin: Mapped[datetime | None]
    planned_end: Mapped[datetime | None]
    begin_at: Mapped[datetime]
    begin_key: Mapped[int]  # the id of a punch; of a correction, negative
    end_at: Mapped[datetime | None]
    end_key: Mapped[int | None]
    breaks: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]", default=list)
    break_seconds: Mapped[int] = mapped_column(server_default="0", default=0)
    seconds: Mapped[int | None]  # worked, without breaks
    closes_until: Mapped[datetime]

    employee: Mapped[Employee] = relationship(lazy="raise")

    def is_forgotten(self, now: datetime) -> bool:
        """Tell whether nobody ended it, and no punch will any more."""
        return self.end_at is None and self.closes_until < now
