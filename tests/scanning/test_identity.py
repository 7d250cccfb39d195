"""A scanned code means one thing, in whatever case it is printed."""

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from app.scanning.errors import WrongScan
from app.scanning.services import find_scanned
from tests.factories import BarcodeFactory, LocationFactory, ProductFactory


@pytest.mark.parametrize("code", ["House-7", "HOUSE-7", "house-7\u200b", " House-7\n"])
def test_a_barcode_is_found_in_any_case(session: Session, code: str) -> None:
    barcode = BarcodeFactory.create(code="House-7", units=Decimal(6))

    found = find_scanned(code)

    assert (found.product, found.units) == (barcode.product, Decimal(6))


def test_a_bin_is_found_by_its_code_or_barcode_in_any_case(session: Session) -> None:
    shelf = LocationFactory.create(code="A-01", barcode="Bin-7")

    assert {find_scanned(code).location for code in ("a-01", "BIN-7", "bin-7")} == {shelf}


def test_a_number_of_our_own_that_looks_like_a_gtin_is_found(session: Session) -> None:
    barcode = BarcodeFactory.create(code="69045451079834", is_own=True)

    assert find_scanned("69045451079834").product == barcode.product


def test_what_could_be_two_products_is_refused(session: Session) -> None:
    ProductFactory.create(sku="X-1")
    other = ProductFactory.create(sku="Y-1")
    BarcodeFactory.create(product=other, code="x-1")

    with pytest.raises(WrongScan, match="This code may be X-1 or Y-1"):
        find_scanned("X-1")


def test_the_code_itself_goes_before_one_that_is_written_alike(session: Session) -> None:
    exact = ProductFactory.create(sku="AB1")
    ProductFactory.create(sku="A-B-1")

    assert find_scanned("ab1").product == exact
    with pytest.raises(WrongScan, match="This code may be"):
        find_scanned("A-B1")
