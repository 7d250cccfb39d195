"""What becomes of a shop's records here."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import select, update

from app.catalog.importers import PRODUCTS
from app.catalog.models import Product
from app.core.db import transaction
from app.integrations.hub.models import Connection
from app.integrations.inbound.catalog import OURS, CatalogTarget
from app.integrations.inbound.keys import new_skus
from app.integrations.inbound.matching import match_products
from app.integrations.inbound.targets import (
    BulkTarget,
    IncomingRecord,
    PendingRecord,
    RecordTarget,
    Target,
    Values,
)
from app.integrations.sync.mirror import Rejection
from app.integrations.sync.models import ExternalRecord
from app.integrations.systems.magento import bulk_orders, reading
from app.integrations.systems.magento.orders import apply_order

TOGETHER = 100  # orders: half a second


class InvoiceTarget(BulkTarget):
    """Orders of new invoices are applied again: what is invoiced may be picked."""

    def write(
        self, connection: Connection, incoming: Sequence[IncomingRecord]
    ) -> Sequence[Rejection]:
        """Let their orders wait once more."""
        again = update(ExternalRecord).where(
            ExternalRecord.connection_id == connection.id,
            ExternalRecord.kind == "order",
            ExternalRecord.external_id.in_({one.values["order_id"] for one in incoming}),
        )
        again = again.values(projected_at=None)
        with transaction() as session:
            session.execute(again, execution_options={"synchronize_session": False})
        return ()


class OrderTarget(RecordTarget):
    """A shop's orders become ours, each with its invoices."""

    def prepare(
        self, connection: Connection, records: Sequence[PendingRecord]
    ) -> bulk_orders.Known:
        """Look up the invoices of some orders, and what is ours of them."""
        order_id = ExternalRecord.payload["order_id"].astext
        query = select(order_id, ExternalRecord.payload).where(
            ExternalRecord.connection_id == connection.id,
            ExternalRecord.payload.has_key("order_id"),
            ExternalRecord.kind == "invoice",
            order_id.in_([one.external_id for one in records]),
        )
        found: dict[str, list[Any]] = {}
        with transaction() as session:
            for number, payload in session.execute(query):
                found.setdefault(number, []).append(payload)
            return bulk_orders.look_up(connection, records, found)

    def apply_in_bulk(
        self,
        connection: Connection,
        records: Sequence[PendingRecord],
        context: bulk_orders.Known,
    ) -> Collection[str]:
        """Make and confirm those that need nothing special."""
        return bulk_orders.apply_in_bulk(connection, records, context)

    def apply_one(
        self,
        connection: Connection,
        record: PendingRecord,
        context: bulk_orders.Known,
    ) -> None:
        """Make, confirm, split, hold or cancel ours."""
        apply_order(connection, record, context.invoices.get(record.external_id, []))


def _order_of(record: Mapping[str, Any]) -> Values:
    return {"order_id": reading.invoice_of(record)[0]}


TARGETS: Sequence[Target] = (
    CatalogTarget(
        kind="product", label="Products", model=Product, key="sku", importer=PRODUCTS,
        read=reading.product, match=partial(match_products, "product"),
        new_keys=partial(new_skus, "M"),
        fields=dict.fromkeys(("name", "price", "cost", "barcodes", "is_active"), OURS),
    ),
    InvoiceTarget(kind="invoice", read=_order_of),
    OrderTarget(kind="order", batch_size=TOGETHER),
)  # fmt: skip
