"""Questions about alerts."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, case, select

from app.core.alerts.models import SEVERITIES, Alert

LATELY = timedelta(days=30)

WORST_FIRST = case({one: place for place, one in enumerate(SEVERITIES)}, value=Alert.severity)


def open_alerts() -> Select[Alert]:
    """What is to be put right, the most severe first, then the newest."""
    query = select(Alert).where(Alert.closed_at.is_(None))
    return query.order_by(WORST_FIRST, Alert.id.desc())


def alerts_put_right() -> Select[Alert]:
    """What was put right in the last 30 days, the last first."""
    since = datetime.now(UTC) - LATELY
    return select(Alert).where(Alert.closed_at > since).order_by(Alert.closed_at.desc())
