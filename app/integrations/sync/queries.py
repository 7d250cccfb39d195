"""Selects over syncs and the mirror."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.integrations.sync.models import ExternalRecord, RejectedRecord, StreamState, SyncRun


def runs(connection_id: int) -> Select[SyncRun]:
    """The syncs of a connection, the newest first."""
    mine = select(SyncRun).where(SyncRun.connection_id == connection_id)
    return mine.options(joinedload(SyncRun.job)).order_by(SyncRun.id.desc())


def run(connection_id: int, run_id: int) -> Select[SyncRun]:
    """One sync of a connection."""
    return runs(connection_id).where(SyncRun.id == run_id)


def counts(connection_id: int) -> Select[str, int]:
    """How many records of each kind the mirror has."""
    return (
        select(ExternalRecord.kind, func.count())
        .where(ExternalRecord.connection_id == connection_id, ExternalRecord.gone_at.is_(None))
        .group_by(ExternalRecord.kind)
    )


def mirrored(connection_id: int, kind: str) -> Select[Any]:
    """The records of a kind as the system has them, in the order of their ids as text."""
    return (
        select(ExternalRecord.payload)
        .where(
            ExternalRecord.connection_id == connection_id,
            ExternalRecord.kind == kind,
            ExternalRecord.gone_at.is_(None),
        )
        .order_by(ExternalRecord.external_id)
    )


def rejected(connection_id: int) -> Select[RejectedRecord]:
    """What could not be understood and has not been put right."""
    return select(RejectedRecord).where(
        RejectedRecord.connection_id == connection_id, RejectedRecord.resolved_at.is_(None)
    )


def read_at(kind: str, connection_ids: Sequence[int]) -> Select[int, datetime | None]:
    """When a stream of some connections was last read to its end: how old what we know is."""
    return (
        select(StreamState.connection_id, StreamState.read_at)
        .where(StreamState.stream == kind, StreamState.connection_id.in_(connection_ids))
        .where(StreamState.read_at.is_not(None))
        .order_by(StreamState.connection_id)
    )
