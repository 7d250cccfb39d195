"""Questions about alerts."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, case, select

from app.core.alerts.models import KINDS, Alert

LATELY = timedelta(days=30)

SEVERITY = case({kind: place for place, kind in enumerate(KINDS)}, value=Alert.kind)


def open_alerts() -> Select[Alert]:
    """What is to be put right, the most severe first, then the newest."""
    query = select(Alert).where(Alert.closed_at.is_(None))
    return query.order_by(SEVERITY, Alert.id.desc())


def alerts_put_right() -> Select[Alert]:
    """What was put right in the last 30 days, the last first."""
    since = datetime.now(UTC) - LATELY
    return select(Alert).where(Alert.closed_at > since).order_by(Alert.closed_at.desc())


def told_to(permissions: Collection[str], query: Select[Alert]) -> Select[Alert]:
    """Those among some alerts that holders of these permissions are told of."""
    return query.where(Alert.permission.in_(permissions))
