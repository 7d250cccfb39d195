"""The records of a connection that wait, taken kind by kind and batch by batch."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import func, select, update

from app.core.db import db, transaction
from app.core.events import publish
from app.core.people import Actor, acting_as
from app.integrations.errors import Unreadable
from app.integrations.events import ConnectionChanged
from app.integrations.models import Connection, ExternalRecord
from app.integrations.projection.definition import Given, Target, projection
from app.integrations.projection.loading import load
from app.integrations.sync.writing import FOLLOW, Refused, resolve, set_aside

BATCH = 2000


def follow_mirror(connection_id: int) -> dict[str, int]:
    """Let our records follow all that waits; give how many records of each kind did."""
    connection = db.session.get_one(Connection, connection_id)
    plan = projection(connection.system)
    done = {}
    with acting_as(Actor(None, plan.name, None)), _told(connection_id):
        for target in plan.targets:
            done[target.kind] = _all(connection, target)
        for kind, project in plan.other.items():
            done[kind] = project(connection_id)
    return {kind: count for kind, count in done.items() if count}


@contextmanager
def _told(connection_id: int) -> Iterator[None]:
    """Tell the open pages in the end: there may be new doubts, or records set aside."""
    try:
        yield
    finally:
        with transaction():
            publish(ConnectionChanged(connection_id=connection_id))


def _all(connection: Connection, target: Target) -> int:
    total = 0
    while count := _batch(connection, target):
        total += count
    return total


def _batch(connection: Connection, target: Target) -> int:
    with waiting(connection.id, target.kind) as records:
        given, refused = _read(target, records)
        refused += load(connection, target, given)
        set_aside(connection.id, target.kind, refused, stage=FOLLOW)
        bad = {one.external_id for one in refused}
        good = [r.external_id for r in records if r.external_id not in bad]
        resolve(connection.id, target.kind, good, stage=FOLLOW)
    return len(records)


def leave(kind: str, connection_id: int) -> int:
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
def waiting(
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
) -> tuple[list[Given], list[Refused]]:
    given, refused = [], []
    for record in records:
        is_gone = record.gone_at is not None
        try:
            values = target.read(record.payload)
        except Unreadable as error:
            refused.append(Refused(record.external_id, str(error), str(record.payload)[:500]))
            continue
        if values is not None:
            given.append(Given(record.external_id, values, is_gone))
    return given, refused
