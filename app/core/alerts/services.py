"""Raising alerts, closing them, and remembering who was told."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.core.alerts.events import AlertRaised, AlertsChanged
from app.core.alerts.kinds import find_kind
from app.core.alerts.models import Alert
from app.core.db import transaction
from app.core.events import publish
from app.core.permissions import catalogue

IS_NEW: ColumnElement[bool] = literal_column("(xmax = 0)")  # inserted, not met again


def raise_alert(
    *, kind: str, key: str, title: str, text: str = "", href: str, permission: str = ""
) -> Alert:
    """Tell whoever has to know of a cause, until `close_alert` is called with its key.

    If it is open already, the words are renewed and the count grows, and nobody is told
    again: a run that fails every hour may raise it every hour. `href` is a path of ours
    where the cause can be put right. `permission` is that of the kind, where it declares one.

    Raises:
        ValueError: There is no such kind, the key is none of its keys, or there is no such
            permission, so nobody would ever see it.
    """
    words = _words(kind, key, permission, title=title, text=text, href=href)
    return _raised(key, words, counted={"occurrences": Alert.occurrences + 1})


def keep_alert(*, kind: str, key: str, title: str, text: str = "", href: str) -> Alert:
    """Tell of a state that lasts, as `raise_alert` tells of what happens.

    Whoever looks after it says every time how it is now: it is not counted, and open pages
    hear only of other words.
    """
    return _raised(key, _words(kind, key, "", title=title, text=text, href=href), counted={})


def close_alert(key: str) -> None:
    """Say that a cause is put right; if nothing is open under the key, it stays so."""
    is_its = (Alert.key == key, Alert.closed_at.is_(None))
    closing = update(Alert).where(*is_its).values(closed_at=datetime.now(UTC))
    with transaction() as session:
        if session.scalars(closing.returning(Alert.id)).one_or_none():
            publish(AlertsChanged())


def note_mailed(alert_id: int) -> None:
    """Remember that the mail of an alert has been sent."""
    mailed = update(Alert).where(Alert.id == alert_id, Alert.mailed_at.is_(None))
    with transaction() as session:
        session.execute(mailed.values(mailed_at=func.now()))


def _words(kind: str, key: str, permission: str, **words: str) -> dict[str, str]:
    declared = find_kind(kind)
    if not declared.covers(key):
        raise ValueError(f"{key!r} is no key of {kind}: they are {declared.keys}")
    permission = permission or declared.permission
    area, _dot, verb = permission.partition(".")
    if verb not in catalogue().get(area, {}):
        raise ValueError(f"No permission is called {permission!r}")
    return words | {"kind": kind, "severity": declared.severity, "permission": permission}


def _raised(key: str, words: dict[str, str], *, counted: dict[str, Any]) -> Alert:
    """Open an alert, or renew what is open; without a count only if the words are others."""
    with transaction() as session:
        row = session.execute(_opened(key, words, counted)).one_or_none()
        if row is None:  # it is open in the same words
            return session.scalars(_open(key)).one()
        alert: Alert = row[0]
        if row[1]:
            publish(AlertRaised(alert_id=alert.id))
        publish(AlertsChanged())
    return alert


def _open(key: str) -> Select[Alert]:
    return select(Alert).where(Alert.key == key, Alert.closed_at.is_(None))


def _opened(key: str, words: dict[str, str], counted: dict[str, Any]) -> Any:
    """Insert an alert, or renew it: of many at once, one inserts and the others count."""
    differs = or_(*(getattr(Alert, name) != value for name, value in words.items()))
    row = insert(Alert).values(key=key, **words)
    renewed = row.on_conflict_do_update(
        index_elements=[Alert.key],
        index_where=Alert.closed_at.is_(None),
        set_=words | counted,
        where=None if counted else differs,
    )
    return renewed.returning(Alert, IS_NEW).execution_options(populate_existing=True)
