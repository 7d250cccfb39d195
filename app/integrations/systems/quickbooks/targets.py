"""What becomes of QuickBooks' records here."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from app.catalog.importers import CUSTOMERS, PRODUCTS, VENDORS
from app.catalog.models import Customer, Product, Vendor
from app.core.db import transaction
from app.integrations.hub.models import Connection
from app.integrations.inbound.catalog import OURS, THEIRS, CatalogTarget
from app.integrations.inbound.keys import new_skus
from app.integrations.inbound.matching import match_contacts, match_products
from app.integrations.inbound.models import RecordLink
from app.integrations.inbound.targets import BulkTarget, IncomingRecord, Target
from app.integrations.sync.mirror import Rejection
from app.integrations.systems.quickbooks import reading
from app.integrations.systems.quickbooks.models import Invoice

CONTACT = dict.fromkeys(
    (
        "name",
        "company",
        "email",
        "phone",
        "address_line1",
        "address_line2",
        "city",
        "region",
        "postal_code",
        "country",
        "currency",
        "is_active",
    ),
    THEIRS,
)
SHIPPING = {
    f"shipping_{name}": THEIRS
    for name in ("line1", "line2", "city", "region", "postal_code", "country")
}
ITEM = {
    "name": THEIRS, "description": THEIRS, "category": OURS, "price": THEIRS,
    "cost": THEIRS, "is_active": THEIRS,
}  # fmt: skip


def new_codes(
    model: type[Customer] | type[Vendor], incoming: Sequence[IncomingRecord]
) -> list[str]:
    """The next numbers that nobody has typed before they came up."""
    codes: list[str] = []
    table, prefix = model.__tablename__, model.code_prefix
    draw = text(
        f"SELECT :prefix || '-' || lpad(number::text, 5, '0') FROM (SELECT "  # noqa: S608
        f"nextval('{table}_code_seq') AS number FROM generate_series(1, :count)) AS drawn"
    )
    with transaction() as session:
        while len(codes) < len(incoming):
            count = len(incoming) - len(codes)
            drawn = session.scalars(draw, {"prefix": prefix, "count": count}).all()
            same = select(func.lower(model.code)).where(
                func.lower(model.code).in_([code.lower() for code in drawn])
            )
            taken = set(session.scalars(same))
            codes += [code for code in drawn if code.lower() not in taken]
    return codes


class InvoiceTarget(BulkTarget):
    """Invoices are listed and found here, as the books have them."""

    def write(
        self, connection: Connection, incoming: Sequence[IncomingRecord]
    ) -> Sequence[Rejection]:
        """Write them as the books have them by now."""
        _write([_row(connection, one) for one in incoming])
        return ()

    def finish(self, connection: Connection) -> None:
        """Name our customers."""
        if _has_unnamed(connection.id):
            _find_customers(connection.id)


def _row(connection: Connection, one: IncomingRecord) -> dict[str, Any]:
    return one.values | {
        "connection_id": connection.id,
        "external_id": one.external_id,
        "is_active": not one.is_gone,
        "updated_at": one.changed_at,
    }


def _write(rows: list[dict[str, Any]]) -> None:
    statement = insert(Invoice).values(rows)
    new = {name: statement.excluded[name] for name in rows[0]}
    with transaction() as session:
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["connection_id", "external_id"], set_=new
            )
        )


def _link_of_customer(connection_id: int) -> Any:
    return (
        RecordLink.connection_id == connection_id,
        RecordLink.kind == "customer",
        RecordLink.state == "linked",
        RecordLink.external_id == Invoice.customer_ref,
        Invoice.connection_id == connection_id,
        Invoice.customer_id.is_distinct_from(RecordLink.record_id),
    )


def _has_unnamed(connection_id: int) -> bool:
    with transaction() as session:
        found = select(Invoice.id).where(*_link_of_customer(connection_id)).limit(1)
        return session.scalar(found) is not None


def _find_customers(connection_id: int) -> None:
    """Name our customer where theirs is linked."""
    known = update(Invoice).values(customer_id=RecordLink.record_id)
    with transaction() as session:
        session.execute(
            known.where(*_link_of_customer(connection_id)),
            execution_options={"synchronize_session": False},
        )


TARGETS: Sequence[Target] = (
    CatalogTarget(
        kind="vendor", label="Vendors", model=Vendor, key="code", importer=VENDORS,
        read=reading.vendor, match=partial(match_contacts, Vendor, "vendor"),
        new_keys=partial(new_codes, Vendor), fields=CONTACT,
    ),
    CatalogTarget(
        kind="customer", label="Customers", model=Customer, key="code", importer=CUSTOMERS,
        read=reading.customer, match=partial(match_contacts, Customer, "customer"),
        new_keys=partial(new_codes, Customer), fields=CONTACT | SHIPPING,
    ),
    CatalogTarget(
        kind="item", label="Products", model=Product, key="sku", importer=PRODUCTS,
        read=reading.item, match=partial(match_products, "item"),
        new_keys=partial(new_skus, "QB"), fields=ITEM,
    ),
    InvoiceTarget(kind="invoice", read=reading.invoice),
)  # fmt: skip
