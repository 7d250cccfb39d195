"""What only a person can say: which records belong together, which side wins, what to retry."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError

from app.core.actors import current_actor
from app.core.db import locked, transaction
from app.core.errors import Invalid
from app.core.events import publish
from app.integrations.hub.events import ConnectionChanged
from app.integrations.hub.models import Connection
from app.integrations.inbound.alerts import update_alert
from app.integrations.inbound.catalog import OURS, THEIRS, catalog_targets
from app.integrations.inbound.models import RecordLink
from app.integrations.sync.events import MirrorChanged
from app.integrations.sync.models import ExternalRecord, RejectedRecord, WebhookEvent
from app.integrations.sync.services import start_sync

DECISIONS = {"same": "linked", "separate": "separate", "ignore": "ignored"}
AT_ONCE = 200  # what is locked together
MOST_REPORTED = 500


def decide_matches(link_ids: Sequence[int], *, decision: str) -> dict[str, Any]:
    """Say of doubtful matches that they are the same, different, or none of ours.

    Gives how many were decided; one that somebody else has decided meanwhile stays as it is.
    Two of theirs cannot stand for one of ours: the second is refused, with the reason.

    Raises:
        Invalid: There is no such decision.
    """
    if decision not in DECISIONS:
        raise Invalid("decision", "Say whether they are the same.")
    report = _Report()
    for some in _in_parts(link_ids):
        with transaction() as session:
            links = session.scalars(_doubtful(some)).all()
            decided = [link for link in links if _decided(link, decision, report)]
            for connection_id in {link.connection_id for link in decided}:
                publish(MirrorChanged(connection_id=connection_id))
                publish(ConnectionChanged(connection_id=connection_id))
        report.done += len(decided)
    return report.result


def _doubtful(link_ids: Sequence[int]) -> Select[RecordLink]:
    query = select(RecordLink).where(
        RecordLink.id.in_(link_ids), RecordLink.state == "doubtful"
    )
    return locked(query.order_by(RecordLink.id), RecordLink)


def _decided(link: RecordLink, decision: str, report: "_Report") -> bool:
    try:
        with transaction() as session:
            link.state = DECISIONS[decision]
            link.reason = "Confirmed" if decision == "same" else ""
            link.record_id = link.record_id if decision == "same" else None
            session.flush()
            _requeue(link.connection_id, link.kind, [link.external_id])
    except IntegrityError:
        report.refuse(link.external_id, "One of ours would stand for two of theirs.")
        return False
    return True


def set_field_precedence(
    connection_id: int,
    field_precedence: Mapping[str, str],
    *,
    was: Mapping[str, str] | None = None,
) -> None:
    """Say per field which side wins where both have a value: `kind.field` -> theirs or ours.

    `was` is what they were when somebody looked: a field that is still wanted so was not
    touched, and stays as others have set it since. There are two sides only, so two people who
    both change a field want the same.

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
        changed = {
            name
            for name, side in field_precedence.items()
            if side not in (present[name], (was or {}).get(name))
        }
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


def retry_rejected(ids: Sequence[int]) -> dict[str, Any]:
    """Ask again for records that were rejected, and let ours follow them again.

    Raises:
        NotConnected: The connection is not live.
    """
    for some in _in_parts(ids):
        query = select(RejectedRecord).where(
            RejectedRecord.id.in_(some), RejectedRecord.resolved_at.is_(None)
        )
        with transaction() as session:
            rows = session.scalars(locked(query, RejectedRecord)).all()
            for row in rows:
                _ask_again(session.get_one(Connection, row.connection_id), row)
            session.flush()
            for connection_id in sorted({row.connection_id for row in rows}):
                start_sync(connection_id, mode="objects", cause="person")
    return {}


def settle_rejected(ids: Sequence[int]) -> dict[str, Any]:
    """Say that records were settled by hand: they come back for another reason only.

    Gives how many were; what has been put right meanwhile stays as it is.
    """
    done = 0
    for some in _in_parts(ids):
        query = select(RejectedRecord).where(
            RejectedRecord.id.in_(some), RejectedRecord.resolved_at.is_(None)
        )
        with transaction() as session:
            rows = session.scalars(locked(query, RejectedRecord)).all()
            for row in rows:
                row.resolved_at, row.settled_by = datetime.now(UTC), current_actor().name
            for connection_id in {row.connection_id for row in rows}:
                update_alert(connection_id)
                publish(ConnectionChanged(connection_id=connection_id))
        done += len(rows)
    return {"done": done}


def _ask_again(connection: Connection, row: RejectedRecord) -> None:
    if not row.external_id:  # there is nothing to ask for: the next sync will tell
        row.resolved_at = datetime.now(UTC)
        return
    _requeue(connection.id, row.kind, [row.external_id])
    with transaction() as session:
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


class _Report:
    """What became of some rows, as a bulk action tells it."""

    def __init__(self) -> None:
        self.done = 0
        self.errors: list[dict[str, str]] = []

    def refuse(self, record: str, reason: str) -> None:
        self.errors.append({"record": record, "reason": reason})

    @property
    def result(self) -> dict[str, Any]:
        """The part of the job's result that differs from the usual one."""
        if not self.errors:
            return {"done": self.done}
        refused = {"refused": len(self.errors), "errors": self.errors[:MOST_REPORTED]}
        return {"done": self.done, **refused}


def _in_parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Some at a time, so that nobody waits long for a row."""
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def _requeue(connection_id: int, kind: str, external_ids: Sequence[str] | None = None) -> None:
    """Let ours follow some records again, or all of a kind."""
    waiting = update(ExternalRecord).where(
        ExternalRecord.connection_id == connection_id, ExternalRecord.kind == kind
    )
    if external_ids is not None:
        waiting = waiting.where(ExternalRecord.external_id.in_(external_ids))
    with transaction() as session:
        session.execute(waiting.values(projected_at=None))
