"""What people punch with besides cards: PINs, and what is written down about fingerprints."""

from datetime import datetime

from argon2.exceptions import VerificationError
from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import hasher
from app.attendance.models.devices import Device
from app.attendance.models.employees import Employee
from app.core.audit import Audited
from app.core.db import Model
from app.core.versions import Versioned


class EmployeePin(Model):
    """The PIN of an employee, as an Argon2id hash."""

    __tablename__ = "employee_pin"

    employee_id: Mapped[int] = mapped_column(ForeignKey(Employee.id), unique=True)
    pin_hash: Mapped[str]

    def fits(self, pin: str) -> bool:
        """Compare a PIN, at the same cost whether it is right or wrong."""
        try:
            return hasher.verify(self.pin_hash, pin)
        except VerificationError:
            return False


class PinFailure(Model):
    """A wrong PIN, counted against its device and whoever was meant."""

    __tablename__ = "pin_failure"
    __table_args__ = (
        Index("ix_pin_failure_device", "device_id", "created_at"),
        Index("ix_pin_failure_number", "number", "created_at"),
    )

    device_id: Mapped[int] = mapped_column(ForeignKey(Device.id))
    number: Mapped[str]  # in its normal form, whether anybody has it or not


class FingerConsent(Audited, Versioned, Model):
    """That somebody agreed to a fingerprint, on which ground, and what else was offered.

    Consent alone does not carry it: an alternative is offered first, and it is withdrawn
    when somebody says so; then the sensor forgets the finger.
    """

    __tablename__ = "finger_consent"
    __table_args__ = (
        Index("ix_finger_consent_employee", "employee_id", "id"),
        CheckConstraint("basis <> '' AND alternative <> ''", "written"),
    )

    employee_id: Mapped[int] = mapped_column(ForeignKey(Employee.id))
    basis: Mapped[str]  # the ground, and where the assessment is kept
    alternative: Mapped[str]  # what was offered instead
    withdrawn_at: Mapped[datetime | None]

    employee: Mapped[Employee] = relationship(lazy="raise")

    def __str__(self) -> str:
        return "consent to a fingerprint"
