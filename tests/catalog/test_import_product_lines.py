"""Barcodes, suppliers and part numbers of products from files."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog import services
from app.catalog.models import Barcode, BarcodeLine, VendorPart
from tests.catalog.test_import_products import EAN, HEADER, entries, the_product
from tests.factories import BarcodeFactory, ProductFactory, VendorFactory
from tests.imports.samples import counts, errors, imported

OTHER_EAN = "5901234123457"


def codes(session: Session) -> Any:
    query = select(Barcode.code, Barcode.units).order_by(Barcode.id)
    return [tuple(row) for row in session.execute(query)]


def test_barcodes_are_written_in_the_history_as_the_services_write_them(
    session: Session,
) -> None:
    lines = [BarcodeLine(EAN), BarcodeLine("C12", Decimal(12))]
    services.create_product(sku="A", name="Apple", barcodes=lines)

    imported("products", ("SKU", "Name", "Barcode"), ("B", "Bread", f"{OTHER_EAN};C6*6"))

    by_hand, by_file = entries(session)
    assert by_hand.changes["barcodes"] == ["", f"{EAN}, C12 (12 units)"]
    assert by_file.changes["barcodes"] == ["", f"{OTHER_EAN}, C6 (6 units)"]


def test_several_barcodes_stand_in_one_cell(session: Session) -> None:
    imported(
        "products", ("SKU", "Name", "Barcode"), ("A", "Apple", f" {EAN} | C12*12;; C\\;x*1.5 ")
    )

    assert codes(session) == [(EAN, 1), ("C12", 12), ("C;x", Decimal("1.5"))]


@pytest.mark.parametrize("code", ["O12345678901", "0123456789", "01234567890X", "A1"])
def test_a_code_of_our_own_may_hold_letters(session: Session, code: str) -> None:
    result = imported("products", ("SKU", "Name", "Barcode"), ("A", "Apple", code))

    assert result["errors"] == []
    assert codes(session) == [(code, 1)]


def test_barcodes_are_added_and_never_taken_away(session: Session) -> None:
    product = ProductFactory.create(sku="A", name="Apple")
    BarcodeFactory.create(product=product, code=EAN)

    result = imported("products", ("SKU", "Barcode"), ("A", OTHER_EAN))

    assert counts(result) == (0, 1, 0, 0)
    assert codes(session) == [(EAN, 1), (OTHER_EAN, 1)]
    assert the_product(session).version == 2
    assert entries(session)[-1].changes == {"barcodes": [EAN, f"{EAN}, {OTHER_EAN}"]}


def test_the_units_of_a_known_barcode_are_updated(session: Session) -> None:
    product = ProductFactory.create(sku="A", name="Apple")
    BarcodeFactory.create(product=product, code="C12", units=Decimal(10))
    BarcodeFactory.create(product=product, code="C1", units=Decimal(1))

    result = imported("products", ("SKU", "Barcode"), ("A", "C12*12; C1"))

    assert counts(result) == (0, 1, 0, 0)
    assert codes(session) == [("C12", 12), ("C1", 1)]


def test_a_column_and_a_barcode_that_change_together_count_one_version(
    session: Session,
) -> None:
    ProductFactory.create(sku="A", name="Apple")

    imported("products", ("SKU", "Name", "Barcode"), ("A", "Pear", EAN))

    assert the_product(session).version == 2
    assert len(entries(session)) == 2


def test_a_longer_gtin_is_the_same_barcode(session: Session) -> None:
    product = ProductFactory.create(sku="A", name="Apple")
    BarcodeFactory.create(product=product, code=EAN)

    result = imported("products", ("SKU", "Barcode"), ("A", f"0{EAN}"))

    assert counts(result) == (0, 0, 1, 0)
    assert codes(session) == [(EAN, 1)]


def test_a_barcode_of_another_product_is_refused_with_all_of_its_row(session: Session) -> None:
    other = ProductFactory.create(sku="OTHER")
    BarcodeFactory.create(product=other, code=EAN)
    ProductFactory.create(sku="A", name="Apple")

    result = imported("products", ("SKU", "Name", "Barcode"), ("A", "Pear", f"{EAN};NEW"))

    assert errors(result) == [(2, "barcodes", "The barcode belongs to OTHER already.")]
    assert result["errors"][0]["value"] == EAN
    assert the_product(session).name == "Apple"
    assert codes(session) == [(EAN, 1)]


def test_one_barcode_on_two_rows_belongs_to_the_first(session: Session) -> None:
    rows = ("A", "Apple", EAN), ("B", "Bread", f"0{EAN}"), ("C", "Cake", OTHER_EAN)

    result = imported("products", ("SKU", "Name", "Barcode"), *rows)

    assert counts(result) == (2, 0, 0, 1)
    assert errors(result) == [(3, "barcodes", "The barcode is in row 2 already.")]


def test_a_supplier_is_found_by_code_or_by_name(session: Session) -> None:
    vendor = VendorFactory.create(code="V-1", name="Acme")

    imported("products", (*HEADER, "Supplier"), ("A", "A", "1", "v-1"), ("B", "B", "1", "ACME"))

    assert [the_product(session, sku).supplier_id for sku in "AB"] == [vendor.id] * 2


def test_the_code_of_a_supplier_goes_before_a_name(session: Session) -> None:
    by_code = VendorFactory.create(code="ACME", name="First")
    VendorFactory.create(code="V-2", name="Acme")

    imported("products", (*HEADER, "Supplier"), ("A", "A", "1", "Acme"))

    assert the_product(session).supplier_id == by_code.id


def test_a_name_that_two_vendors_share_is_refused(session: Session) -> None:
    VendorFactory.create(name="Acme")
    VendorFactory.create(name="acme")

    result = imported("products", (*HEADER, "Supplier"), ("A", "A", "1", "Acme"))

    assert errors(result) == [(2, "supplier", "Several vendors have this name.")]


def test_a_vendor_part_number_belongs_to_the_supplier_of_the_row_or_of_the_product(
    session: Session,
) -> None:
    first, second = VendorFactory.create(code="V1"), VendorFactory.create(code="V2")
    ProductFactory.create(sku="A", supplier_id=first.id)
    header = "SKU", "Name", "Supplier", "Vendor part number"

    result = imported("products", header, ("A", "", "", "X-1"), ("B", "B", "V2", "00X"))

    parts = session.query(VendorPart.vendor_id, VendorPart.part_number).order_by(VendorPart.id)
    assert parts.all() == [(first.id, "X-1"), (second.id, "00X")]
    assert counts(result) == (1, 1, 0, 0)
    assert entries(session)[1].changes == {"vendor_parts": ["", f"X-1 (vendor {first.id})"]}


def test_a_vendor_part_number_without_a_supplier_is_refused(session: Session) -> None:
    result = imported("products", ("SKU", "Name", "Vendor part number"), ("A", "Apple", "X-1"))

    assert errors(result) == [
        (2, "vendor_part_number", "A vendor part number needs a supplier.")
    ]
