"""The kinds of alerts of purchasing."""

from app.core.alerts import AlertKind

ALERTS = (
    AlertKind(
        name="purchase_orders.late",
        keys="purchase_orders:late",
        label="Purchase orders are late",
        permission="purchase_orders.view",
        severity="warning",
    ),
    AlertKind(  # who wants its e-mail says so in the alert rules
        name="product.low",
        keys="reorder:*",
        label="Products run low",
        permission="purchase_orders.edit",
        severity="warning",
        is_mailed=False,
    ),
    AlertKind(
        name="goods.aside",
        keys="goods_receipt:*:aside",
        label="Goods were put aside",
        permission="purchase_orders.edit",
        severity="warning",
        is_dismissible=True,
    ),
)
