"""Selects over what waits for a decision."""

from typing import Any

from sqlalchemy import Select, func, select

from app.integrations.inbound.models import RecordLink
from app.integrations.sync.models import ExternalRecord


def doubts(connection_id: int) -> Select[RecordLink]:
    """What may stand for one of ours, and waits for somebody to say so."""
    return select(RecordLink).where(
        RecordLink.connection_id == connection_id, RecordLink.state == "doubtful"
    )


def doubt_counts(connection_id: int) -> Select[str, int]:
    """How many there are of each kind."""
    waiting = doubts(connection_id).with_only_columns(RecordLink.kind, func.count())
    return waiting.group_by(RecordLink.kind)


def matches(connection_id: int, kind: str = "") -> Select[Any]:
    """The doubts, of one kind if it is named: each with the record there."""
    there = (
        (ExternalRecord.connection_id == RecordLink.connection_id)
        & (ExternalRecord.kind == RecordLink.kind)
        & (ExternalRecord.external_id == RecordLink.external_id)
    )
    waiting = doubts(connection_id).add_columns(ExternalRecord.payload)
    waiting = waiting.join(ExternalRecord, there)
    return waiting.where(RecordLink.kind == kind) if kind else waiting
