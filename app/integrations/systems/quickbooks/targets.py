"""What becomes of QuickBooks' records here."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import func, select, text, update

from app.catalog.importers import CUSTOMERS, PRODUCTS, VENDORS
from app.catalog.models import Customer, Product, Vendor
from app.core.db import transaction
from app.integrations.hub.models import Connection
from app.integrations.inbound.catalog import OURS, THEIRS, CatalogTarget
from app.integrations.inbound.keys import new_skus
from app.integrations.inbound.matching import match_contacts, match_products
from app.integrations.inbound.models import RecordLink
from app.integrations.inbound.targets import BulkTarget, IncomingRecord, Target, Values
from app.integrations.sync.mirror import Rejection
from app.integrations.systems.quickbooks import (
    books,
    invoice_lines,
    reading,
    vendor_documents,
)
from app.invoices.models import BOOK_KINDS, BookDocument, Invoice, InvoiceLine
from app.invoices.services import list_account, record_book_documents, record_invoices
from app.vendor_bills import services as bills
from app.vendor_bills.models import KINDS, VendorDocument, VendorDocumentLine

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
) | {"notes": OURS}
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
        heads = [_head(one) for one in incoming]
        invoices = [(head, head.pop("lines")) for head in heads]
        record_invoices(connection.system, connection.account, invoices)
        self.connected(connection)
        return [_differing(one) for one in incoming if one.values["difference"]]

    def connected(self, connection: Connection) -> None:
        """Invoices of a company that is not connected are in no list and no search."""
        is_listed = connection.state != "disconnected"
        list_account(Invoice, connection.system, connection.account, is_listed=is_listed)

    def finish(self, connection: Connection) -> None:
        """Name our customers and products where theirs are linked by now."""
        of_lines = InvoiceLine.invoice_id == Invoice.id
        _name(connection, "customer", Invoice.customer_ref, Invoice.customer_id)
        item = InvoiceLine.product_ref, InvoiceLine.product_id
        _name(connection, "item", *item, of_lines, joined_to=Invoice)


class VendorDocumentTarget(BulkTarget):
    """Bills and purchase orders are matched with our purchase orders."""

    def write(
        self, connection: Connection, incoming: Sequence[IncomingRecord]
    ) -> Sequence[Rejection]:
        """Write them as the books have them by now."""
        heads = [_head(one) for one in incoming]
        documents = [(head, head.pop("lines")) for head in heads]
        bills.record_documents(connection.system, connection.account, self.kind, documents)
        self.connected(connection)
        label = KINDS[self.kind]
        return [_differing(one, label) for one in incoming if one.values["difference"]]

    def connected(self, connection: Connection) -> None:
        """What a company holds that is not connected is in no list and no search."""
        is_listed = connection.state != "disconnected"
        bills.list_account(connection.system, connection.account, is_listed=is_listed)

    def finish(self, connection: Connection) -> None:
        """Name our vendors and products where theirs are linked by now, match and compare."""
        of_lines = VendorDocumentLine.document_id == VendorDocument.id
        vendor = VendorDocument.vendor_ref, VendorDocument.vendor_id
        _name(connection, "vendor", *vendor)
        item = VendorDocumentLine.product_ref, VendorDocumentLine.product_id
        _name(connection, "item", *item, of_lines, joined_to=VendorDocument)
        bills.match_documents()
        bills.note_differences()


class BookTarget(BulkTarget):
    """Receipts, credits, estimates and payments are listed and found here."""

    def write(
        self, connection: Connection, incoming: Sequence[IncomingRecord]
    ) -> Sequence[Rejection]:
        """Write them as the books have them by now."""
        documents = [_head(one) for one in incoming]
        record_book_documents(connection.system, connection.account, self.kind, documents)
        self.connected(connection)
        label = BOOK_KINDS[self.kind]
        return [_differing(one, label) for one in incoming if one.values["difference"]]

    def connected(self, connection: Connection) -> None:
        """What a company holds that is not connected is in no list and no search."""
        is_listed = connection.state != "disconnected"
        list_account(BookDocument, connection.system, connection.account, is_listed=is_listed)

    def finish(self, connection: Connection) -> None:
        """Name our customers where theirs are linked by now."""
        _name(connection, "customer", BookDocument.customer_ref, BookDocument.customer_id)


def _read_invoice(record: Mapping[str, Any]) -> Values:
    return reading.invoice(record) | {
        "tax": invoice_lines.tax(record),
        "bill_to": invoice_lines.address_line(record.get("BillAddr")),
        "ship_to": invoice_lines.address_line(record.get("ShipAddr")),
        "lines": invoice_lines.invoice_lines(record),
        "difference": invoice_lines.difference(record),
    }


def _differing(one: IncomingRecord, label: str = "Invoice") -> Rejection:
    """It is shown as it is, and a person is told of both figures."""
    came_to, total = one.values["difference"]
    name = one.values["number"] or one.external_id
    said = f"QuickBooks says {total:,.2f}, its lines and tax come to {came_to:,.2f}."
    return Rejection(one.external_id, f"{label} {name}: {said}", str(one.values)[:500])


def _head(one: IncomingRecord) -> Values:
    head = {name: value for name, value in one.values.items() if name != "difference"}
    return head | {
        "external_id": one.external_id,
        "is_active": not one.is_gone,
        "updated_at": one.changed_at,
    }


def _name(
    connection: Connection, kind: str, ref: Any, ours: Any, *joined: Any, joined_to: Any = None
) -> None:
    """Write our record where theirs, which a column refers to, is linked to it."""
    table = joined_to or ours.class_
    linked = (
        RecordLink.connection_id == connection.id,
        RecordLink.kind == kind,
        RecordLink.state == "linked",
        RecordLink.external_id == ref,
        table.system == connection.system,
        table.account == connection.account,
        ours.is_distinct_from(RecordLink.record_id),
        *joined,
    )
    known = update(ours.class_).values({ours.key: RecordLink.record_id}).where(*linked)
    with transaction() as session:
        session.execute(known, execution_options={"synchronize_session": False})


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
    InvoiceTarget(kind="invoice", read=_read_invoice),
    VendorDocumentTarget(kind="purchase_order", read=vendor_documents.document),
    VendorDocumentTarget(kind="bill", read=vendor_documents.document),
    *(BookTarget(kind=kind, read=partial(books.document, kind)) for kind in BOOK_KINDS),
)  # fmt: skip
