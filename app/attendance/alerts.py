"""What attendance tells that somebody has to put right."""

from app.core.alerts import AlertKind

ALERTS = (
    AlertKind(
        name="attendance.clock",
        keys="attendance:clock:*",
        label="The clock of a device is wrong",
        permission="attendance.enrol",
        severity="warning",
        is_mailed=False,
    ),
    AlertKind(
        name="attendance.conflict",
        keys="attendance:conflict:*",
        label="A device sends other punches under used numbers",
        permission="attendance.enrol",
        is_dismissible=True,
    ),
    AlertKind(
        name="attendance.late",
        keys="attendance:late",
        label="Time at work has changed on days that are locked",
        permission="attendance.payroll",
        severity="warning",
        is_dismissible=True,
    ),
    AlertKind(
        name="attendance.silent",
        keys="attendance:silent:*",
        label="A device has not been heard for long",
        permission="attendance.enrol",
        severity="warning",
    ),
    AlertKind(
        name="attendance.swap",
        keys="attendance:swap:*",
        label="Two people want to swap shifts",
        permission="attendance.approve",
        severity="info",
    ),
)
