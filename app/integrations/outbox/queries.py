"""Selects over the outbox."""

from sqlalchemy import Select, func, select

from app.integrations.outbox.models import OutboxMessage


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
