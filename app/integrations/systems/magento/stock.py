"""How much there is, told to the shop's source: only what differs, a thousand at a time.

Magento takes off what it has sold and not shipped by itself. So it is told what is on hand
less what is promised to others: what is reserved for its own orders is still counted. What a
picker did not find is not told, until somebody has counted it. Of a bundle of ours it is told
how many whole ones can be made up; to the shop that is a product like any other, so what its
orders hold of the components is not for sale there either.

A shop takes all that is sent at once or nothing. So what it refuses is told again by halves,
until it is known which it refuses: those are parked in the outbox with its words, and the
others go through. What is parked is not told again until somebody retries it.
"""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert

from app.core.db import db, end_transaction, locked, transaction
from app.core.errors import Invalid
from app.core.events import publish
from app.integrations.hub import queries
from app.integrations.hub.client import Client
from app.integrations.hub.connector import Write
from app.integrations.hub.errors import Rejected
from app.integrations.hub.events import ConnectionChanged
from app.integrations.hub.models import Connection
from app.integrations.outbox.services import RefusedPart, park_refused, refresh_parked
from app.integrations.systems.magento.connector import SOURCES, STOCK
from app.integrations.systems.magento.models import PublishedStock, StockSource

AT_ONCE = 1000
NOT_FIT = "400"  # what was sent is wrong; anything else is no matter of single products
MOST_REFUSED = 40  # requests in a row, before it is clear that all of it is refused
PRODUCT = "product"

# A shipment that was told makes Magento take the goods off its source, which we had taken off
# before: such products are told again. While one waits, the shop believes in too few, not in
# too many.
DIFFERING = text("""
WITH RECURSIVE part AS (
    SELECT component.product_id AS bundle_id, component.component_id,
        component.quantity::numeric AS quantity
    FROM product_component AS component
    JOIN product ON product.id = component.product_id AND product.kind = 'bundle'
    UNION ALL
    SELECT part.bundle_id, component.component_id, part.quantity * component.quantity
    FROM part
    JOIN product ON product.id = part.component_id AND product.kind = 'bundle'
    JOIN product_component AS component ON component.product_id = part.component_id
), held AS (
    SELECT part.bundle_id, part.component_id, sum(part.quantity) AS quantity FROM part
    JOIN product ON product.id = part.component_id AND product.kind <> 'bundle'
    GROUP BY part.bundle_id, part.component_id
), bundle AS (
    SELECT held.bundle_id, min(floor(coalesce(
        (SELECT sum(balance.on_hand - balance.reserved) FROM stock_balance AS balance
        WHERE balance.product_id = held.component_id
            AND NOT balance.is_doubted AND NOT balance.is_withheld), 0)
        / held.quantity)) AS quantity
    FROM held GROUP BY held.bundle_id
)
SELECT product.id, shop.payload ->> 'sku' AS sku, product.sku AS ours, amount.quantity,
    parked.state IN ('refused', 'waiting') AS is_parked
FROM record_link AS link
JOIN product ON product.id = link.record_id
JOIN connection ON connection.id = link.connection_id
JOIN external_record AS shop ON shop.connection_id = link.connection_id
    AND shop.kind = link.kind AND shop.external_id = link.external_id AND shop.gone_at IS NULL
LEFT JOIN published_stock AS told ON told.connection_id = link.connection_id
    AND told.product_id = product.id
LEFT JOIN outbox_message AS parked ON parked.connection_id = link.connection_id
    AND parked.key = 'stock:' || product.id
LEFT JOIN bundle ON bundle.bundle_id = product.id
CROSS JOIN LATERAL (
    SELECT greatest(
        coalesce(bundle.quantity, (SELECT sum(on_hand - reserved) FROM stock_balance AS balance
            WHERE balance.product_id = product.id
            AND NOT balance.is_doubted AND NOT balance.is_withheld), 0)
        + coalesce((SELECT sum(reservation.quantity) FROM reservation
            JOIN sales_order_line AS line ON line.id = reservation.document_id
            JOIN sales_order ON sales_order.id = line.order_id
            WHERE reservation.product_id = product.id AND reservation.state = 'active'
            AND reservation.document_type = 'order_line' AND sales_order.channel = 'magento'
            AND line.bundle_line_id IS NULL
            AND sales_order.channel_account = connection.account), 0)
        + coalesce((SELECT sum(whole.quantity) FROM (
            SELECT min(floor(coalesce(
                (SELECT sum(reservation.quantity) FROM reservation
                WHERE reservation.document_id = line.id AND reservation.state = 'active'
                AND reservation.document_type = 'order_line'), 0)
                / line.per_bundle)) AS quantity
            FROM sales_order_line AS sold
            JOIN sales_order ON sales_order.id = sold.order_id
            JOIN sales_order_line AS line ON line.bundle_line_id = sold.id
            WHERE bundle.bundle_id IS NOT NULL AND sold.product_id = product.id
            AND sold.quantity_shipped + sold.quantity_cancelled < sold.quantity
            AND sales_order.channel = 'magento'
            AND sales_order.channel_account = connection.account
            GROUP BY sold.id) AS whole), 0),
    0) AS quantity
) AS amount
WHERE link.connection_id = :connection_id AND link.kind = 'product' AND link.state = 'linked'
AND shop.payload ->> 'type_id' = 'simple'
AND (told.quantity IS DISTINCT FROM amount.quantity OR parked.sent_at > told.published_at
    OR EXISTS (
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
        Rejected: Magento takes nothing of it.
    """
    connection = db.session.get_one(Connection, connection_id)
    source = stock_source(connection_id)
    end_transaction()
    if not source or not connection.is_live:
        return 0
    client, total = Client(connection), 0
    while rows := _differing(connection_id):
        fresh = [row for row in rows if not row.is_parked]
        batches = _Batches(client, source)
        batches.send(fresh)
        with transaction():
            refresh_parked(connection_id, [_parked(r, source) for r in rows if r.is_parked])
            park_refused(connection_id, batches.refused)
            _remember(connection_id, rows)
        total += len(fresh) - len(batches.refused)
    return total


class _Batches:
    """Tells a shop how much there is of what, and finds out what of it is refused."""

    def __init__(self, client: Client, source: str) -> None:
        self.refused: list[RefusedPart] = []
        self._client, self._source = client, source
        self._is_anything_taken, self._asked_in_vain = False, 0

    def send(self, rows: Sequence[Any]) -> None:
        """Tell all of them; what is refused, by halves.

        Raises:
            Rejected: Not a single one is taken, or it is no matter of what was sent.
        """
        if not rows:
            return
        items = [_item(row, self._source) for row in rows]
        try:
            self._client.send(Write(SOURCES, {STOCK: items}))
        except Rejected as error:
            self._asked_in_vain += 1
            is_in_vain = not self._is_anything_taken and self._asked_in_vain > MOST_REFUSED
            if error.vendor_code != NOT_FIT or is_in_vain:
                raise
            if len(rows) == 1:
                self.refused.append(_parked(rows[0], self._source, str(error)))
                return
        else:
            self._is_anything_taken = True
            return
        middle = len(rows) // 2
        self.send(rows[:middle])
        self.send(rows[middle:])


def _parked(row: Any, source: str, reason: str = "") -> RefusedPart:
    return RefusedPart(
        key=f"stock:{row.id}",
        label=f"Stock of {row.ours}",
        subject_type=PRODUCT,
        subject_id=row.id,
        payload={STOCK: [_item(row, source)]},
        reason=reason,
    )


def publishing_connections() -> list[int]:
    """The connections that are told."""
    wanted = queries.working_connections().join(
        StockSource, Connection.id == StockSource.connection_id
    )
    return [*db.session.scalars(wanted.with_only_columns(Connection.id))]


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
