"""What outside systems tell us: kept once, believed in nothing but that something changed."""

import json
from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import undefer

from app.core.db import transaction
from app.core.errors import DomainError
from app.integrations.hub.apps import system_app
from app.integrations.hub.auth import CredentialsConnector
from app.integrations.hub.connector import Connector, WebhookNotice, find_connector
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
    connector = find_connector(system)
    account = _signing_account(connector, raw, signature)
    if account is None:
        raise Forged("The signature does not fit.")
    try:
        notices = connector.parse_webhook(json.loads(raw))
    except (ValueError, RecursionError, Unreadable) as error:
        raise NoWebhook("This is no webhook.") from error
    with transaction():
        new = [one for one in _of_account(account, notices) if _is_new(system, one)]
        for account in sorted({notice.account for notice in new}):
            _fetch(system, account)
    return len(new)


def _signing_account(connector: Connector, raw: bytes, signature: str) -> str | None:
    """Whose secret a webhook is signed by; "" if all accounts share one, None if nobody's."""
    if not signature:
        return None
    for account, secret in _secrets(connector):
        if connector.is_signed_by(raw, signature, secret):
            return account
    return None


def _secrets(connector: Connector) -> Iterator[tuple[str, str]]:
    if not isinstance(connector, CredentialsConnector):
        app = system_app(connector.system)
        if app is not None and app.webhook_secret:
            yield "", app.webhook_secret
        return
    signed_in = select(Connection).where(
        Connection.system == connector.system, Connection.state == "connected"
    )
    with transaction() as session:
        for one in session.scalars(signed_in.options(undefer(Connection.refresh_token))):
            typed = json.loads(one.refresh_token or "{}")
            if secret := typed.get(connector.webhook_field):
                yield one.account, secret


def _of_account(account: str, notices: Sequence[WebhookNotice]) -> list[WebhookNotice]:
    """What is signed by the secret of one account is about that one, whatever it says."""
    return [one._replace(account=account or one.account) for one in notices]


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
