"""Reports are asked for, made by a job, kept, and sent where a schedule says so."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.core.actors import current_actor_id
from app.core.days import today
from app.core.db import db, end_transaction, in_transaction, transaction
from app.core.errors import Invalid
from app.core.files import store_file
from app.core.mail import Attachment, mail_server, public_url, send_mail
from app.core.sheets import Format
from app.planning.models import Cycle
from app.planning.months import months_after
from app.reports import queries
from app.reports.kinds import TOLD, content_of, open_kinds
from app.reports.models import KINDS, Report, ReportSchedule
from app.reports.writing import write_book, write_pdf

KEEP_DAYS = 366
USUAL_MONTHS = 12
LONGEST = timedelta(days=366 * 10)
PDF = "application/pdf"


def create_report(
    job: Any,
    *,
    kind: str,
    form: str = "xlsx",
    since: date | None = None,
    until: date | None = None,
    cycle_id: int | None = None,
) -> Report:
    """Ask for a report, which `job` then makes.

    Without days it is of the last twelve whole months, without a cycle of the latest.

    Raises:
        Invalid: It is none that the person asking may see, its days are in the wrong order or
            too many, or there is no such cycle.
    """
    if kind not in open_kinds():
        raise Invalid("kind", "This is no report that you may see.")
    return _ask(job, kind=kind, form=form, since=since, until=until, cycle_id=cycle_id)


def _ask(job: Any, *, kind: str, cycle_id: int | None = None, **asked: Any) -> Report:
    since, until = _days(asked.pop("since", None), asked.pop("until", None), kind=kind)
    with transaction() as session:
        report = Report(
            kind=kind,
            since=since,
            until=until,
            cycle_id=_cycle(cycle_id).id if kind == "forecast" else None,
            actor_id=current_actor_id(),
            **asked,
        )
        session.add(report)
        session.flush()
        report.job_id = job.enqueue(report_id=report.id).id
    return report


def _days(since: date | None, until: date | None, *, kind: str) -> tuple[date, date]:
    """Give the first and the last day; of a supply plan it is the day on which it is asked."""
    if kind == "supply":
        return today(), today()
    until = until or today().replace(day=1) - timedelta(days=1)
    since = since or months_after(until.replace(day=1), 1 - USUAL_MONTHS)
    if since > until:
        raise Invalid("until", "The period ends before it begins.")
    if until - since > LONGEST:
        raise Invalid("since", "At most ten years.")
    return since, until


def _cycle(cycle_id: int | None) -> Cycle:
    opened = queries.opened_cycles()
    if cycle_id is not None:
        opened = opened.where(Cycle.id == cycle_id)
    found = db.session.scalars(opened.limit(1)).first()
    if found is None:
        raise Invalid("cycle_id", "There is no such cycle, or it was not opened yet.")
    return found


def make_report(report_id: int) -> dict[str, Any]:
    """Make a report that was asked for, and send it where a schedule says so.

    One that is made already stays as it is, and is sent once.

    Raises:
        PdfUnavailable: This machine cannot print.
        SMTPException, OSError, MailMisconfigured: It could not be handed in.
    """
    report = db.session.scalars(queries.report(report_id, KINDS)).one_or_none()
    if report is None:
        return {"state": "gone"}
    if not report.is_made:
        _write(report)
    return {"state": _send(report) if report.recipients else "made"}


def _write(report: Report) -> None:
    content, write = content_of(report), write_pdf if report.form == "pdf" else write_book
    if not in_transaction():  # writing takes a while: nothing is to be kept open meanwhile
        end_transaction()
    file = write(content)
    with transaction() as session:
        kept = store_file(
            f"{KINDS[report.kind].lower().replace(' ', '-')}-{report.until}.{report.form}",
            file,
            content_type=PDF if report.form == "pdf" else Format.EXCEL.content_type,
            permission=TOLD[report.kind].permission,
            keep_days=KEEP_DAYS,
        )
        made = session.get_one(Report, report.id)
        made.file_id, made.made_at = kept.id, datetime.now(UTC)


def _send(report: Report) -> str:
    """Send it to whom it is for; without a mail server it is kept all the same."""
    if report.sent_at is not None:
        return "sent"
    if mail_server() is None:
        return "no mail server"
    file = db.session.scalars(queries.file_of(report.id)).one()
    here = public_url(f"/reports/{report.id}")
    send_mail(
        to=report.recipients.split(", "),
        subject=str(report),
        text=f"{report} is attached.\n\nIt is also here: {here}\n",
        attachments=[Attachment(file.name, file.content, file.content_type)],
    )
    with transaction() as session:
        session.get_one(Report, report.id).sent_at = datetime.now(UTC)
    return "sent"


def create_schedule(
    *, kind: str, form: str, every: str, next_on: date, recipients: str
) -> ReportSchedule:
    """Have a report made and sent again and again, for the first time on a day.

    Raises:
        Invalid: It is none that the person asking may see, or the day is over.
    """
    if kind not in open_kinds():
        raise Invalid("kind", "This is no report that you may see.")
    if next_on < today():
        raise Invalid("next_on", "This day is over.")
    with transaction() as session:
        schedule = ReportSchedule(
            kind=kind, form=form, every=every, next_on=next_on, recipients=recipients
        )
        session.add(schedule)
    return schedule


def delete_schedule(schedule_id: int) -> None:
    """Make and send it no more; reports that were made stay."""
    with transaction() as session:
        one = select(ReportSchedule).where(ReportSchedule.id == schedule_id)
        found = session.scalars(one).one_or_none()
        if found is not None:
            session.delete(found)


def start_due(job: Any) -> int:
    """Ask for the reports whose time has come; gives how many that were.

    A forecast of which there is no cycle yet is left until there is one.
    """
    day = today()
    count = 0
    with transaction() as session:
        for schedule in session.scalars(queries.due_schedules(day)).all():
            schedule.next_on = schedule.after(day)
            if schedule.kind == "forecast" and not _has_cycles():
                continue
            _ask(
                job,
                kind=schedule.kind,
                form=schedule.form,
                schedule_id=schedule.id,
                recipients=schedule.recipients,
            )
            count += 1
    return count


def _has_cycles() -> bool:
    return db.session.scalars(queries.opened_cycles().limit(1)).first() is not None
