"""What the command bar finds of transfers: the number on their paper."""

from app.core.search import Numbered

_TRANSFER = """SELECT concat(source.code, ' → ', destination.code) AS title,
    CASE WHEN status = 'cancelled' THEN 'Cancelled' ELSE '' END AS state
FROM transfer
JOIN location AS source ON source.id = source_id
JOIN location AS destination ON destination.id = destination_id
WHERE transfer.id = %(id)s
"""
GROUPS = (
    Numbered(
        prefix="TR-",
        statement=_TRANSFER,
        page="transfer_orders.show",
        key="transfer_id",
        icon="truck",
    ).group("transfer_orders", "transfers.view", 46, "Transfers"),
)
