"""Background work of reports."""

from typing import Any

from app.core.jobs import job
from app.reports import services

LONGEST = 900  # seconds


@job(queue="interactive", label="Make a report", timeout=LONGEST, retry_after=(60, 600))
def make_report(*, report_id: int) -> dict[str, Any]:
    """Read what a report tells, write its file, send it where a schedule says so."""
    return services.make_report(report_id)


@job(queue="scheduled", label="Make reports that are due", retry_after=(60,))
def start_due_reports() -> dict[str, int]:
    """Ask for the reports whose time has come."""
    return {"reports": services.start_due(make_report)}
