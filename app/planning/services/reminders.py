"""Reps are reminded by e-mail of what they have not submitted."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from app.accounts.models import User
from app.core.actors import current_actor_id
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.events import publish
from app.core.mail import is_public, mail_server, public_url, send_mail
from app.core.settings import setting
from app.planning import queries
from app.planning.events import ReminderDue
from app.planning.models import SUBMISSION_STATUSES, Cycle, Submission
from app.planning.services.cycles import update_cycle
from app.planning.services.templates import names_link, written

NO_SERVER = "No mail server is set up here: SMTP_URL names one."
NO_ADDRESS = (
    "Its link names no host, since PUBLIC_URL is not set: whoever gets it cannot follow it."
)
PAUSE = timedelta(days=2)  # nobody is reminded by itself more often


class Mail(NamedTuple):
    """A reminder as it is sent."""

    to: str
    subject: str
    text: str
    warning: str = ""


def change_reminder(
    cycle_id: int, *, version: int | None, reminder_subject: str, reminder_text: str
) -> Cycle:
    """Change what reminders say.

    Raises:
        Invalid: A word in braces stands for nothing.
        StaleVersion: Others have changed it.
    """
    return update_cycle(
        cycle_id,
        version=version,
        reminder_subject=reminder_subject,
        reminder_text=reminder_text,
    )


def preview_reminder(cycle: Cycle, person: User, status: str = "draft") -> Mail:
    """Write what a person would receive."""
    words = {
        "name": person.name,
        "cycle": str(cycle),
        "due": f"{cycle.due_on:%A, %d %B %Y}",
        "state": SUBMISSION_STATUSES[status].lower(),
        "link": public_url(f"/planning/cycles/{cycle.id}"),
        "company": str(setting("company_name")),
    }
    subject, text = (
        written(template, words) for template in (cycle.reminder_subject, cycle.reminder_text)
    )
    is_lost = names_link(cycle.reminder_text) and not is_public()
    return Mail(person.email, subject, text, NO_ADDRESS if is_lost else "")


def send_test_reminder(cycle_id: int) -> Mail:
    """Send the reminder to whoever asks, at once.

    Raises:
        DomainError: No mail server is set up, or nobody is signed in.
        SMTPException, OSError, MailMisconfigured: It could not be handed in.
    """
    with transaction() as session:
        cycle = session.scalars(queries.cycle(cycle_id)).one()
        person = session.get(User, current_actor_id() or 0)
        if person is None:
            raise DomainError("There is nobody to send it to.")
        mail = preview_reminder(cycle, person)
    if not send_mail(to=[mail.to], subject=mail.subject, text=mail.text):
        raise DomainError(NO_SERVER)
    return mail


def remind(cycle_id: int) -> int:
    """Remind all who have not submitted; gives how many mails wait to be sent.

    Raises:
        DomainError: The cycle is not open, or no mail server is set up.
    """
    if mail_server() is None:
        raise DomainError(NO_SERVER)
    with transaction() as session:
        cycle = session.scalars(queries.cycle(cycle_id)).one()
        if not cycle.is_open:
            raise DomainError(f"{cycle} is not open: there is nothing to remind of.")
        waiting = session.scalars(queries.unsubmitted(cycle_id)).all()
        for submission in waiting:
            publish(ReminderDue(submission_id=submission.id))
    return len(waiting)


def remind_late() -> int:
    """Remind those whose forecasts are due soon or late, each at most every other day."""
    if mail_server() is None:
        return 0
    today = datetime.now(UTC)
    soon = today.date() + timedelta(days=int(setting("planning_reminder_days")))
    with transaction() as session:
        late = queries.unsubmitted_until(soon, reminded_before=today - PAUSE)
        waiting = session.scalars(late).all()
        for submission in waiting:
            publish(ReminderDue(submission_id=submission.id))
    return len(waiting)


def send_reminder(submission_id: int) -> str:
    """Send one mail, unless the forecast was submitted meanwhile; gives what became of it.

    Raises:
        SMTPException, OSError, MailMisconfigured: It could not be handed in.
    """
    with transaction() as session:
        one = queries.submission(submission_id)
        submission = session.scalars(one).one()
        if not (submission.is_writable and submission.cycle.is_open):
            return "not needed"
        mail = preview_reminder(submission.cycle, submission.user, submission.status)
    if not send_mail(to=[mail.to], subject=mail.subject, text=mail.text):
        return "no mail server"
    with transaction() as session:
        sent = session.scalars(select(Submission).where(Submission.id == submission_id)).one()
        sent.reminded_at = datetime.now(UTC)
    return "sent"
