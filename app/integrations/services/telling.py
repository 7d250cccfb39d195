"""What waits to be told to an outside system is told, each thing once.

A request whose answer was lost may have been heard. So an attempt is counted and committed
before it is made, and every further one asks first what the last one has made.
"""

import logging
from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import func, select

from app.core.alerts import close_alert, raise_alert
from app.core.db import db, locked, transaction
from app.core.events import publish
from app.integrations.client import Client
from app.integrations.connector import connector
from app.integrations.errors import (
    NotConnected,
    ReconnectNeeded,
    Rejected,
    Throttled,
    Unavailable,
)
from app.integrations.events import ConnectionChanged, OutboundWaits
from app.integrations.models import Connection, OutboundWrite

log = logging.getLogger(__name__)


def tell_waiting(connection_id: int) -> datetime | None:
    """Tell what is due; give when something is due again, None if nothing waits."""
    connection = db.session.get_one(Connection, connection_id)
    db.session.commit()
    if connection.is_live:
        client = Client(connection)
        while write := _next(connection_id):
            if not _tell(write, client):
                break
    with transaction() as session:
        due = select(func.min(OutboundWrite.due_at)).where(*_waiting(connection_id))
        moment: datetime | None = session.scalar(due)
    return moment


def ask_again(connection_id: int, ids: Collection[int]) -> int:
    """Try again what the system has refused, or what waits for its time."""
    with transaction():
        writes = _picked(connection_id, ids)
        for write in writes:
            write.ask_again()
        if writes:
            publish(OutboundWaits(connection_id=connection_id))
        _settle(connection_id)
    return len(writes)


def dismiss(connection_id: int, ids: Collection[int]) -> int:
    """Say that a refusal is settled otherwise."""
    with transaction():
        writes = [one for one in _picked(connection_id, ids) if one.state == "refused"]
        for write in writes:
            write.state = "dismissed"
        _settle(connection_id)
    return len(writes)


def _next(connection_id: int) -> OutboundWrite | None:
    """Take the next one, and count the attempt: nobody else has it for a while."""
    query = (
        select(OutboundWrite)
        .where(*_waiting(connection_id), OutboundWrite.due_at <= func.now())
        .order_by(OutboundWrite.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    with transaction() as session:
        write = session.scalars(query).first()
        if write is not None:
            write.try_()
    return write


def _tell(write: OutboundWrite, client: Client) -> bool:
    """Tell one thing; False: the system cannot be talked to at present."""
    try:
        number = _known(write, client) or _said(write, client)
    except Rejected as error:
        _note(write.id, refused=str(error))
        return True
    except Throttled as error:
        _note(write.id, reason=str(error), until=error.retry_at)
        return False
    except (Unavailable, ReconnectNeeded, NotConnected) as error:
        log.warning("Outbound write %s: %s", write.id, error)
        _note(write.id, reason=str(error))
        return False
    _note(write.id, number=number)
    return True


def _known(write: OutboundWrite, client: Client) -> str | None:
    """What an earlier attempt has made, though its answer was lost."""
    if not write.may_be_there:
        return None
    outside = client.connector
    read = partial(outside.found_in, write.payload)
    return client.ask(outside.looking_up(write.payload), read)


def _said(write: OutboundWrite, client: Client) -> str:
    outside = client.connector
    return outside.written_in(client.send(outside.writing(write.payload)))


def _note(
    write_id: int, *, number: str = "", refused: str = "", reason: str = "",
    until: datetime | None = None,
) -> None:  # fmt: skip
    with transaction() as session:
        query = select(OutboundWrite).where(OutboundWrite.id == write_id)
        write = session.scalars(locked(query, OutboundWrite)).one()
        if write.state != "waiting":  # somebody has decided meanwhile
            return
        if number:
            write.succeed(number)
        elif refused:
            write.refuse(refused)
        else:
            write.wait(reason, until=until)
        _settle(write.connection_id)


def _settle(connection_id: int) -> None:
    """Tell people of refusals while there are any, and the open pages."""
    with transaction() as session:
        session.flush()
        refused = select(OutboundWrite).where(
            OutboundWrite.connection_id == connection_id, OutboundWrite.state == "refused"
        )
        first = session.scalars(refused.order_by(OutboundWrite.id.desc()).limit(1)).first()
        key = f"connection:{connection_id}:refused"
        if first is None:
            close_alert(key)
        else:
            connection = session.get_one(Connection, connection_id)
            raise_alert(
                key=key,
                permission="integrations.manage",
                title=f"{connector(connection.system).label} has refused something",
                text=f"{first.label}: {first.reason}",
                href=f"/connections/{connection_id}/outbound",
            )
        publish(ConnectionChanged(connection_id=connection_id))


def _waiting(connection_id: int) -> tuple[Any, ...]:
    return OutboundWrite.connection_id == connection_id, OutboundWrite.state == "waiting"


def _picked(connection_id: int, ids: Collection[int]) -> list[OutboundWrite]:
    query = select(OutboundWrite).where(
        OutboundWrite.connection_id == connection_id,
        OutboundWrite.id.in_(ids),
        OutboundWrite.state.in_(("waiting", "refused")),
    )
    with transaction() as session:
        return [*session.scalars(locked(query, OutboundWrite))]
