"""What outside systems tell us: kept once, believed in nothing but that something changed."""

import json

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.core.db import transaction
from app.core.errors import DomainError
from app.integrations.hub.apps import system_app
from app.integrations.hub.connector import WebhookNotice, find_connector
from app.integrations.hub.errors import Unreadable
from app.integrations.hub.models import Connection
from app.integrations.sync.models import WebhookEvent
from app.integrations.sync.services import start_sync


class Forged(DomainError):
    """A webhook is not signed as the system signs."""

    status = 401


class NoWebhook(DomainError):
    """A body is no webhook of the system."""

    status = 400


def receive_webhook(system: str, raw: bytes, signature: str) -> int:
    """Keep what a webhook says; give how many notices are new. The rest follows by a job.

    Raises:
        Forged: The signature is not theirs; nothing is kept.
        NoWebhook: It is theirs, but cannot be read.
    """
    connector, app = find_connector(system), system_app(system)
    secret = app.webhook_secret if app else None
    if not secret or not signature or not connector.is_signed_by(raw, signature, secret):
        raise Forged("The signature does not fit.")
    try:
        notices = connector.parse_webhook(json.loads(raw))
    except (ValueError, RecursionError, Unreadable) as error:
        raise NoWebhook("This is no webhook.") from error
    with transaction():
        new = [notice for notice in notices if _is_new(system, notice)]
        for account in sorted({notice.account for notice in new}):
            _fetch(system, account)
    return len(new)


def _is_new(system: str, notice: WebhookNotice) -> bool:
    """Keep a notice, unless it has come before."""
    row = insert(WebhookEvent).values(system=system, **notice._asdict())
    kept = row.on_conflict_do_nothing().returning(WebhookEvent.id)
    with transaction() as session:
        return session.scalar(kept) is not None


def _fetch(system: str, account: str) -> None:
    """Ask the system itself; notices of an account that is not connected stay unheard.

    Those of one that is paused wait until it goes on.
    """
    with transaction() as session:
        live = select(Connection).where(
            Connection.system == system,
            Connection.account == account,
            Connection.state == "connected",
        )
        connection = session.scalars(live).one_or_none()
        if connection is None:
            session.query(WebhookEvent).filter_by(
                system=system, account=account, state="pending"
            ).update({"state": "ignored"})
        elif connection.is_live:
            start_sync(connection.id, mode="objects", cause="webhook")
