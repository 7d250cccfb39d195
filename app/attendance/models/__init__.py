"""Tables of attendance."""

from app.attendance.models.absences import Absence, AbsenceType, Allowance, OwnHoliday
from app.attendance.models.corrections import CORRECTIONS, REQUEST_STATES, Correction
from app.attendance.models.devices import (
    DEVICE_KINDS,
    Capture,
    CredentialKey,
    Device,
    DeviceBoot,
    DeviceCommand,
    DeviceState,
    Reader,
)
from app.attendance.models.employees import (
    BREAK_RULES,
    ROUNDED,
    STEPS,
    WAYS,
    WEEKDAYS,
    Contract,
    Employee,
    RuleSet,
)
from app.attendance.models.periods import PayrollExport, PayrollMap, PeriodLock
from app.attendance.models.pins import EmployeePin, FingerConsent, PinFailure
from app.attendance.models.punches import (
    DIRECTIONS,
    INTENTS,
    PUNCH_KINDS,
    VERDICTS,
    Credential,
    Punch,
    PunchConflict,
    PunchVerdict,
    WorkSession,
)
from app.attendance.models.rosters import RosterEntry, Shift

__all__ = [
    "BREAK_RULES",
    "CORRECTIONS",
    "DEVICE_KINDS",
    "DIRECTIONS",
    "INTENTS",
    "PUNCH_KINDS",
    "REQUEST_STATES",
    "ROUNDED",
    "STEPS",
    "VERDICTS",
    "WAYS",
    "WEEKDAYS",
    "Absence",
    "AbsenceType",
    "Allowance",
    "Capture",
    "Contract",
    "Correction",
    "Credential",
    "CredentialKey",
    "Device",
    "DeviceBoot",
    "DeviceCommand",
    "DeviceState",
    "Employee",
    "EmployeePin",
    "FingerConsent",
    "OwnHoliday",
    "PayrollExport",
    "PayrollMap",
    "PeriodLock",
    "PinFailure",
    "Punch",
    "PunchConflict",
    "PunchVerdict",
    "Reader",
    "RosterEntry",
    "RuleSet",
    "Shift",
    "WorkSession",
]
