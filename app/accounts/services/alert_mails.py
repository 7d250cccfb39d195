"""Telling people by e-mail what they have to put right."""

from sqlalchemy import Select, select

from app.accounts import queries
from app.accounts.models import User
from app.core.alerts import Alert
from app.core.alerts.rules import rule_of
from app.core.alerts.services import note_mailed
from app.core.db import transaction
from app.core.mail import public_url, send_mail
from app.core.settings import setting

TEXT = """\
{title}

{text}Put it right here: {address}

This goes once to everybody who is to know of it. When it is, the bar on every
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
        people = session.scalars(_who_hears(alert)).all() if _is_mailed(alert) else []
        if not people:
            return 0
        subject = " ".join(f"[{setting('company_name')}] {alert.title}".split())
    to = [person.email for person in people]
    if not send_mail(to=to, subject=subject, text=_text(alert)):
        return 0
    note_mailed(alert_id)
    return len(to)


def _is_mailed(alert: Alert) -> bool:
    rule = rule_of(alert.kind)
    return rule is not None and rule.is_mailed


def _who_hears(alert: Alert) -> Select[User]:
    rule = rule_of(alert.kind)
    if rule is not None and rule.role_id is not None:
        return queries.active_users().where(User.role_id == rule.role_id).order_by(User.id)
    return queries.users_who_may(alert.permission)


def _text(alert: Alert) -> str:
    text = f"{alert.text}\n\n" if alert.text else ""
    return TEXT.format(title=alert.title, text=text, address=public_url(alert.href))
