"""The pages of attendance."""

from app.attendance.views import (
    board,
    calendar,
    devices,
    employees,
    enrolment,
    holidays,
    kept,
    kiosk,
    kiosks,
    my_time,
    payroll,
    payroll_maps,
    prints,
    punches,
    requests,
    roster,
    rules,
    shifts,
    timesheets,
)

BLUEPRINTS = (
    employees.bp,
    rules.bp,
    punches.bp,
    devices.bp,
    shifts.bp,
    roster.bp,
    timesheets.bp,
    requests.bp,
    requests.corrections_bp,
    requests.absences_bp,
    holidays.holidays_bp,
    holidays.types_bp,
    payroll.bp,
    payroll_maps.bp,
    my_time.bp,
    enrolment.bp,
    board.bp,
    kiosk.bp,
    kiosks.bp,
)

__all__ = ["BLUEPRINTS", "calendar", "kept", "prints"]
