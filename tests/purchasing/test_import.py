"""Purchase orders from files and into them: whole or not at all, twice the same."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Product, Vendor
from app.core.db import db
from app.core.sheets import Format
from app.imports.definition import importers
from app.imports.exports import exported
from app.purchasing import queries, services
from app.purchasing.models import PurchaseOrder
from tests.factories import VendorFactory, VendorPartFactory
from tests.imports.samples import counts, errors, imported
from tests.imports.test_round_trip import taken_back
from tests.purchasing.conftest import again, drafted

HEADER = ("PO number", "Supplier", "SKU", "Qty", "Pack size", "Unit cost", "Due date")


@pytest.fixture(autouse=True)
def acme(session: Session, product: Product) -> Vendor:
    vendor = VendorFactory.create(code="V-ACME", name="Acme", currency="EUR")
    VendorPartFactory.create(product=product, vendor=vendor, part_number="ACME-9")
    return vendor


def made() -> list[Any]:
    found = queries.with_lines(select(PurchaseOrder)).order_by(PurchaseOrder.id)
    return [*db.session.scalars(found.execution_options(populate_existing=True))]


def test_rows_with_one_number_are_one_order_in_the_vendors_numbers() -> None:
    result = imported(
        "purchase_orders",
        HEADER,
        ("A-1", "V-ACME", "P-1", "2", "12", "30", "2026-05-04"),
        ("A-2", "Acme", "ACME-9", "1", "", "", ""),
        ("A-1", "", "ACME-9", "4", "", "2", ""),
    )

    first, second = made()
    assert counts(result) == (3, 0, 0, 0)
    assert (first.external_number, first.channel, first.status) == ("A-1", "import", "draft")
    assert [(one.units_ordered, one.unit_price) for one in first.lines] == [(24, 30), (4, 2)]
    assert (first.due_on.isoformat(), first.total) == ("2026-05-04", 68)
    assert second.lines[0].unit_price == 3


def test_the_same_file_twice_changes_nothing_and_other_lines_change_drafts_only() -> None:
    row = ("A-1", "V-ACME", "P-1", "2", "", "7", "")
    imported("purchase_orders", HEADER, row)

    assert counts(imported("purchase_orders", HEADER, row)) == (0, 0, 1, 0)
    other = (*row[:3], "3", *row[4:])
    assert counts(imported("purchase_orders", HEADER, other)) == (0, 1, 0, 0)
    services.approve_order(made()[0].id)
    refused = imported("purchase_orders", HEADER, row)
    assert "is approved: a file changes drafts only" in str(errors(refused))
    assert made()[0].lines[0].quantity == 3


def test_an_order_with_a_wrong_row_is_not_taken() -> None:
    result = imported(
        "purchase_orders",
        HEADER,
        ("A-1", "V-ACME", "P-1", "2", "", "7", ""),
        ("A-1", "V-ACME", "NOPE", "2", "", "7", ""),
        ("A-2", "", "P-1", "2", "", "7", ""),
    )

    assert made() == []
    assert "NOPE is no SKU, barcode or number of this vendor" in str(errors(result))
    assert "Say from which vendor" in str(errors(result))


def test_what_is_exported_is_read_back_unchanged(acme: Vendor, product: Product) -> None:
    order = drafted((product, 2), vendor=acme, pack_quantity=12, unit_price="7.5")

    with exported(importers()["purchase_orders"], Format.CSV, {}) as file:
        content = file.read()

    assert counts(taken_back("purchase_orders", content)) == (0, 0, 1, 0)
    assert again(order).version == order.version
