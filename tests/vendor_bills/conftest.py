"""What the tests of bills have in common: books, and what comes out of them."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.catalog.models import Product, Vendor
from app.core.db import db
from app.integrations.hub.models import Connection
from app.integrations.inbound.models import RecordLink
from app.vendor_bills import queries, services
from app.vendor_bills.models import VendorDocument
from tests.factories import ProductFactory, VendorFactory
from tests.integrations.mirrored import books, came


class Books:
    """A company's books, in which a vendor and products of ours are known."""

    def __init__(self) -> None:
        self.connection: Connection = books()
        self.numbers = 0

    def knows(self, kind: str, ref: str, record: Vendor | Product) -> None:
        """Let a record of theirs stand for one of ours."""
        link = RecordLink(
            connection_id=self.connection.id,
            kind=kind,
            external_id=ref,
            record_id=record.id,
            state="linked",
        )
        db.session.add(link)
        db.session.flush()

    def has(self, kind: str, *lines: dict[str, Any], **values: Any) -> VendorDocument:
        """Let a bill or a purchase order come in; give it as it is here."""
        self.numbers += 1
        record: dict[str, Any] = {
            "Id": str(self.numbers),
            "DocNumber": f"X-{self.numbers}",
            "TxnDate": "2026-11-20",
            "VendorRef": {"value": "7", "name": "Bean & Co"},
            "CurrencyRef": {"value": "EUR"},
            "TotalAmt": float(sum(line["Amount"] for line in lines)),
            "Line": [*lines],
        } | values
        came(self.connection, kind, record)
        return self.again(record["Id"], kind)

    def again(self, external_id: str, kind: str) -> VendorDocument:
        """Give one as it is by now."""
        found = select(VendorDocument.id).filter_by(external_id=external_id, kind=kind)
        query = queries.document(db.session.scalars(found).one())
        return db.session.scalars(query.execution_options(populate_existing=True)).one()


def line(quantity: object, price: object, ref: str = "1", **values: Any) -> dict[str, Any]:
    """A line about an item."""
    return {
        "Amount": float(Decimal(str(quantity)) * Decimal(str(price))),
        "DetailType": "ItemBasedExpenseLineDetail",
        "ItemBasedExpenseLineDetail": {
            "ItemRef": {"value": ref, "name": f"Item {ref}"},
            "Qty": float(str(quantity)),
            "UnitPrice": float(str(price)),
        },
    } | values


def freight(amount: float) -> dict[str, Any]:
    """A line about no item."""
    detail = {"AccountRef": {"value": "9", "name": "Freight"}}
    return {
        "Amount": amount,
        "DetailType": "AccountBasedExpenseLineDetail",
        "AccountBasedExpenseLineDetail": detail,
    }


def word(document: VendorDocument) -> str:
    """How a document stands."""
    [state] = services.states_of([document])
    return state.word


def rows(document: VendorDocument) -> list[Any]:
    """What is compared, product by product."""
    return [*services.compare([document.id])[document.id].rows]


@pytest.fixture
def vendor() -> Vendor:
    return VendorFactory.create(name="Bean & Co", currency="EUR")


@pytest.fixture
def product() -> Product:
    return ProductFactory.create(
        sku="P-1", name="Paper filters", currency="EUR", price=Decimal(5), cost=Decimal(3)
    )


@pytest.fixture
def ledger(vendor: Vendor, product: Product) -> Books:
    """Books that know our vendor as 7, and our product as 1."""
    made = Books()
    made.knows("vendor", "7", vendor)
    made.knows("item", "1", product)
    return made
