"""Connecting with an address and credentials that a person types."""

import json
from collections.abc import Callable
from typing import NamedTuple

from app.core.db import db, end_transaction
from app.core.errors import DomainError, Invalid
from app.integrations.hub import queries
from app.integrations.hub.auth import Credentials, CredentialsConnector
from app.integrations.hub.client import Client, get_with_token
from app.integrations.hub.connector import Answer, Request, find_connector
from app.integrations.hub.errors import NotConnected, Throttled, Unavailable
from app.integrations.hub.models import Connection
from app.integrations.services.connecting import connect, name_of

LONGEST = 3000  # some systems write tokens of two thousand letters


class CheckResult(NamedTuple):
    """What a trial of credentials has shown: about what, and what; `is_bad`: it may not."""

    label: str
    said: str
    is_bad: bool = False


def credentials_connector(system: str) -> CredentialsConnector:
    """Give a system that is connected by typing.

    Raises:
        KeyError: There is none such.
    """
    connector = find_connector(system)
    if not isinstance(connector, CredentialsConnector):
        raise KeyError(system)
    return connector


def check_credentials(
    system: str, *, address: str, method: str, credentials: Credentials
) -> list[CheckResult]:
    """Ask for each thing that a sync needs, and keep nothing.

    Raises:
        Invalid: Something is missing, or the address cannot be asked.
        ReconnectNeeded: The system does not let us in; Unavailable: it does not answer.
    """
    connector = credentials_connector(system)
    _account, address = connector.account(address)
    token_set = connector.authenticate(
        address, method, _checked(connector, method, credentials)
    )

    base = connector.base_url(method, address)

    def ask(asked: Request) -> Answer:
        token = token_set.access_token
        answer: Answer = get_with_token(connector, base, asked, token, lambda said: said)
        return answer

    return _checks(connector, ask)


def check_connection(connection_id: int) -> list[CheckResult]:
    """Ask a connection's system for each thing that a sync needs, with what lets us in.

    Raises:
        NotConnected: It is not connected.
        Unavailable: The system asks for patience.
    """
    connection = db.session.scalars(queries.connection(connection_id)).one()
    end_transaction()
    client = Client(connection)
    if not connection.is_signed_in:
        raise NotConnected(connection.problem or f"{connection.name} is not connected.")
    connector = client.connector
    try:
        if isinstance(connector, CredentialsConnector):
            return _checks(connector, lambda asked: client.ask(asked, lambda said: said))
        asked = connector.account_request(connection.account)
        name = client.ask(asked, connector.parse_account_name)
    except Throttled as error:
        raise Unavailable(f"{error} Test it again later.") from error
    except DomainError as error:
        return [CheckResult(connector.account_label, str(error), is_bad=True)]
    return [CheckResult(connector.account_label, name)]


def _checks(
    connector: CredentialsConnector, ask: Callable[[Request], Answer]
) -> list[CheckResult]:
    results = []
    for label, asked in connector.access_checks().items():
        try:
            said = connector.describe_check(label, ask(asked).body)
        except DomainError as error:
            results.append(CheckResult(label, str(error), is_bad=True))
        else:
            results.append(CheckResult(label, said))
    return results


def connect_with_credentials(
    system: str, *, address: str, method: str, credentials: Credentials
) -> Connection:
    """Keep what lets us in, if it does, and begin the first sync.

    Raises:
        Invalid: Something is missing, or the address cannot be asked.
        ReconnectNeeded: The system does not let us in; Unavailable: it does not answer.
    """
    connector = credentials_connector(system)
    account, address = connector.account(address)
    given = _checked(connector, method, credentials)
    token_set = connector.authenticate(address, method, given)
    account = connector.number_of(account, method, given)
    base = connector.base_url(method, address)
    name = name_of(connector, base, account, token_set)
    kept = token_set._replace(refresh_token=json.dumps(given))
    return connect(system, account, name, kept, environment=method, address=address)


def ended(system: str) -> Connection | None:
    """The account that was connected last, if none is: to begin with what was typed then."""
    mine = queries.connections().where(Connection.system == system).limit(1)
    known = db.session.scalars(mine).first()
    return known if known is not None and known.state == "disconnected" else None


def _checked(
    connector: CredentialsConnector, method: str, credentials: Credentials
) -> dict[str, str]:
    if method not in connector.auth_methods:
        raise Invalid("auth_method", "There is no such way.")
    given = {}
    for field in connector.auth_methods[method].fields:
        text = credentials.get(field.name, "").strip()
        if not text and not field.is_required:
            continue
        if not text or len(text) > LONGEST or not text.isprintable():
            raise Invalid(field.name, "This does not look right: copy it anew.")
        given[field.name] = text
    return given
