"""Listens to what the session writes, so no service can forget to tell."""

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import Select, event, insert, inspect, select
from sqlalchemy.orm import Session, UOWTransaction

from app.core.actors import current_actor
from app.core.audit.models import AuditEntry
from app.core.db import Model, db
from app.core.value_texts import exact, shown

NEVER_TOLD = frozenset({"id", "created_at", "updated_at", "version"})


class Audited:
    """Mixin for a table whose changes are kept, except those of `unaudited` fields.

    `value_labels` says, by field, what people call the values that programs know.
    """

    unaudited: ClassVar[frozenset[str]] = frozenset()
    value_labels: ClassVar[Mapping[str, Mapping[str, str]]] = {}


def init_app() -> None:
    """Listen to what the session writes."""
    if not event.contains(db.session, "after_flush", _record):
        event.listen(db.session, "after_flush", _record)


def history(record: Model) -> Select[AuditEntry]:
    """Changes of a record, the newest first."""
    return (
        select(AuditEntry)
        .where(AuditEntry.record_type == record.__tablename__)
        .where(AuditEntry.record_id == record.id)
        .order_by(AuditEntry.id.desc())
    )


def note(
    record: Model, field: str, before: object, after: object, *, attribute: str = ""
) -> None:
    """Tell, with the record's next change, what no column of its own holds: its lines.

    `attribute` is what the record calls them, if that is not what people do.
    """
    if before != after:
        info = inspect(record).info
        info.setdefault("noted", {})[field] = [shown(before), shown(after)]
        info.setdefault("held", {})[attribute or field] = exact(before)


def _record(session: Session, _flush: UOWTransaction) -> None:
    """Write an entry for every audited record that this flush has changed."""
    new = [_entry(record, "created") for record in session.new if isinstance(record, Audited)]
    old = [_entry(record, "changed") for record in session.dirty if isinstance(record, Audited)]
    if entries := [entry for entry in [*new, *old] if entry["changes"]]:
        session.execute(insert(AuditEntry), entries)


def _entry(record: Any, action: str) -> dict[str, Any]:
    actor = current_actor()
    return {
        "record_type": record.__tablename__,
        "record_id": record.id,
        "label": str(record),
        "action": action,
        "actor_id": actor.id,
        "actor": actor.name,
        "address": actor.address,
        "version": getattr(record, "version", None),
        "held": _held(record),
        "changes": _changes(record),
    }


def _held(record: Any) -> dict[str, Any] | None:
    """Give what audited fields held before, exactly; what has no versions is never merged."""
    state = inspect(record)
    held = state.info.pop("held", {})
    if not hasattr(record, "version"):
        return None
    for key in _touched(record):
        past = state.attrs[key].history
        if past.deleted:
            held[key] = exact(past.deleted[0])
    return dict(held)


def _changes(record: Any) -> dict[str, list[str]]:
    """Compare each audited field with what the database held before."""
    state, changes = inspect(record), {}
    for key in _touched(record):
        past = state.attrs[key].history
        if past.has_changes():
            before, after = _first(past.deleted), _first(past.added)
            if before != after:
                changes[key] = [before, after]
    return changes | state.info.pop("noted", {})


def _touched(record: Any) -> list[str]:
    """The audited fields that were set since the record was read, in their order.

    To ask the history of every column would cost more than to write the record.
    """
    state, hidden = inspect(record), record.unaudited | NEVER_TOLD
    names = state.mapper.column_attrs.keys()
    return [name for name in names if name in state.committed_state and name not in hidden]


def _first(values: Any) -> str:
    return shown(values[0]) if values else ""
