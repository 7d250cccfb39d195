"""People at work, for the browser to look at."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.attendance import services
from app.attendance.models import Employee, Overtime, Shift, ShiftSwap
from app.attendance.reckoning.clock import DeviceNow
from app.attendance.services import Heartbeat, ReaderState, SentPunch
from app.core.db import db
from app.core.settings import set_settings
from tests.attendance.factories import ContractFactory, EmployeeFactory

CARD = "6299884"


def attending(user: User, name: str) -> dict[str, Any]:
    """Make what the pages of attendance show, and say what their addresses need."""
    employee = EmployeeFactory.create(
        name=name, department=name[:40], user=user, region="BY", time_zone="UTC"
    )
    contract = ContractFactory.create(employee=employee, rate=Decimal("21.50"))
    shift = services.create_shift(code="F", name=name, begins=time(6), ends=time(14))
    today = datetime.now(UTC).date()
    swap = _swap(employee, shift, name)
    device = services.create_device(by=user, name=name, kind="bridge").device
    now = datetime.now(UTC)
    reader = ReaderState("door", "rdm6300", is_present=False)
    beat = Heartbeat(DeviceNow(now, "boot", now), watermark=now, readers=[reader])
    services.note_heartbeat(device, beat)
    card = services.assign_card(CARD, employee_id=employee.id, name=name)
    punches = [
        SentPunch(number, "boot", text, now - timedelta(seconds=seconds), reader="door")
        for number, (text, seconds) in enumerate([(CARD, 300), ("77", 120), (CARD, 1)], 1)
    ]
    answers = services.take_punches(device, punches, beat)
    capture = services.start_capture(_reader_id(device), employee_id=employee.id, name=name)
    correction = services.request_correction(
        employee.id, kind="add", at=now - timedelta(hours=2), direction="in", reason=name
    )
    kinds = services.absence_types_offered()
    for kind in kinds:
        services.set_allowance(employee.id, type_id=kind.id, year=today.year, days=Decimal(30))
    holiday = services.create_own_holiday(day=date(today.year, 7, 1), name=name)
    day = today + timedelta(days=30)
    absence = services.request_absence(
        employee.id, type_id=kinds[0].id, first_day=day, last_day=day, reason=name
    )
    overtime = _overtime(employee, contract.rule_set_id)
    entry = services.enter_minutes(
        employee.id, kind="adjustment", day=today, minutes=90, reason=name
    )
    exported = services.export_hours(
        "long", first_day=date(2026, 1, 1), last_day=date(2026, 1, 31)
    )
    columns = services.create_payroll_map(
        name=name, columns=f"{name[:40]} = number", file_name="{batch}.csv"
    )
    return {
        "employee_id": employee.id,
        "map_id": columns.id,
        "contract_id": contract.id,
        "rule_set_id": contract.rule_set_id,
        "shift_id": shift.id,
        "device_id": device.id,
        "punch_id": answers[1].punch_id,
        "credential_id": card.id,
        "capture_id": capture.id,
        "correction_id": correction.id,
        "absence_id": absence.id,
        "holiday_id": holiday.id,
        "type_id": kinds[0].id,
        "export_id": exported.export.id,
        "overtime_id": overtime.id,
        "entry_id": entry.id,
        "swap_id": swap.id,
        "day": today.isoformat(),
    }


def _swap(employee: Employee, shift: Shift, name: str) -> ShiftSwap:
    """Two who have agreed on a swap, and a colleague who asks for another one."""
    colleague = EmployeeFactory.create(name=f"{name} too", time_zone="UTC")
    today = datetime.now(UTC).date()
    days = [today + timedelta(days=n) for n in (20, 24)]
    services.set_roster(
        {
            (employee.id, today): [shift.id],
            (employee.id, days[0]): [shift.id],
            (colleague.id, days[1]): [shift.id],
        }
    )
    services.request_swap(colleague.id, day=days[1], shift_id=shift.id, reason=name)
    swap = services.request_swap(
        employee.id, day=days[0], shift_id=shift.id, colleague_id=colleague.id, reason=name
    )
    return services.accept_swap(swap.id, colleague.id)


def _overtime(employee: Employee, rule_set_id: int) -> Overtime:
    """A long day that has to be approved."""
    set_settings(attendance_overtime_approval=True)
    services.revise_rule_set(rule_set_id, version=None, daily_overtime=480)
    day = datetime.now(UTC).date() - timedelta(days=3)
    for clock, direction in (("08:00", "in"), ("19:30", "out")):
        at = datetime.fromisoformat(f"{day}T{clock}+00:00")
        services.correct_punch(
            employee.id, kind="add", at=at, direction=direction, reason="Late"
        )
    services.refresh_accounts()
    return db.session.scalars(select(Overtime).where(Overtime.day == day)).one()


def _reader_id(device: Any) -> int:
    return next(one.id for one in services.readers_in_use() if one.device_id == device.id)
