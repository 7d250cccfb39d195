"""What becomes of a shop's records here."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import select, update

from app.catalog.importers import PRODUCTS
from app.catalog.models import Product
from app.core.db import transaction
from app.core.errors import DomainError
from app.integrations.errors import Unreadable
from app.integrations.magento import reading
from app.integrations.magento.following import apply_order
from app.integrations.models import ExternalRecord
from app.integrations.projection.definition import OURS, Projection, Target
from app.integrations.projection.following import pending_records
from app.integrations.projection.keys import new_skus
from app.integrations.projection.matching import match_products
from app.integrations.sync.writing import APPLY, Rejection, reject_records, resolve_rejections

AT_ONCE = 25  # orders that are locked together: pickers wait for no more
EXCERPT = 500


def apply_invoices(connection_id: int) -> int:
    """Let the orders of new invoices follow again: what is invoiced may be picked."""
    total = 0
    while count := _invoice_batch(connection_id):
        total += count
    return total


def _invoice_batch(connection_id: int) -> int:
    with pending_records(connection_id, "invoice") as records:
        orders, refused = set(), []
        for record in records:
            try:
                orders.add(reading.invoice_of(record.payload)[0])
            except Unreadable as error:
                refused.append(_rejection(record, error))
        again = update(ExternalRecord).where(
            ExternalRecord.connection_id == connection_id,
            ExternalRecord.kind == "order",
            ExternalRecord.external_id.in_(orders),
        )
        again = again.values(projected_at=None)
        with transaction() as session:
            session.execute(again, execution_options={"synchronize_session": False})
        _record_rejections(connection_id, "invoice", records, refused)
    return len(records)


def apply_orders(connection_id: int) -> int:
    """Let our orders follow the shop's."""
    total = 0
    while count := _order_batch(connection_id):
        total += count
    return total


def _order_batch(connection_id: int) -> int:
    with pending_records(connection_id, "order", limit=AT_ONCE) as records:
        invoices = _invoices_of(connection_id, [one.external_id for one in records])
        refused = []
        for record in records:
            try:
                with transaction():
                    apply_order(record, invoices.get(record.external_id, []))
            except (Unreadable, DomainError) as error:
                refused.append(_rejection(record, error))
        _record_rejections(connection_id, "order", records, refused)
    return len(records)


def _invoices_of(connection_id: int, order_ids: Sequence[str]) -> dict[str, list[Any]]:
    order_id = ExternalRecord.payload["order_id"].astext
    query = select(order_id, ExternalRecord.payload).where(
        ExternalRecord.connection_id == connection_id,
        ExternalRecord.payload.has_key("order_id"),
        ExternalRecord.kind == "invoice",
        order_id.in_(order_ids),
    )
    found: dict[str, list[Any]] = {}
    with transaction() as session:
        for number, payload in session.execute(query):
            found.setdefault(number, []).append(payload)
    return found


def _rejection(record: ExternalRecord, error: Exception) -> Rejection:
    return Rejection(record.external_id, str(error), str(record.payload)[:EXCERPT])


def _record_rejections(
    connection_id: int, kind: str, records: Sequence[ExternalRecord], refused: list[Rejection]
) -> None:
    reject_records(connection_id, kind, refused, stage=APPLY)
    bad = {one.external_id for one in refused}
    good = [one.external_id for one in records if one.external_id not in bad]
    resolve_rejections(connection_id, kind, good, stage=APPLY)


PROJECTION = Projection(
    name="Magento",
    targets=(
        Target(
            kind="product", label="Products", model=Product, key="sku", importer=PRODUCTS,
            read=reading.product, match=partial(match_products, "product"),
            new_keys=partial(new_skus, "M"),
            fields=dict.fromkeys(("name", "price", "is_active"), OURS),
        ),
    ),
    other={"invoice": apply_invoices, "order": apply_orders},
)  # fmt: skip
