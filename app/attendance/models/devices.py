"""What people punch at: devices with a token and a spool, and the readers on them."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import ApiToken
from app.attendance.models.employees import Employee
from app.core.audit import Audited
from app.core.crypto import EncryptedText
from app.core.db import Model
from app.core.versions import Versioned

DEVICE_KINDS = {
    "bridge": "Computer with readers",
    "kiosk": "Kiosk",
    "web": "Web and phone",
}
COMMANDS = ("enroll_finger", "delete_finger")


class CredentialKey(Model):
    """The key that numbers of cards are hashed with. There is one; it is encrypted itself."""

    __tablename__ = "attendance_key"
    __table_args__ = (Index("uq_attendance_key_one", text("(true)"), unique=True),)

    key: Mapped[str] = mapped_column(EncryptedText)


class Device(Audited, Versioned, Model):
    """Something with a token and a spool of its own; what it sends is counted by its boots.

    Without a `time_zone` the day of a punch is that of the person.
    """

    __tablename__ = "attendance_device"
    __table_args__ = (
        Index("uq_attendance_device_name", text("lower(name)"), unique=True),
        Index("uq_attendance_device_token_id", "token_id", unique=True),
        Index(
            "uq_attendance_device_web",
            "kind",
            unique=True,
            postgresql_where=text("kind = 'web'"),
        ),
        CheckConstraint(f"kind IN {tuple(DEVICE_KINDS)}", "kind"),
    )
    unaudited = frozenset({"token_id"})

    name: Mapped[str]
    kind: Mapped[str]
    place: Mapped[str] = mapped_column(server_default="", default="")
    time_zone: Mapped[str] = mapped_column(server_default="", default="")
    is_active: Mapped[bool] = mapped_column(server_default="true", default=True)
    token_id: Mapped[int | None] = mapped_column(ForeignKey(ApiToken.id))

    state: Mapped["DeviceState | None"] = relationship(lazy="raise", back_populates="device")
    readers: Mapped[list["Reader"]] = relationship(lazy="raise", order_by="Reader.name")

    def __str__(self) -> str:
        return self.name


class DeviceState(Model):
    """What a device said last. Nothing is left in its spool of before the `watermark`."""

    __tablename__ = "attendance_device_state"

    device_id: Mapped[int] = mapped_column(ForeignKey(Device.id), unique=True)
    seen_at: Mapped[datetime]
    watermark: Mapped[datetime | None]
    skew: Mapped[Decimal | None]  # seconds that its clock is ahead
    queued: Mapped[int] = mapped_column(server_default="0", default=0)
    program: Mapped[str] = mapped_column(server_default="", default="")

    device: Mapped[Device] = relationship(lazy="raise", back_populates="state")


class DeviceBoot(Model):
    """How far off the clock of a device was, as measured last in one of its boots."""

    __tablename__ = "attendance_device_boot"
    __table_args__ = (Index("uq_attendance_device_boot", "device_id", "boot_id", unique=True),)

    device_id: Mapped[int] = mapped_column(ForeignKey(Device.id))
    boot_id: Mapped[str]
    skew: Mapped[Decimal]
    measured_at: Mapped[datetime]


class Reader(Model):
    """One reader on a device, as that calls it; it is known from its first word on."""

    __tablename__ = "attendance_reader"
    __table_args__ = (Index("uq_attendance_reader_name", "device_id", "name", unique=True),)

    device_id: Mapped[int] = mapped_column(ForeignKey(Device.id))
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default="", default="")
    is_present: Mapped[bool] = mapped_column(server_default="true", default=True)
    refused_frames: Mapped[int] = mapped_column(server_default="0", default=0)
    seen_at: Mapped[datetime]

    device: Mapped[Device] = relationship(lazy="raise", overlaps="readers")

    def __str__(self) -> str:
        return self.name

    @property
    def takes_fingers(self) -> bool:
        """Tell whether it reads fingerprints."""
        return self.kind == "r30x"


class Capture(Model):
    """Somebody waits for a card at a reader: the next one there is enrolled, not counted."""

    __tablename__ = "attendance_capture"
    __table_args__ = (
        Index(
            "ix_attendance_capture_waiting",
            "reader_id",
            "expires_at",
            postgresql_where=text("state = 'waiting'"),
        ),
        CheckConstraint("kind IN ('card', 'finger')", "kind"),
        CheckConstraint("state IN ('waiting', 'captured', 'cancelled', 'failed')", "state"),
        CheckConstraint("(state = 'captured') = (credential_hash <> '')", "captured"),
    )

    reader_id: Mapped[int] = mapped_column(ForeignKey(Reader.id))
    employee_id: Mapped[int | None] = mapped_column(ForeignKey(Employee.id))
    kind: Mapped[str] = mapped_column(server_default="card", default="card")
    name: Mapped[str] = mapped_column(server_default="", default="")
    expires_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(server_default="waiting", default="waiting")
    credential_hash: Mapped[str] = mapped_column(server_default="", default="")
    message: Mapped[str] = mapped_column(server_default="", default="")

    reader: Mapped[Reader] = relationship(lazy="raise")
    employee: Mapped[Employee | None] = relationship(lazy="raise")


class DeviceCommand(Model):
    """What a device is asked to do with a sensor; it asks for it with its heartbeat."""

    __tablename__ = "attendance_command"
    __table_args__ = (
        Index("ix_attendance_command_state", "device_id", "state"),
        CheckConstraint(f"command IN {COMMANDS}", "command"),
        CheckConstraint("state IN ('pending', 'done', 'failed', 'expired')", "state"),
    )

    device_id: Mapped[int] = mapped_column(ForeignKey(Device.id))
    reader_id: Mapped[int] = mapped_column(ForeignKey(Reader.id))
    command: Mapped[str]
    slot: Mapped[int]
    capture_id: Mapped[int | None] = mapped_column(ForeignKey(Capture.id))
    credential_id: Mapped[int | None]  # whose slot is deleted
    expires_at: Mapped[datetime | None]  # a deletion waits for as long as it takes
    state: Mapped[str] = mapped_column(server_default="pending", default="pending")
    message: Mapped[str] = mapped_column(server_default="", default="")

    reader: Mapped[Reader] = relationship(lazy="raise")
