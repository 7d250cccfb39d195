"""Selects over connections, their runs and what waits for a decision."""

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.integrations.models import (
    Connection,
    ExternalRecord,
    OutboxMessage,
    RecordLink,
    RejectedRecord,
    SyncRun,
)
from app.integrations.projection.definition import Target

RUN_SORTS = {"id": SyncRun.id}
REJECTED_SORTS = {"id": RejectedRecord.id, "kind": RejectedRecord.kind}
OUTBOX_SORTS = {"id": OutboxMessage.id}
MATCH_SORTS = {"id": RecordLink.id}


def connections() -> Select[Connection]:
    """Every connection, the live ones first."""
    is_over = Connection.state == "disconnected"
    return select(Connection).order_by(Connection.system, is_over, Connection.id.desc())


def connection(connection_id: int) -> Select[Connection]:
    """One connection, without its tokens."""
    return select(Connection).where(Connection.id == connection_id)


def live_connection(system: str) -> Select[Connection]:
    """The connection of a system that is not ended; it may need a new sign-in."""
    return select(Connection).where(
        Connection.system == system, Connection.state != "disconnected"
    )


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


def outbox(connection_id: int) -> Select[OutboxMessage]:
    """What is or was to be told."""
    return select(OutboxMessage).where(OutboxMessage.connection_id == connection_id)


def outbox_counts(connection_id: int) -> Select[str, int]:
    """How much waits to be told, and how much was refused."""
    return (
        select(OutboxMessage.state, func.count())
        .where(
            OutboxMessage.connection_id == connection_id,
            OutboxMessage.state.in_(("waiting", "refused")),
        )
        .group_by(OutboxMessage.state)
    )


def doubts(connection_id: int) -> Select[RecordLink]:
    """What may stand for one of ours, and waits for somebody to say so."""
    return select(RecordLink).where(
        RecordLink.connection_id == connection_id, RecordLink.state == "doubtful"
    )


def matches(connection_id: int, target: Target) -> Select[Any]:
    """The doubts of one kind: the link, their record and ours, side by side."""
    model: Any = target.model
    there = (
        (ExternalRecord.connection_id == RecordLink.connection_id)
        & (ExternalRecord.kind == RecordLink.kind)
        & (ExternalRecord.external_id == RecordLink.external_id)
    )
    return (
        select(RecordLink, ExternalRecord.payload, model)
        .join(ExternalRecord, there)
        .join(model, model.id == RecordLink.record_id)
        .where(
            RecordLink.connection_id == connection_id,
            RecordLink.kind == target.kind,
            RecordLink.state == "doubtful",
        )
    )
