"""Telling people by e-mail what they have to put right."""

from sqlalchemy import select

from app.accounts import queries
from app.core.alerts import Alert
from app.core.alerts.services import note_mailed
from app.core.db import transaction
from app.core.mail import public_url, send_mail
from app.core.settings import setting

TEXT = """\
{title}

{text}Put it right here: {address}

This goes once to everybody whose role may put it right. When it is, the bar on every
page disappears by itself.
"""


def mail_alert(alert_id: int) -> int:
    """Write to everybody who has to know of an alert, and say how many they are.

    Nobody hears twice, nor of what is put right by now. The transaction ends before the
    mail server is asked, which may take its time. So only a crash between its answer and
    our note of it brings a second mail.
    """
    with transaction() as session:
        waiting = select(Alert).where(Alert.id == alert_id, Alert.closed_at.is_(None))
        alert = session.scalars(waiting.where(Alert.mailed_at.is_(None))).one_or_none()
        if alert is None:
            return 0
        people = session.scalars(queries.users_who_may(alert.permission)).all()
        subject = " ".join(f"[{setting('company_name')}] {alert.title}".split())
    to = [person.email for person in people]
    if not send_mail(to=to, subject=subject, text=_text(alert)):
        return 0
    note_mailed(alert_id)
    return len(to)


def _text(alert: Alert) -> str:
    text = f"{alert.text}\n\n" if alert.text else ""
    return TEXT.format(title=alert.title, text=text, address=public_url(alert.href))
