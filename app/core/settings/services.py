"""Reading settings, which each process remembers, and changing them."""

from typing import Any

from flask import Flask, current_app, g
from sqlalchemy import event, select, text
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from app.core.audit.models import AuditEntry
from app.core.db import after_commit, db, transaction
from app.core.errors import DomainError
from app.core.memories import Memory
from app.core.settings.definitions import Definition, Value
from app.core.settings.models import Setting
from app.core.slices import slices
from app.core.value_texts import exact
from app.core.versions import HeldBefore, Past, merge_changes

State = dict[str, Any]  # `values` by key, and the `version` of all of them together
MARK = "opsroom:settings"


class UnfitSettings(DomainError):
    """Some settings do not fit, each with its reason."""

    status = 422
    code = "invalid"

    def __init__(self, refusals: dict[str, str]) -> None:
        super().__init__("Some settings do not fit.")
        self.refusals = refusals

    @property
    def fields(self) -> dict[str, list[str]]:
        """The reason of each."""
        return {key: [reason] for key, reason in self.refusals.items()}


def init_app(app: Flask) -> None:
    """Begin with nothing remembered, and listen to what changes a setting."""
    app.extensions["settings"] = Memory[State](MARK, once_a_context=True)
    if not event.contains(db.session, "after_flush", _flushed):
        event.listen(db.session, "after_flush", _flushed)
        event.listen(db.session, "do_orm_execute", _executes)


def memory() -> Memory[State]:
    """Give what this process remembers of the settings."""
    cached: Memory[State] = current_app.extensions["settings"]
    return cached


def setting(key: str) -> Any:
    """Give the value of a setting.

    Raises:
        KeyError: There is no such setting.
    """
    return _read()["values"][key]


def all_settings() -> dict[str, Value]:
    """Give the values of all settings."""
    return dict(_read()["values"])


def settings_version() -> int:
    """Number the present state of all settings: it grows with each change."""
    version: int = _read()["version"]
    return version


def set_settings(*, version: int | None = None, **values: Value) -> None:
    """Set some settings, based on the state that `version` numbers; None is any state.

    Raises:
        UnfitSettings: A value is of the wrong type or not allowed, or there is no such key.
        StaleVersion: Settings have been changed since `version`.
    """
    _check(values)
    with transaction() as session:
        session.execute(text("LOCK TABLE setting IN SHARE ROW EXCLUSIVE MODE"))
        _read_anew()
        present = all_settings()
        now = settings_version()
        if version not in (None, now):
            values = merge_changes(present, values, version=version, now=now, past=_past).wanted
        differing = {key: new for key, new in values.items() if new != present[key]}
        rows = {row.key: row for row in session.query(Setting)}
        for key, value in differing.items():
            if key in rows:
                rows[key].revise(version=None, value=value)
            else:
                session.add(Setting(key=key, value=value))


def _past(version: int) -> Past | None:
    """What was set since a version: each change of a setting has counted one.

    A setting that was set for the first time had its default.
    """
    changes = select(AuditEntry).where(AuditEntry.record_type == "setting")
    number = settings_version() - version
    if number < 0:
        return None
    newest = db.session.scalars(changes.order_by(AuditEntry.id.desc()).limit(number)).all()
    defaults = {one.key: exact(one.default) for one in slices().settings}
    past: dict[str, HeldBefore] = {}
    for entry in reversed(newest):
        held = (entry.held or {}).get("value", defaults.get(entry.label))
        past.setdefault(entry.label, HeldBefore(held, entry.actor))
    return past


def _check(values: dict[str, Value]) -> None:
    definitions = {definition.key: definition for definition in slices().settings}
    refusals = {
        key: reason
        for key, value in values.items()
        if (reason := _refusal(definitions.get(key), value))
    }
    if refusals:
        raise UnfitSettings(refusals)


def _refusal(definition: Definition | None, value: Value) -> str | None:
    if definition is None:
        return "There is no such setting."
    return definition.refusal(value)


def _read() -> State:
    """Give the state of the table, once in each application context: request or job.

    Between contexts the process remembers it. Who has changed settings reads the table: until
    that is durable nobody else may know.
    """
    if "settings" not in g:
        has_changed = g.get("has_changed_settings", False)
        g.settings = _read_table() if has_changed else memory().find("all", _read_table)
    state: State = g.settings
    return state


def _read_table() -> State:
    rows = db.session.execute(db.select(Setting.key, Setting.value, Setting.version)).all()
    values = {definition.key: definition.default for definition in slices().settings}
    values |= {key: value for key, value, _version in rows if key in values}
    return {"values": values, "version": sum(version for *_rest, version in rows)}


def _read_anew() -> None:
    """Believe in this context what the table says, not what is remembered."""
    g.pop("settings", None)
    g.has_changed_settings = True


def _durable() -> None:
    _read_anew()
    memory().change_mark()


def _flushed(session: Session, _flush: UOWTransaction) -> None:
    if any(
        isinstance(one, Setting) for one in (*session.new, *session.dirty, *session.deleted)
    ):
        _read_anew()
        after_commit(_durable)


def _executes(state: ORMExecuteState) -> None:
    is_change = state.is_insert or state.is_update or state.is_delete
    if is_change and getattr(state.statement, "table", None) == Setting.__table__:
        _read_anew()
        after_commit(_durable)
