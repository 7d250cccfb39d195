"""The records of a connection that wait, taken kind by kind and batch by batch."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from sqlalchemy import Text, cast, func, select, text, update

from app.core.actors import Actor, acting_as
from app.core.bulk import seldom_collected
from app.core.db import db, transaction
from app.core.events import publish
from app.integrations.hub.connector import find_connector
from app.integrations.hub.events import ConnectionChanged
from app.integrations.hub.models import Connection
from app.integrations.inbound.alerts import update_alert
from app.integrations.inbound.targets import PendingRecord, Target, targets
from app.integrations.sync.mirror import APPLY, reject_records, resolve_rejections
from app.integrations.sync.models import ExternalRecord

# One array: a thousand parameters take as long as what they name.
FOLLOWED = text(
    "UPDATE external_record SET projected_at = now() WHERE id = ANY(CAST(:ids AS bigint[]))"
)


def apply_changes(connection_id: int) -> dict[str, int]:
    """Let our records follow all that waits; give how many records of each kind did."""
    connection = db.session.get_one(Connection, connection_id)
    connector, plan = find_connector(connection.system), targets(connection.system)
    known = {target.kind for target in plan}
    actor = Actor(None, connector.label, None)
    with acting_as(actor), _publishing(connection_id), seldom_collected():
        done = {target.kind: _apply(connection, target) for target in plan}
        for stream in connector.streams:
            if stream.kind not in known:
                done[stream.kind] = skip_records(connection_id, stream.kind)
    return {kind: count for kind, count in done.items() if count}


def decode(payload: str) -> Any:
    """Read what is mirrored, in a third of the time that the driver takes.

    A number beyond all floats, which msgspec refuses, is for its own record to stumble over:
    it must not keep the others waiting.
    """
    try:
        return msgspec.json.decode(payload)
    except msgspec.ValidationError:
        return json.loads(payload)


@contextmanager
def _publishing(connection_id: int) -> Iterator[None]:
    """Tell the open pages in the end: there may be new doubts, or records rejected."""
    try:
        yield
    finally:
        with transaction():
            update_alert(connection_id)
            publish(ConnectionChanged(connection_id=connection_id))


def _apply(connection: Connection, target: Target) -> int:
    total = 0
    while count := _apply_batch(connection, target):
        total += count
    target.finish(connection)
    return total


def _apply_batch(connection: Connection, target: Target) -> int:
    with pending_records(connection.id, target.kind, limit=target.batch_size) as records:
        rejected, left = target.apply(connection, records)
        reject_records(connection.id, target.kind, rejected, stage=APPLY)
        records[:] = [one for one in records if one.external_id not in left]
        bad = {one.external_id for one in rejected}
        good = [one.external_id for one in records if one.external_id not in bad]
        resolve_rejections(connection.id, target.kind, good, stage=APPLY)
        return len(records)


def skip_records(connection_id: int, kind: str) -> int:
    """Records that are only mirrored wait for nothing."""
    with transaction() as session:
        result: Any = session.execute(
            update(ExternalRecord)
            .where(
                ExternalRecord.connection_id == connection_id,
                ExternalRecord.kind == kind,
                ExternalRecord.projected_at.is_(None),
            )
            .values(projected_at=func.now())
        )
        return int(result.rowcount)


@contextmanager
def pending_records(
    connection_id: int, kind: str, *, limit: int
) -> Iterator[list[PendingRecord]]:
    """Take some records that wait; those still in the list after the block wait no more.

    Two workers share them; a sync that changes one waits until the block is over.
    """
    columns = [getattr(ExternalRecord, name) for name in PendingRecord._fields]
    query = (
        select(*[cast(c, Text) if c.key == "payload" else c for c in columns])
        .where(
            ExternalRecord.connection_id == connection_id,
            ExternalRecord.kind == kind,
            ExternalRecord.projected_at.is_(None),
        )
        .order_by(ExternalRecord.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    with transaction() as session:
        records = [
            PendingRecord._make((*row[:4], decode(row.payload), *row[5:]))
            for row in session.execute(query)
        ]
        yield records
        ids = [record.id for record in records]
        session.execute(FOLLOWED, {"ids": ids})
