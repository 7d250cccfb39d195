"""What only a person can say: which records belong together, which side wins, what to retry."""

from collections.abc import Collection, Mapping, Sequence
from uuid import uuid4

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from app.core.db import locked, transaction
from app.core.errors import DomainError, Invalid
from app.core.events import publish
from app.integrations.hub.events import ConnectionChanged
from app.integrations.hub.models import Connection
from app.integrations.inbound.catalog import OURS, THEIRS, catalog_targets
from app.integrations.inbound.models import RecordLink
from app.integrations.sync.events import MirrorChanged
from app.integrations.sync.models import ExternalRecord, RejectedRecord, WebhookEvent
from app.integrations.sync.services import start_sync

DECISIONS = {"same": "linked", "separate": "separate", "ignore": "ignored"}
MOST = 1000


class AlreadyLinked(DomainError):
    """One of ours stands for another record of theirs already."""


def decide_matches(connection_id: int, link_ids: Collection[int], *, decision: str) -> int:
    """Say of doubtful matches that they are the same, different, or none of ours.

    Gives how many were decided; one that somebody else has decided meanwhile stays as it is.

    Raises:
        Invalid: There is no such decision.
        AlreadyLinked: Two of theirs would stand for one of ours.
    """
    if decision not in DECISIONS:
        raise Invalid("decision", "Say whether they are the same.")
    query = select(RecordLink).where(
        RecordLink.connection_id == connection_id,
        RecordLink.state == "doubtful",
        RecordLink.id.in_(link_ids),
    )
    try:
        with transaction() as session:
            links = session.scalars(locked(query.order_by(RecordLink.id), RecordLink)).all()
            for link in links:
                link.state = DECISIONS[decision]
                link.reason = "Confirmed" if decision == "same" else ""
                link.record_id = link.record_id if decision == "same" else None
                _requeue(connection_id, link.kind, [link.external_id])
            session.flush()
            publish(MirrorChanged(connection_id=connection_id))
            publish(ConnectionChanged(connection_id=connection_id))
    except IntegrityError as error:
        raise AlreadyLinked("One of ours would stand for two of theirs.") from error
    return len(links)


def set_field_precedence(connection_id: int, field_precedence: Mapping[str, str]) -> None:
    """Say per field which side wins where both have a value: `kind.field` -> theirs or ours.

    Raises:
        Invalid: There is no such field or side.
    """
    with transaction() as session:
        query = select(Connection).where(Connection.id == connection_id)
        connection = session.scalars(locked(query, Connection)).one()
        known = {
            f"{target.kind}.{name}": side
            for target in catalog_targets(connection.system)
            for name, side in target.fields.items()
        }
        for name, side in field_precedence.items():
            if name not in known or side not in {THEIRS, OURS}:
                raise Invalid(name, "There is no such field.")
        present = known | connection.field_precedence
        changed = {name for name, side in field_precedence.items() if side != present[name]}
        connection.field_precedence = {
            **connection.field_precedence,
            **{n: field_precedence[n] for n in sorted(changed)},
        }
        for kind in {
            name.partition(".")[0] for name in changed if field_precedence[name] == THEIRS
        }:
            _requeue(connection_id, kind)
        publish(MirrorChanged(connection_id=connection_id))
        publish(ConnectionChanged(connection_id=connection_id))


def retry_rejected(connection_id: int, ids: Collection[int]) -> int:
    """Ask again for records that were rejected, and let ours follow them again."""
    query = select(RejectedRecord).where(
        RejectedRecord.connection_id == connection_id,
        RejectedRecord.resolved_at.is_(None),
        RejectedRecord.id.in_(ids),
    )
    with transaction() as session:
        connection = session.get_one(Connection, connection_id)
        rows = session.scalars(locked(query, RejectedRecord)).all()
        for row in rows:
            if not row.external_id:  # there is nothing to ask for: the next sync will tell
                row.resolved_at = func.now()
                continue
            _requeue(connection_id, row.kind, [row.external_id])
            session.add(
                WebhookEvent(
                    system=connection.system,
                    account=connection.account,
                    event_id=f"retry-{uuid4().hex}",
                    kind=row.kind,
                    external_id=row.external_id,
                    operation="retry",
                )
            )
        session.flush()
        if rows:
            start_sync(connection_id, mode="objects", cause="person")
    return len(rows)


def _requeue(connection_id: int, kind: str, external_ids: Sequence[str] | None = None) -> None:
    """Let ours follow some records again, or all of a kind."""
    waiting = update(ExternalRecord).where(
        ExternalRecord.connection_id == connection_id, ExternalRecord.kind == kind
    )
    if external_ids is not None:
        waiting = waiting.where(ExternalRecord.external_id.in_(external_ids))
    with transaction() as session:
        session.execute(waiting.values(projected_at=None))
