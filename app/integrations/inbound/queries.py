"""Selects over what waits for a decision."""

from typing import Any

from sqlalchemy import Select, select

from app.integrations.inbound.catalog import CatalogTarget
from app.integrations.inbound.models import RecordLink
from app.integrations.sync.models import ExternalRecord

MATCH_SORTS = {"id": RecordLink.id}


def doubts(connection_id: int) -> Select[RecordLink]:
    """What may stand for one of ours, and waits for somebody to say so."""
    return select(RecordLink).where(
        RecordLink.connection_id == connection_id, RecordLink.state == "doubtful"
    )


def matches(connection_id: int, target: CatalogTarget) -> Select[Any]:
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
