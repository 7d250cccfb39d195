"""What waits for somebody: doubtful matches, rejected records, refusals of the outbox."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.core.api import page_of, page_schema, sorted_query
from app.core.db import Model, db
from app.core.errors import Invalid
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.integrations.api.blueprint import bp, one
from app.integrations.api.fields import (
    DOUBTS,
    MESSAGES,
    ChosenSchema,
    DecidedSchema,
    DecisionSchema,
    MatchQuery,
    MatchSchema,
    OutboxQuery,
    OutboxSchema,
    RejectedSchema,
)
from app.integrations.inbound import decisions
from app.integrations.inbound import queries as inbound
from app.integrations.inbound.models import RecordLink
from app.integrations.outbox import queries as outbox
from app.integrations.outbox.models import OutboxMessage
from app.integrations.outbox.services import dismiss_messages, retry_messages
from app.integrations.sync import queries as sync
from app.integrations.sync.models import RejectedRecord

LATEST = {"id": RejectedRecord.id}


@bp.get("/<int:connection_id>/matches")
@requires("integrations.manage")
@bp.arguments(MatchQuery, location="query")
@bp.response(200, page_schema(MatchSchema))
def list_matches(query: dict[str, Any], connection_id: int) -> dict[str, Any]:
    """List records that may be ones of ours."""
    found, kind = inbound.doubts(one(connection_id).id), query.pop("kind")
    found = found.where(RecordLink.kind == kind) if kind else found
    return page_of(found, query, sorts=DOUBTS)


@bp.post("/<int:connection_id>/matches/decide")
@requires("integrations.manage")
@idempotent
@bp.arguments(DecisionSchema)
@bp.response(200, DecidedSchema)
def decide_matches(given: dict[str, Any], connection_id: int) -> dict[str, Any]:
    """Say of matches whether they are the same."""

    def decide(ids: Sequence[int]) -> Mapping[str, Any]:
        return decisions.decide_matches(ids, decision=given["decision"])

    return _done(RecordLink, connection_id, given["ids"], decide)


@bp.get("/<int:connection_id>/rejected")
@requires("integrations.view")
@bp.arguments(sorted_query(LATEST, "-id"), location="query")
@bp.response(200, page_schema(RejectedSchema))
def list_rejected(query: dict[str, Any], connection_id: int) -> dict[str, Any]:
    """List records that could not be taken and are not put right yet."""
    found = sync.rejected(one(connection_id).id)
    return page_of(found, query, sorts=LATEST)


@bp.post("/<int:connection_id>/rejected/retry")
@requires("integrations.sync")
@idempotent
@bp.arguments(ChosenSchema)
@bp.response(200, DecidedSchema)
def retry_rejected(given: dict[str, Any], connection_id: int) -> dict[str, Any]:
    """Ask for rejected records again, and let ours follow them again."""
    return _done(RejectedRecord, connection_id, given["ids"], decisions.retry_rejected)


@bp.post("/<int:connection_id>/rejected/settle")
@requires("integrations.sync")
@idempotent
@bp.arguments(ChosenSchema)
@bp.response(200, DecidedSchema)
def settle_rejected(given: dict[str, Any], connection_id: int) -> dict[str, Any]:
    """Hold rejected records for settled by hand: another reason brings them back."""
    return _done(RejectedRecord, connection_id, given["ids"], decisions.settle_rejected)


@bp.get("/<int:connection_id>/outbox")
@requires("integrations.view")
@bp.arguments(OutboxQuery, location="query")
@bp.response(200, page_schema(OutboxSchema))
def list_outbox(query: dict[str, Any], connection_id: int) -> dict[str, Any]:
    """List what is or was to be told, the newest first."""
    found, state = outbox.outbox(one(connection_id).id), query.pop("state")
    found = found.where(OutboxMessage.state == state) if state else found
    return page_of(found, query, sorts=MESSAGES)


@bp.post("/<int:connection_id>/outbox/retry")
@requires("integrations.sync")
@idempotent
@bp.arguments(ChosenSchema)
@bp.response(200, DecidedSchema)
def retry_outbox(given: dict[str, Any], connection_id: int) -> dict[str, Any]:
    """Tell again what was refused, or waits for its time."""
    return _done(OutboxMessage, connection_id, given["ids"], retry_messages)


@bp.post("/<int:connection_id>/outbox/dismiss")
@requires("integrations.sync")
@idempotent
@bp.arguments(ChosenSchema)
@bp.response(200, DecidedSchema)
def dismiss_outbox(given: dict[str, Any], connection_id: int) -> dict[str, Any]:
    """Hold refusals for settled by hand."""
    return _done(OutboxMessage, connection_id, given["ids"], dismiss_messages)


def _done(
    model: type[Model],
    connection_id: int,
    ids: Sequence[int],
    do: Callable[[Sequence[int]], Mapping[str, Any]],
) -> dict[str, Any]:
    """Do something with records of a connection, and say for how many it was done.

    Raises:
        Invalid: One of them is none of this connection's.
    """
    kind: Any = model
    mine = select(kind.id).where(kind.connection_id == one(connection_id).id, kind.id.in_(ids))
    if strangers := {*ids} - {*db.session.scalars(mine)}:
        raise Invalid("ids", f"{min(strangers)} is none of this connection's.")
    result = do([*dict.fromkeys(ids)])
    return {"done": len({*ids}), "refused": 0, "errors": [], **result}
