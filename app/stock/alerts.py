"""The kinds of alerts of stock."""

from app.core.alerts import AlertKind

ALERTS = (
    AlertKind(
        name="codes.twins",
        keys="catalog:twins",
        label="Codes are there twice",
        permission="products.edit",
        severity="warning",
    ),
    AlertKind(
        name="lots.expiring",
        keys="lots:expiring:*",
        label="Lots expire soon",
        permission="stock.adjust",
        severity="warning",
    ),
    AlertKind(
        name="lots.expired",
        keys="lots:expired:*",
        label="Lots on hand have expired",
        permission="stock.adjust",
        severity="warning",
    ),
    AlertKind(
        name="stock.ledger",
        keys="stock:ledger",
        label="The stock ledger does not add up",
        permission="stock.adjust",
    ),
)
