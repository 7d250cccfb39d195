"""Raising alerts, closing them, and remembering who was told."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert

from app.core.alerts.events import AlertRaised, AlertsChanged
from app.core.alerts.models import Alert
from app.core.db import transaction
from app.core.events import publish
from app.core.permissions import catalogue


def raise_alert(
    *, key: str, permission: str, title: str, text: str = "", href: str, kind: str = "problem"
) -> Alert:
    """Tell whoever holds `permission` of a cause, until `close_alert` is called with its key.

    If it is open already, the words are renewed and the count grows, and nobody is told
    again: a run that fails every hour may raise it every hour. `href` is a path of ours
    where the cause can be put right.

    Raises:
        ValueError: There is no such permission, so nobody would ever see it.
    """
    if not _is_known(permission):
        raise ValueError(f"No permission is called {permission!r}")
    words = {"permission": permission, "title": title, "text": text, "href": href, "kind": kind}
    with transaction() as session:
        alert = session.scalars(_opened(key, words)).one()
        if alert.occurrences == 1:
            publish(AlertRaised(alert_id=alert.id))
        publish(AlertsChanged())
    return alert


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


def _is_known(permission: str) -> bool:
    area, _dot, verb = permission.partition(".")
    return verb in catalogue().get(area, {})


def _opened(key: str, words: dict[str, str]) -> Any:
    """Insert an alert, or count it again: of many at once, one inserts and the others count."""
    row = insert(Alert).values(key=key, **words)
    counted = row.on_conflict_do_update(
        index_elements=[Alert.key],
        index_where=Alert.closed_at.is_(None),
        set_=words | {"occurrences": Alert.occurrences + 1},
    )
    return counted.returning(Alert).execution_options(populate_existing=True)
