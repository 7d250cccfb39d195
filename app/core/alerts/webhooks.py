"""What other programs hear of alerts."""

from collections.abc import Mapping
from typing import Any

from app.core.alerts.events import AlertRaised
from app.core.alerts.models import Alert
from app.core.alerts.rules import rule_of
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
        "severity": alert.severity,
        "title": alert.title,
        "text": alert.text,
        "url": public_url(alert.href),
        "closed_at": alert.closed_at.isoformat() if alert.closed_at else None,
    }


def _is_told(alert_id: int) -> bool:
    """Whether the rule of its kind lets programs hear of an alert."""
    alert = db.session.get_one(Alert, alert_id)
    rule = rule_of(alert.kind)
    return rule is not None and rule.is_sent


WEBHOOKS = (
    WebhookEvent(
        name="alert.raised",
        label="Alert raised",
        event=AlertRaised,
        data=_alert,
        is_told=_is_told,
    ),
)
