"""What the labels of products, locations and totes say."""

from datetime import date
from decimal import Decimal

import pytest

from app.labels.drawing.contents import BANDS, LabelContent
from app.labels.subjects import SUBJECTS, LabelOptions
from tests.attendance.factories import EmployeeFactory
from tests.factories import (
    BarcodeFactory,
    LocationFactory,
    LotFactory,
    ProductFactory,
    SalesOrderFactory,
)


def face(field: str, asked: str, /, **wanted: object) -> LabelContent:
    found = SUBJECTS[field].contents([asked], LabelOptions(**wanted))[asked]  # type: ignore[arg-type]
    assert isinstance(found, LabelContent), found
    return found


def test_a_product_is_its_name_and_its_sku() -> None:
    ProductFactory.create(sku="KETTLE-1", name="Kettle")

    assert face("sku", "KETTLE-1") == LabelContent(code="KETTLE-1", title="Kettle")


def test_an_employee_is_a_name_and_a_number_however_it_is_written() -> None:
    EmployeeFactory.create(number="A-17", name="Ada Lovelace", department="Mill")

    assert face("employee_number", "a-17") == LabelContent(
        code="A-17", title="Ada Lovelace", lines=("Mill",)
    )


def test_a_barcode_instead_of_the_sku_leaves_the_sku_to_read() -> None:
    product = ProductFactory.create(sku="KETTLE-1")
    BarcodeFactory.create(product=product, code="CARTON", units=Decimal(6))
    BarcodeFactory.create(product=product, code="PIECE")

    said = face("sku", "KETTLE-1", code="barcode")

    assert (said.code, said.lines) == ("PIECE", ("SKU KETTLE-1",))
    assert face("sku", "CARTON", code="barcode").code == "CARTON"  # the one that was scanned


def test_a_product_without_a_barcode_is_printed_with_its_sku() -> None:
    ProductFactory.create(sku="KETTLE-1")

    assert face("sku", "KETTLE-1", code="barcode").code == "KETTLE-1"


def test_the_price_is_printed_on_demand() -> None:
    ProductFactory.create(sku="KETTLE-1", price=Decimal("12.5"), currency="EUR")

    assert face("sku", "KETTLE-1").aside == ""
    assert face("sku", "KETTLE-1", has_price=True).aside == "12.50 EUR"


@pytest.mark.parametrize(
    ("code", "ean"), [("4006381333931", "4006381333931"), ("012345678905", "0012345678905")]
)
def test_an_ean_or_a_upc_is_an_ean_13(code: str, ean: str) -> None:
    product = ProductFactory.create(sku="PEN-1")
    BarcodeFactory.create(product=product, code="OWN-1")
    BarcodeFactory.create(product=product, code=code)

    assert face("sku", "PEN-1", symbology="ean13").code == ean


def test_an_ean_8_is_no_ean_13() -> None:
    BarcodeFactory.create(product=ProductFactory.create(sku="PEN-1"), code="96385074")

    answers = SUBJECTS["sku"].contents(["PEN-1"], LabelOptions(symbology="ean13"))

    assert answers["PEN-1"] == "PEN-1 has no EAN-13 among its barcodes."


def test_a_scanned_barcode_finds_the_product() -> None:
    product = ProductFactory.create(sku="PEN-1")
    BarcodeFactory.create(product=product, code="4006381333931")

    assert face("sku", "04006381333931").code == "PEN-1"
    assert SUBJECTS["sku"].contents(["NOPE"], LabelOptions()) == {}


def test_a_location_is_big_and_found_in_any_case() -> None:
    LocationFactory.create(code="A-01-1", name="Top shelf")

    said = face("location", "a-01-1")

    assert (said.code, said.title, said.is_big) == ("A-01-1", "Top shelf", True)


def test_a_location_with_a_barcode_of_its_own_shows_both() -> None:
    LocationFactory.create(code="A-01-1", barcode="LOC77")

    said = face("location", "LOC77")

    assert (said.code, said.lines) == ("LOC77", ("A-01-1",))
    assert face("location", "A-01-1") == said


def test_totes_have_bands_that_change_from_one_to_the_next() -> None:
    for number in range(8, 10):
        LocationFactory.create(code=f"TOTE-{number:02}", kind="tote")

    eight, nine = face("location", "TOTE-08"), face("location", "TOTE-09")

    assert (eight.number, nine.number) == ("8", "9")
    assert eight.band != nine.band
    assert {eight.band, nine.band} <= set(BANDS)


def test_a_lot_is_a_gs1_code_where_its_product_has_a_gtin() -> None:
    milk = ProductFactory.create(sku="MILK", name="Milk", tracking="lot", has_expiry=True)
    lot = LotFactory.create(product=milk, code="L-7", expires_on=date(2035, 1, 31))
    BarcodeFactory.create(product=milk, code="4006381333931")

    said = face("lot", lot.label_code.lower())

    assert said.code == "\x1d0104006381333931173501311" + "0L-7"
    assert said.lines == ("SKU MILK", "Lot L-7", "Expires 2035-01-31")


def test_a_piece_is_its_serial_number() -> None:
    drill = ProductFactory.create(sku="A/B", tracking="serial")
    LotFactory.create(product=drill, code="S/1", is_serial=True)

    assert face("lot", "A/B/S/1").code == "S/1"  # nobody outside knows its product
    BarcodeFactory.create(product=drill, code="4006381333931")
    assert face("lot", "A/B/S/1").code == "\x1d010400638133393121S/1"


@pytest.mark.parametrize("number", ["L" * 21, "Größe", "A~1", "A 1"])
def test_a_number_that_gs1_does_not_allow_is_printed_alone(number: str) -> None:
    milk = ProductFactory.create(sku="MILK", tracking="lot")
    LotFactory.create(product=milk, code=number)
    BarcodeFactory.create(product=milk, code="4006381333931")

    assert face("lot", f"MILK/{number}").code == number


def test_a_lot_has_no_room_in_an_ean() -> None:
    answers = SUBJECTS["lot"].contents(["MILK/A"], LabelOptions(symbology="ean13"))

    assert "no room for a lot" in str(answers["MILK/A"])
    assert SUBJECTS["lot"].contents(["MILK/A"], LabelOptions()) == {}


def test_an_order_is_its_address_and_its_number() -> None:
    SalesOrderFactory.create(
        number="SO-77",
        ship_name="Ada Lovelace",
        ship_company="Engines Ltd",
        ship_street="12 Mill Lane\nFlat 3",
        ship_postcode="N1 9GU",
        ship_city="London",
        ship_country="GB",
    )

    said = face("order_number", "SO-77")

    assert (said.code, said.title) == ("SO-77", "Ada Lovelace")
    assert said.lines == (
        "Engines Ltd",
        "12 Mill Lane",
        "Flat 3",
        "N1 9GU London",
        "Britain (UK)",
    )


def test_an_order_without_an_address_has_no_shipping_label() -> None:
    SalesOrderFactory.create(number="SO-78", ship_street="", ship_city="")

    answers = SUBJECTS["order_number"].contents(["SO-78"], LabelOptions())

    assert answers["SO-78"] == "SO-78 has no address to ship to."
