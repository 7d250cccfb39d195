"""What other programs hear of alerts."""

from collections.abc import Mapping
from typing import Any

from app.core.alerts.events import AlertRaised
from app.core.alerts.models import Alert
from app.core.db import db
from app.core.mail import public_url
from app.core.webhooks import WebhookEvent


def _alert(alert_id: int) -> Mapping[str, Any] | None:
    alert = db.session.get(Alert, alert_id)
    if alert is None:
        return None
    return {
        "key": alert.key,
        "kind": alert.kind,
        "title": alert.title,
        "text": alert.text,
        "url": public_url(alert.href),
        "closed_at": alert.closed_at.isoformat() if alert.closed_at else None,
    }


WEBHOOKS = (
    WebhookEvent(
        name="alert.raised",
        label="Alert raised",
        event=AlertRaised,
        data=_alert,
    ),
)
