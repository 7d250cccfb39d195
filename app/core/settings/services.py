"""Reading settings, once per request, and changing them."""

from typing import Any

from flask import g
from sqlalchemy import select, text

from app.core.audit.models import AuditEntry
from app.core.db import after_commit, db, transaction
from app.core.errors import DomainError
from app.core.settings.definitions import Definition, Value
from app.core.settings.models import Setting
from app.core.slices import slices
from app.core.value_texts import exact
from app.core.versions import HeldBefore, Past, merge_changes


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
        _forget()
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
    _forget()
    after_commit(_forget)


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


def _read() -> dict[str, Any]:
    """Read the table, once in each application context: request or job."""
    if "settings" not in g:
        rows = db.session.execute(db.select(Setting.key, Setting.value, Setting.version)).all()
        values = {definition.key: definition.default for definition in slices().settings}
        values |= {key: value for key, value, _version in rows if key in values}
        g.settings = {"values": values, "version": sum(version for *_rest, version in rows)}
    return g.settings


def _forget() -> None:
    g.pop("settings", None)
