"""Records of a shop as they came, without a shop: into the mirror, and on to ours."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from app.core.db import db, transaction
from app.integrations.hub.connector import Batch
from app.integrations.hub.models import Connection
from app.integrations.inbound.applying import apply_changes
from app.integrations.sync.mirror import sort_batch, write_batch
from app.integrations.sync.models import RejectedRecord
from app.integrations.systems.magento.connector import Magento
from app.orders import queries
from app.orders.models import SalesOrder

SHOP = Magento()


def connected(account: str = "shop.example") -> Connection:
    """A connection to a shop that nobody will ask."""
    made = Connection(
        system="magento",
        account=account,
        name=account,
        environment="token",
        address=f"https://{account}",
        connected_at=datetime.now(UTC),
    )
    with transaction() as session:
        session.add(made)
    return made


def came(connection: Connection, kind: str, records: Sequence[Any]) -> None:
    """Let records come in, and ours follow."""
    write_batch(connection.id, sort_batch(SHOP.stream(kind), Batch(kind, records)))
    apply_changes(connection.id)


def ours_of(connection: Connection) -> list[SalesOrder]:
    """Ours of a shop, as the database has them."""
    query = queries.with_lines(select(SalesOrder)).where(
        SalesOrder.channel_account == connection.account
    )
    fresh = query.order_by(SalesOrder.id).execution_options(populate_existing=True)
    return [*db.session.scalars(fresh)]


def reasons(connection: Connection) -> list[str]:
    """Why records of a connection are rejected at present."""
    query = select(RejectedRecord.reason).where(
        RejectedRecord.connection_id == connection.id, RejectedRecord.resolved_at.is_(None)
    )
    return [*db.session.scalars(query.order_by(RejectedRecord.id))]


def order(number: int, *items: dict[str, Any], **values: Any) -> dict[str, Any]:
    """An order of so many lines, paid; `values` say what is otherwise."""
    address = {
        "firstname": "Ana", "lastname": "Test", "street": ["1 Rue A"], "city": "Lyon",
        "postcode": "69001", "country_id": "FR", "telephone": "0400000000",
    }  # fmt: skip
    goods = sum(item["row_total"] for item in items)
    return {
        "entity_id": number,
        "increment_id": f"M{number}",
        "state": "processing",
        "order_currency_code": "EUR",
        "created_at": "2026-11-29 07:03:01",
        "updated_at": "2026-11-29 08:03:01",
        "customer_email": f"c{number}@example.com",
        "customer_firstname": "Ana",
        "customer_lastname": "Test",
        "grand_total": goods + 5,
        "shipping_amount": 5,
        "billing_address": address,
        "items": list(items),
        "extension_attributes": {"shipping_assignments": [{"shipping": {"address": address}}]},
    } | values


def item(number: int, sku: str, quantity: int = 1, price: float = 10, **values: Any) -> Any:
    """A line of an order, paid."""
    return {
        "item_id": number,
        "product_id": number,
        "product_type": "simple",
        "sku": sku,
        "name": sku,
        "qty_ordered": quantity,
        "qty_invoiced": quantity,
        "price": price,
        "row_total": price * quantity,
        "tax_percent": 0,
    } | values
