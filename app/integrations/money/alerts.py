"""Telling of what is due about money: disputes that want an answer."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.core.alerts import AlertKind, close_alert, keep_alert
from app.core.db import db
from app.core.quantities import money
from app.integrations.hub.models import Connection
from app.integrations.money.models import MoneyDispute

KEY = "money:disputes"
SOON = timedelta(days=14)
ALERTS = (
    AlertKind(
        name="money.disputes",
        keys=KEY,
        label="Disputed payments want an answer",
        permission="money.view",
        severity="warning",
    ),
)


def watch_disputes() -> None:
    """Keep one alert while a dispute wants an answer within two weeks, or has lost it."""
    query = (
        select(MoneyDispute)
        .join(Connection)
        .where(MoneyDispute.state == "needs_answer", MoneyDispute.due_at.is_not(None))
        .where(MoneyDispute.due_at < datetime.now(UTC) + SOON)
        .where(Connection.state != "disconnected")
        .order_by(MoneyDispute.due_at, MoneyDispute.id)
    )
    found = db.session.scalars(query).all()
    if not found:
        close_alert(KEY)
        return
    what = "One payment is" if len(found) == 1 else f"{len(found):,} payments are"
    first = found[0]
    amount = f"{money(first.amount, first.currency)} {first.currency}"
    due = f"{first.due_at:%Y-%m-%d %H:%M} UTC" if first.due_at else ""
    keep_alert(
        kind="money.disputes",
        key=KEY,
        title=f"{what} disputed",
        text=f"{first.external_id}, {amount}: answer until {due}.",
        href="/money/disputes?state=needs_answer",
    )
