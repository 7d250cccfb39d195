"""The kinds of alerts of reconciliation."""

from app.core.alerts import AlertKind

ALERTS = (
    AlertKind(
        name="reconcile.discrepancies",
        keys="reconcile:discrepancies",
        label="Stock differs from what marketplaces have",
        permission="reconcile.view",
        severity="warning",
    ),
)
