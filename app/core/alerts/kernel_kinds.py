"""The kinds of alerts of the kernel."""

from app.core.alerts.kinds import AlertKind

ALERTS = (
    AlertKind(
        name="job.failed",
        keys="job:*",
        label="Background work failed",
        permission="jobs.view",
        is_dismissible=True,
    ),
    AlertKind(
        name="backup.missing",
        keys="backup",
        label="There is no good backup",
        permission="jobs.manage",
    ),
    AlertKind(
        name="disk.low",
        keys="disk",
        label="A disk is nearly full",
        permission="jobs.manage",
    ),
)
