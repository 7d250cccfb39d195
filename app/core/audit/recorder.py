"""Listens to what the session writes, so no service can forget to tell."""

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import Select, event, insert, inspect, select
from sqlalchemy.orm import Session, UOWTransaction
from sqlalchemy.orm.attributes import History
from sqlalchemy.orm.base import PASSIVE_NO_INITIALIZE

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
        # Else those with and those without a version would be a statement each.
        session.execute(insert(AuditEntry), entries, execution_options={"render_nulls": True})


def _entry(record: Any, action: str) -> dict[str, Any]:
    actor, past = current_actor(), _past(record)
    return {
        "record_type": record.__tablename__,
        "record_id": record.id,
        "label": str(record),
        "action": action,
        "actor_id": actor.id,
        "actor": actor.name,
        "address": actor.address,
        "version": getattr(record, "version", None),
        "held": _held(record, past),
        "changes": _changes(record, past),
    }


def _held(record: Any, past: Mapping[str, History]) -> dict[str, Any] | None:
    """Give what audited fields held before, exactly; what has no versions is never merged."""
    held = inspect(record).info.pop("held", {})
    if not hasattr(record, "version"):
        return None
    held |= {key: exact(one.deleted[0]) for key, one in past.items() if one.deleted}
    return dict(held)


def _changes(record: Any, past: Mapping[str, History]) -> dict[str, list[str]]:
    """Compare each audited field with what the database held before."""
    changes = {}
    for key, one in past.items():
        before, after = _first(one.deleted), _first(one.added)
        if before != after:
            changes[key] = [before, after]
    return changes | inspect(record).info.pop("noted", {})


def _past(record: Any) -> dict[str, History]:
    """What audited fields held and hold, of those that were set since the record was read.

    To ask the history of every column would cost more than to write the record.
    """
    state, kind = inspect(record), record.__class__
    touched = [key for key in _audited(kind) if key in state.committed_state]
    past = {key: state.get_history(key, PASSIVE_NO_INITIALIZE) for key in touched}
    return {key: one for key, one in past.items() if one.has_changes()}


@cache
def _audited(kind: Any) -> tuple[str, ...]:
    """Name the fields of a kind of record that are told, in their order."""
    names, hidden = inspect(kind).column_attrs.keys(), kind.unaudited | NEVER_TOLD
    return tuple(name for name in names if name not in hidden)


def _first(values: Any) -> str:
    return shown(values[0]) if values else ""
