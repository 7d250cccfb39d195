"""The kinds of alerts of transfers."""

from app.core.alerts import AlertKind

ALERTS = (
    AlertKind(
        name="transfers.late",
        keys="transfers:late",
        label="Transfers are late",
        permission="transfers.view",
        severity="warning",
    ),
)
