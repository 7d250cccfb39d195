"""The records of a connection that wait, taken kind by kind and batch by batch."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import func, select, update

from app.core.actors import Actor, acting_as
from app.core.db import db, transaction
from app.core.events import publish
from app.integrations.hub.connector import find_connector
from app.integrations.hub.events import ConnectionChanged
from app.integrations.hub.models import Connection
from app.integrations.inbound.alerts import update_alert
from app.integrations.inbound.targets import Target, targets
from app.integrations.sync.mirror import APPLY, reject_records, resolve_rejections
from app.integrations.sync.models import ExternalRecord


def apply_changes(connection_id: int) -> dict[str, int]:
    """Let our records follow all that waits; give how many records of each kind did."""
    connection = db.session.get_one(Connection, connection_id)
    connector, plan = find_connector(connection.system), targets(connection.system)
    known = {target.kind for target in plan}
    with acting_as(Actor(None, connector.label, None)), _publishing(connection_id):
        done = {target.kind: _apply(connection, target) for target in plan}
        for stream in connector.streams:
            if stream.kind not in known:
                done[stream.kind] = skip_records(connection_id, stream.kind)
    return {kind: count for kind, count in done.items() if count}


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
) -> Iterator[list[ExternalRecord]]:
    """Take some records that wait; those still in the list after the block wait no more.

    Two workers share them; a sync that changes one waits until the block is over.
    """
    query = (
        select(ExternalRecord)
        .where(
            ExternalRecord.connection_id == connection_id,
            ExternalRecord.kind == kind,
            ExternalRecord.projected_at.is_(None),
        )
        .order_by(ExternalRecord.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    with transaction() as session:
        taken = [*session.scalars(query)]
        records = [*taken]
        yield records
        ids = [record.id for record in records]
        followed = update(ExternalRecord).where(ExternalRecord.id.in_(ids))
        session.execute(
            followed.values(projected_at=func.now()),
            execution_options={"synchronize_session": False},
        )
        for record in taken:  # a million of them have passed through in the end
            session.expunge(record)
