"""What waits to be told to an outside system is told, each thing once.

A request whose answer was lost may have been heard. So an attempt is counted and committed
before it is made, and every further one asks first what the last one has made.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.core.alerts import close_alert, raise_alert
from app.core.db import db, end_transaction, locked, transaction
from app.core.events import publish
from app.integrations.hub.client import Client
from app.integrations.hub.connector import find_connector
from app.integrations.hub.containment import is_of_record, reason_of
from app.integrations.hub.errors import (
    NotConnected,
    ReconnectNeeded,
    Rejected,
    Throttled,
    Unavailable,
)
from app.integrations.hub.events import ConnectionChanged
from app.integrations.hub.models import Connection
from app.integrations.outbox.events import OutboxFilled
from app.integrations.outbox.models import OutboxMessage

AT_ONCE = 500


class RefusedPart(NamedTuple):
    """One of many things said at once that the system refuses; as `OutboxMessage` has it."""

    key: str
    label: str
    subject_type: str
    subject_id: int
    payload: dict[str, Any]
    reason: str


log = logging.getLogger(__name__)


def deliver_outbox(connection_id: int) -> datetime | None:
    """Tell what is due; give when something is due again, None if nothing waits.

    A connection that is paused or ended is told nothing: whoever lets it go on says so.
    """
    connection = db.session.get_one(Connection, connection_id)
    end_transaction()
    if not connection.is_live:
        return None
    client = Client(connection)
    while message := _next(connection_id):
        if not _deliver(message, client):
            break
    with transaction() as session:
        due = select(func.min(OutboxMessage.due_at)).where(*_waiting(connection_id))
        moment: datetime | None = session.scalar(due)
    return moment


def retry_messages(ids: Sequence[int]) -> dict[str, Any]:
    """Try again what the system has refused, or what waits for its time.

    Gives how many did; what has been sent or settled stays as it is.
    """
    done = 0
    for messages in _selected(ids, ("waiting", "refused")):
        for message in messages:
            message.retry()
        for connection_id in {message.connection_id for message in messages}:
            publish(OutboxFilled(connection_id=connection_id))
        done += len(messages)
    return _said(done, len(ids), "It has been sent or settled.")


def dismiss_messages(ids: Sequence[int]) -> dict[str, Any]:
    """Say that refusals are settled otherwise; nothing else can be."""
    done = 0
    for messages in _selected(ids, ("refused",)):
        for message in messages:
            message.state = "dismissed"
        done += len(messages)
    return _said(done, len(ids), "It was not refused.")


def park_refused(connection_id: int, refused: Sequence[RefusedPart]) -> None:
    """Keep what the system has refused of many things that were said at once.

    One that was refused before, or is to be tried again, gets the newest words and payload.
    """
    if not refused:
        return
    row = insert(OutboxMessage).values(
        [
            {"connection_id": connection_id, "state": "refused", "attempts": 1} | one._asdict()
            for one in refused
        ]
    )
    names = ("label", "payload", "state", "reason")
    new = {name: row.excluded[name] for name in names}
    with transaction() as session:
        session.execute(
            row.on_conflict_do_update(
                index_elements=["connection_id", "key"], set_=new | {"sent_at": None}
            )
        )
        _update_alert(connection_id)


def refresh_parked(connection_id: int, parts: Sequence[RefusedPart]) -> None:
    """Let what is parked, or to be tried again, say what is so by now."""
    if not parts:
        return
    parked = (
        update(OutboxMessage)
        .where(
            OutboxMessage.connection_id == connection_id,
            OutboxMessage.key == bindparam("its_key"),
            OutboxMessage.state.in_(("refused", "waiting")),
        )
        .values(payload=bindparam("new"))
    )
    values = [{"its_key": one.key, "new": one.payload} for one in parts]
    with transaction() as session:
        session.connection().execute(parked, values)


def _said(done: int, wanted: int, why: str) -> dict[str, Any]:
    if done == wanted:
        return {"done": done}
    others = [{"record": f"{wanted - done:,} others", "reason": why}]
    return {"done": done, "refused": wanted - done, "errors": others}


def _next(connection_id: int) -> OutboxMessage | None:
    """Take the next one, and count the attempt: nobody else has it for a while."""
    query = (
        select(OutboxMessage)
        .where(*_waiting(connection_id), OutboxMessage.due_at <= func.now())
        .order_by(OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    with transaction() as session:
        message = session.scalars(query).first()
        if message is not None:
            message.begin_attempt()
    return message


def _deliver(message: OutboxMessage, client: Client) -> bool:
    """Tell one thing; False: the system cannot be talked to at present."""
    try:
        number = _found_there(message, client)
        number = _sent(message, client) if number is None else number
    except Rejected as error:
        _record(message.id, refused=str(error))
        return True
    except Throttled as error:
        _record(message.id, reason=str(error), until=error.retry_at)
        return False
    except (Unavailable, ReconnectNeeded, NotConnected) as error:
        log.warning("Outbound message %s: %s", message.id, error)
        _record(message.id, reason=str(error))
        return False
    except Exception as error:
        if not is_of_record(error):
            raise
        _record(message.id, refused=reason_of(error))
        return True
    _record(message.id, number=number)
    return True


def _found_there(message: OutboxMessage, client: Client) -> str | None:
    """What an earlier attempt has made, though its answer was lost."""
    if not message.may_have_arrived:
        return None
    connector = client.connector
    if (asked := connector.lookup_request(message.payload)) is None:
        return None
    return client.ask(asked, partial(connector.parse_lookup, message.payload))


def _sent(message: OutboxMessage, client: Client) -> str:
    connector, payload = client.connector, message.payload
    return connector.parse_written(payload, client.send(connector.write_request(payload)))


def _record(
    message_id: int, *, number: str | None = None, refused: str = "", reason: str = "",
    until: datetime | None = None,
) -> None:  # fmt: skip
    with transaction() as session:
        query = select(OutboxMessage).where(OutboxMessage.id == message_id)
        message = session.scalars(locked(query, OutboxMessage)).one()
        if message.state != "waiting":  # somebody has decided meanwhile
            return
        if number is not None:
            message.succeed(number)
        elif refused:
            message.refuse(refused)
        else:
            message.wait(reason, until=until)
        _update_alert(message.connection_id)


def _update_alert(connection_id: int) -> None:
    """Tell people of refusals while there are any, and the open pages."""
    with transaction() as session:
        session.flush()
        refused = select(OutboxMessage).where(
            OutboxMessage.connection_id == connection_id, OutboxMessage.state == "refused"
        )
        first = session.scalars(refused.order_by(OutboxMessage.id.desc()).limit(1)).first()
        key = f"connection:{connection_id}:refused"
        if first is None:
            close_alert(key)
        else:
            connection = session.get_one(Connection, connection_id)
            raise_alert(
                kind="connection.refused",
                key=key,
                title=f"{find_connector(connection.system).label} has refused something",
                text=f"{first.label}: {first.reason}",
                href=f"/connections/{connection_id}/outbox",
            )
        publish(ConnectionChanged(connection_id=connection_id))


def _waiting(connection_id: int) -> tuple[Any, ...]:
    return OutboxMessage.connection_id == connection_id, OutboxMessage.state == "waiting"


def _selected(ids: Sequence[int], states: Sequence[str]) -> Iterator[Sequence[OutboxMessage]]:
    """Some at a time, each in a transaction that ends when the next ones are asked for."""
    for start in range(0, len(ids), AT_ONCE):
        query = select(OutboxMessage).where(
            OutboxMessage.id.in_(ids[start : start + AT_ONCE]), OutboxMessage.state.in_(states)
        )
        with transaction() as session:
            messages = session.scalars(locked(query, OutboxMessage)).all()
            yield messages
            for connection_id in {message.connection_id for message in messages}:
                _update_alert(connection_id)
