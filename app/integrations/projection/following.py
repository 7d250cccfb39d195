"""The records of a connection that wait, taken kind by kind and batch by batch."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import func, select, update

from app.core.db import db, transaction
from app.core.events import announce
from app.core.people import Actor, acting_as
from app.integrations.errors import Unreadable
from app.integrations.events import ConnectionChanged
from app.integrations.models import Connection, ExternalRecord
from app.integrations.projection.definition import IncomingRecord, Target, projection
from app.integrations.projection.loading import load_records
from app.integrations.sync.writing import APPLY, Rejection, reject_records, resolve_rejections

BATCH = 2000


def apply_changes(connection_id: int) -> dict[str, int]:
    """Let our records follow all that waits; give how many records of each kind did."""
    connection = db.session.get_one(Connection, connection_id)
    plan = projection(connection.system)
    done = {}
    with acting_as(Actor(None, plan.name, None)), _publishing(connection_id):
        for target in plan.targets:
            done[target.kind] = _all(connection, target)
        for kind, project in plan.other.items():
            done[kind] = project(connection_id)
    return {kind: count for kind, count in done.items() if count}


@contextmanager
def _publishing(connection_id: int) -> Iterator[None]:
    """Tell the open pages in the end: there may be new doubts, or records rejected."""
    try:
        yield
    finally:
        with transaction():
            announce(ConnectionChanged(connection_id=connection_id))


def _all(connection: Connection, target: Target) -> int:
    total = 0
    while count := _batch(connection, target):
        total += count
    return total


def _batch(connection: Connection, target: Target) -> int:
    with pending_records(connection.id, target.kind) as records:
        incoming, refused = _read(target, records)
        refused += load_records(connection, target, incoming)
        reject_records(connection.id, target.kind, refused, stage=APPLY)
        bad = {one.external_id for one in refused}
        good = [r.external_id for r in records if r.external_id not in bad]
        resolve_rejections(connection.id, target.kind, good, stage=APPLY)
    return len(records)


def skip_records(kind: str, connection_id: int) -> int:
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
    connection_id: int, kind: str, *, limit: int = BATCH
) -> Iterator[Sequence[ExternalRecord]]:
    """Take some records that wait; after the block they wait no more.

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
        records = session.scalars(query).all()
        yield records
        ids = [record.id for record in records]
        followed = update(ExternalRecord).where(ExternalRecord.id.in_(ids))
        session.execute(
            followed.values(projected_at=func.now()),
            execution_options={"synchronize_session": False},
        )
        for record in records:  # a million of them have passed through in the end
            session.expunge(record)


def _read(
    target: Target, records: Sequence[ExternalRecord]
) -> tuple[list[IncomingRecord], list[Rejection]]:
    incoming, refused = [], []
    for record in records:
        is_gone = record.gone_at is not None
        try:
            values = target.read(record.payload)
        except Unreadable as error:
            refused.append(Rejection(record.external_id, str(error), str(record.payload)[:500]))
            continue
        if values is not None:
            incoming.append(IncomingRecord(record.external_id, values, is_gone))
    return incoming, refused
