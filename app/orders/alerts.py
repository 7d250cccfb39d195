"""The kinds of alerts of orders."""

from app.core.alerts import AlertKind

ALERTS = (
    AlertKind(
        name="orders.late",
        keys="orders:late",
        label="Orders are late",
        permission="orders.ship",
        severity="warning",
    ),
)
