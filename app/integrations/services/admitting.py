"""Connecting with an address and credentials that a person types."""

import json
from typing import NamedTuple

from app.core.db import db
from app.core.errors import DomainError, Invalid
from app.integrations import queries
from app.integrations.admission import ByCredentials, Credentials
from app.integrations.client import ask_once
from app.integrations.connector import connector
from app.integrations.models import Connection
from app.integrations.services.connecting import connect, name_of, refuse_second

LONGEST = 500


class Found(NamedTuple):
    """What a trial of credentials has shown: about what, and what; `is_bad`: it may not."""

    label: str
    said: str
    is_bad: bool = False


def by_credentials(system: str) -> ByCredentials:
    """Give a system that is connected by typing.

    Raises:
        KeyError: There is none such.
    """
    outside = connector(system)
    if not isinstance(outside, ByCredentials):
        raise KeyError(system)
    return outside


def try_credentials(
    system: str, *, address: str, way: str, credentials: Credentials
) -> list[Found]:
    """Ask for each thing that a sync needs, and keep nothing.

    Raises:
        Invalid: Something is missing, or the address cannot be asked.
        ReconnectNeeded: The system does not let us in; Unavailable: it does not answer.
    """
    outside = by_credentials(system)
    _account, address = outside.account(address)
    grant = outside.admit(address, way, _checked(outside, way, credentials))
    found = []
    for label, asked in outside.trials().items():
        try:
            answer = ask_once(outside, address, asked, grant.access_token, lambda said: said)
        except DomainError as error:
            found.append(Found(label, str(error), is_bad=True))
        else:
            found.append(Found(label, outside.finding(label, answer.body)))
    return found


def connect_by_credentials(
    system: str, *, address: str, way: str, credentials: Credentials
) -> Connection:
    """Keep what lets us in, if it does, and begin the first sync.

    Raises:
        Invalid: Something is missing, or the address cannot be asked.
        AlreadyConnected: Another account of the system is connected.
        ReconnectNeeded: The system does not let us in; Unavailable: it does not answer.
    """
    outside = by_credentials(system)
    account, address = outside.account(address)
    given = _checked(outside, way, credentials)
    refuse_second(system, account)
    grant = outside.admit(address, way, given)
    name = name_of(outside, address, account, grant)
    kept = grant._replace(refresh_token=json.dumps(given))
    return connect(system, account, name, kept, environment=way, address=address)


def latest(system: str) -> Connection | None:
    """The last account that was connected, to begin with what was typed then."""
    mine = queries.connections().where(Connection.system == system).limit(1)
    return db.session.scalars(mine).first()


def _checked(outside: ByCredentials, way: str, credentials: Credentials) -> dict[str, str]:
    if way not in outside.ways:
        raise Invalid("way", "There is no such way.")
    given = {}
    for entry in outside.ways[way].entries:
        text = credentials.get(entry.name, "").strip()
        if not text or len(text) > LONGEST or not text.isprintable():
            raise Invalid(entry.name, "This does not look right: copy it anew.")
        given[entry.name] = text
    return given
