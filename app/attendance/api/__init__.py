"""Attendance for programs."""

from app.attendance.api import (
    absences,
    accounts,
    board,
    corrections,
    employees,
    enrollment,
    holidays,
    my_time,
    payroll_maps,
    punches,
    reports,
    rules,
    shifts,
    swaps,
)

BLUEPRINTS = (
    punches.bp,
    corrections.bp,
    absences.bp,
    shifts.bp,
    holidays.bp,
    accounts.bp,
    swaps.bp,
    reports.bp,
    payroll_maps.bp,
    my_time.bp,
    rules.bp,
    enrollment.devices_bp,
    employees.bp,
    enrollment.bp,
    board.bp,
)

__all__ = ["BLUEPRINTS"]
