"""How much there is, told to the shop's source: only what differs, a thousand at a time.

Magento takes off what it has sold and not shipped by itself. So it is told what is on hand
less what is promised to others: what is reserved for its own orders is still counted. What a
picker did not find is not told, until somebody has counted it.
"""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert

from app.core.db import db, end_transaction, locked, transaction
from app.core.errors import Invalid
from app.core.events import publish
from app.integrations.hub.client import Client
from app.integrations.hub.connector import Write
from app.integrations.hub.events import ConnectionChanged
from app.integrations.hub.models import Connection
from app.integrations.systems.magento.connector import ALL
from app.integrations.systems.magento.models import PublishedStock, StockSource

AT_ONCE = 1000
PATH = f"{ALL}/inventory/source-items"

# A shipment that was told makes Magento take the goods off its source, which we had taken off
# before: such products are told again. While one waits, the shop believes in too few, not in
# too many.
DIFFERING = text("""
SELECT product.id, shop.payload ->> 'sku' AS sku, amount.quantity
FROM record_link AS link
JOIN product ON product.id = link.record_id
JOIN connection ON connection.id = link.connection_id
JOIN external_record AS shop ON shop.connection_id = link.connection_id
    AND shop.kind = link.kind AND shop.external_id = link.external_id AND shop.gone_at IS NULL
LEFT JOIN published_stock AS told ON told.connection_id = link.connection_id
    AND told.product_id = product.id
CROSS JOIN LATERAL (
    SELECT greatest(
        coalesce((SELECT sum(on_hand - reserved) FROM stock_balance AS balance
            WHERE balance.product_id = product.id AND NOT balance.is_doubted), 0)
        + coalesce((SELECT sum(reservation.quantity) FROM reservation
            JOIN sales_order_line AS line ON line.id = reservation.document_id
            JOIN sales_order ON sales_order.id = line.order_id
            WHERE reservation.product_id = product.id AND reservation.state = 'active'
            AND reservation.document_type = 'order_line' AND sales_order.channel = 'magento'
            AND sales_order.channel_account = connection.account), 0),
    0) AS quantity
) AS amount
WHERE link.connection_id = :connection_id AND link.kind = 'product' AND link.state = 'linked'
AND shop.payload ->> 'type_id' = 'simple'
AND (told.quantity IS DISTINCT FROM amount.quantity OR EXISTS (
    SELECT FROM outbox_message AS write
    JOIN sales_order_line AS line ON line.order_id = write.subject_id
    WHERE write.connection_id = link.connection_id AND write.subject_type = 'sales_order'
    AND write.sent_at > told.published_at AND line.product_id = product.id))
ORDER BY product.id
LIMIT :most
""")


def stock_source(connection_id: int) -> str:
    """Give the source that stock is published to; "": none."""
    found = select(StockSource.source).where(StockSource.connection_id == connection_id)
    return db.session.scalar(found) or ""


def set_stock_source(connection_id: int, source: str) -> None:
    """Publish stock to a source from now on; "": to none.

    Raises:
        Invalid: No source has such a code.
    """
    if source and not re.fullmatch(r"[A-Za-z0-9_.-]{1,100}", source):
        raise Invalid("source", "This is not the code of a source, such as default.")
    with transaction() as session:
        connection = select(Connection).where(Connection.id == connection_id)
        session.scalars(locked(connection, Connection)).one()
        mine = select(StockSource).where(StockSource.connection_id == connection_id)
        known = session.scalars(mine).one_or_none()
        if not source and known is not None:
            session.delete(known)
        elif known is not None:
            known.source = source
        elif source:
            session.add(StockSource(connection_id=connection_id, source=source))
        publish(ConnectionChanged(connection_id=connection_id))


def publish_stock(connection_id: int) -> int:
    """Tell what differs from what was told before; give how many products did.

    Raises:
        Unavailable, ReconnectNeeded, Throttled: The next time tells it.
        Rejected: Magento does not take it.
    """
    connection = db.session.get_one(Connection, connection_id)
    source = stock_source(connection_id)
    end_transaction()
    if not source or not connection.is_live:
        return 0
    client, total = Client(connection), 0
    while rows := _differing(connection_id):
        client.send(Write(PATH, {"sourceItems": [_item(row, source) for row in rows]}))
        _remember(connection_id, rows)
        total += len(rows)
    return total


def publishing_connections() -> list[int]:
    """The connections that are told."""
    wanted = (
        select(StockSource.connection_id)
        .join(Connection, Connection.id == StockSource.connection_id)
        .where(Connection.state == "connected")
    )
    return [*db.session.scalars(wanted)]


def _differing(connection_id: int) -> Sequence[Any]:
    values = {"connection_id": connection_id, "most": AT_ONCE}
    with transaction() as session:
        return session.execute(DIFFERING, values).all()


def _item(row: Any, source: str) -> dict[str, Any]:
    return {
        "sku": row.sku,
        "source_code": source,
        "quantity": float(row.quantity),
        "status": int(row.quantity > 0),
    }


def _remember(connection_id: int, rows: Sequence[Any]) -> None:
    statement = insert(PublishedStock).values(
        [
            {
                "connection_id": connection_id,
                "product_id": row.id,
                "quantity": row.quantity,
                "published_at": func.now(),
            }
            for row in rows
        ]
    )
    new = {name: statement.excluded[name] for name in ("quantity", "published_at")}
    with transaction() as session:
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["connection_id", "product_id"], set_=new
            )
        )
