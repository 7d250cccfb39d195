"""Selects over reports and their schedules."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, undefer

from app.core.files import StoredFile
from app.planning.models import Cycle
from app.reports.models import Report, ReportSchedule


def reports(kinds: Collection[str]) -> Select[Report]:
    """Reports of some kinds, with the cycle, the job and the person of each."""
    return (
        select(Report)
        .options(joinedload(Report.cycle), joinedload(Report.job), joinedload(Report.actor))
        .where(Report.kind.in_(kinds))
    )


def report(report_id: int, kinds: Collection[str]) -> Select[Report]:
    """One of them."""
    return reports(kinds).where(Report.id == report_id)


def schedules(kinds: Collection[str]) -> Select[ReportSchedule]:
    """Schedules of reports of some kinds."""
    return select(ReportSchedule).where(ReportSchedule.kind.in_(kinds))


def due_schedules(day: date) -> Select[ReportSchedule]:
    """Schedules whose time has come; whoever finds them has them alone."""
    due = select(ReportSchedule).where(ReportSchedule.next_on <= day)
    return due.order_by(ReportSchedule.id).with_for_update(skip_locked=True)


def opened_cycles() -> Select[Cycle]:
    """Cycles of which there is a forecast, the latest first."""
    return select(Cycle).where(Cycle.status != "draft").order_by(Cycle.month.desc())


def file_of(report_id: int) -> Select[StoredFile]:
    """The file of a report with what is in it, unless it has expired."""
    kept = select(StoredFile).join(Report, Report.file_id == StoredFile.id)
    return kept.options(undefer(StoredFile.content)).where(Report.id == report_id)
