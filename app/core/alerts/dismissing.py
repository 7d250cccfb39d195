"""Putting an alert right by hand."""

from datetime import UTC, datetime

from sqlalchemy import select

from app.core.actors import current_actor
from app.core.alerts.events import AlertsChanged
from app.core.alerts.models import Alert
from app.core.db import locked, transaction
from app.core.errors import DomainError
from app.core.events import publish
from app.core.slices import slices


class NotDismissible(DomainError):
    """An alert closes by itself, or is closed already."""


def is_dismissible(alert: Alert) -> bool:
    """Tell whether an alert can be put right by hand."""
    kind = slices().alerts.get(alert.kind)
    return alert.is_open and (kind is None or kind.is_dismissible)


def dismiss_alert(alert_id: int) -> Alert:
    """Close an alert that somebody has looked into; the same cause may raise a new one.

    Raises:
        NotDismissible: It closes when what it tells is over, or it is put right already.
    """
    with transaction() as session:
        one = select(Alert).where(Alert.id == alert_id)
        alert = session.scalars(locked(one, Alert)).one()
        if not alert.is_open:
            raise NotDismissible("This was put right already.")
        if not is_dismissible(alert):
            raise NotDismissible("This closes by itself when it is put right.")
        alert.closed_at, alert.dismissed_by = datetime.now(UTC), current_actor().name
        publish(AlertsChanged())
    return alert
