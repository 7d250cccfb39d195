"""What a scan says: cartons, pallets, links, and what a scanner puts before it."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from app.catalog.scan_codes import SSCC, read_scan, without_prefix
from app.core.quantities import parse_shown
from app.core.settings import set_settings
from app.core.settings.services import UnfitSettings
from app.scanning.errors import WrongScan
from app.scanning.services import ScanMatch, find_scanned, units_of
from tests.factories import BarcodeFactory, LocationFactory, ProductFactory

GTIN = "09506000134352"
PALLET = "345312000000001238"


@pytest.mark.parametrize(
    "code", [f"(02){GTIN}(37)24", f"02{GTIN}3724", f"(00){PALLET}(02){GTIN}(37)24"]
)
def test_a_carton_stands_for_all_that_is_in_it(code: str) -> None:
    scanned = read_scan(code)

    assert (scanned.code, scanned.units) == (GTIN[1:], 24)


def test_a_pallet_that_names_no_goods_is_its_own_number() -> None:
    assert read_scan(f"]C100{PALLET}").code == PALLET
    assert read_scan(f"(00){PALLET}").symbology == SSCC


def test_a_digital_link_says_what_a_barcode_would() -> None:
    scanned = read_scan(f"https://id.gs1.org/01/{GTIN}/10/AB%2D1/21/77?17=270101&39=x")

    assert scanned.code == GTIN[1:]
    assert (scanned.lot, scanned.serial) == ("AB-1", "77")
    assert scanned.expires_on == date(2027, 1, 1)


def test_a_link_of_a_shop_may_write_the_gtin_short() -> None:
    assert read_scan("https://example.com/shop/01/9506000134352").code == GTIN[1:]


def test_a_misread_link_is_said_and_another_address_is_a_code_like_any() -> None:
    with pytest.raises(ValueError, match="misread"):
        read_scan("https://id.gs1.org/01/09506000134353")
    assert read_scan("https://example.com/bin/A1").code == "https://example.com/bin/A1"


def test_a_carton_of_packs_counts_the_pieces(session: Session) -> None:
    BarcodeFactory.create(code=GTIN[1:], units=Decimal(6))

    assert find_scanned(f"(02){GTIN}(37)4").units == 24


def test_a_tote_may_carry_the_number_of_its_pallet(session: Session) -> None:
    tote = LocationFactory.create(code="T-1", path="T-1/", kind="tote", barcode=PALLET)

    assert find_scanned(f"(00){PALLET}").location == tote


def test_a_pallet_that_nobody_knows_is_answered_with_what_to_do(session: Session) -> None:
    with pytest.raises(WrongScan, match="does not say what is in it: scan the goods"):
        find_scanned(f"(00){PALLET}")


def test_what_scanners_put_before_a_code_is_left_out(session: Session) -> None:
    product = ProductFactory.create(sku="KETTLE")
    set_settings(scan_prefix="~")

    assert find_scanned("~KETTLE").product == product
    assert find_scanned("KETTLE").product == product
    assert without_prefix("~ KETTLE") == " KETTLE"


def test_a_code_that_begins_like_the_prefix_is_found_as_it_is(session: Session) -> None:
    product = ProductFactory.create(sku="A-7")
    set_settings(scan_prefix="A")

    assert find_scanned("A-7").product == product
    assert find_scanned("AA-7").product == product


@pytest.mark.parametrize(
    ("units", "missing", "expected"), [(1, "0.5", "0.5"), (1, "1.5", "1"), (6, "0.5", "6")]
)
def test_the_last_part_of_a_measure_is_one_scan(
    units: int, missing: str, expected: str
) -> None:
    found = ScanMatch(code="X", units=Decimal(units))

    assert units_of(found, Decimal(missing)) == Decimal(expected)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("2.5", "2.5"),
        ("2,5", "2.5"),
        ("1,200", "1200"),
        ("1,200.5", "1200.5"),
        ("12,000,000", "12000000"),
        ("0,125", "0.125"),
        ("1 200", "1200"),
    ],
)
def test_a_number_is_read_as_it_is_shown_or_with_a_comma(typed: str, number: str) -> None:
    assert parse_shown(typed, decimals=3) == Decimal(number)


@pytest.mark.parametrize("typed", ["", "two", "1,2,3", "1.200,5", "1,2.5", "2,0001", "--1"])
def test_what_could_be_read_in_two_ways_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"number|decimals"):
        parse_shown(typed, decimals=3)


GS1 = f"01{GTIN}"


@pytest.mark.parametrize(
    "code",
    [
        f"(01){GTIN}(10)L-7(17)350131",  # the bracket ends the lot
        f"(01) {GTIN} (17) 350131 (10) L-7",
        f"]C1{GS1}10L-7\x1d17350131",
        f"]d2\x1d{GS1}10L-7\x1d17350131\x1d",
        f"{GS1}10L-7^]17350131",  # as a terminal writes it
        f"{GS1}10L-7\u241d17350131",
    ],
)
def test_a_lot_ends_where_the_next_part_begins(code: str) -> None:
    scanned = read_scan(code)

    assert (scanned.lot, scanned.expires_on) == ("L-7", date(2035, 1, 31))


def test_what_scanners_type_between_the_parts_is_a_setting(session: Session) -> None:
    product = BarcodeFactory.create(code=GTIN[1:]).product
    product.tracking = "serial"
    code = f"{GS1}10L-7~21S1"
    assert find_scanned(code).lot == "L-7~21S1"

    set_settings(scan_separator="~")

    found = find_scanned(code)
    assert (found.lot, found.serial, found.draft.code) == ("L-7", "S1", "S1")


def test_brackets_in_a_number_stay() -> None:
    assert read_scan(f"]C1{GS1}10A(1)").lot == "A(1)"
    assert read_scan(f"(01){GTIN}(10)A(1)").lot == "A(1)"


def test_a_day_that_there_is_not_is_said() -> None:
    with pytest.raises(ValueError, match="a day that there is not"):
        read_scan(f"{GS1}17351399")


def test_a_day_of_zero_is_the_last_of_the_month() -> None:
    assert read_scan(f"{GS1}17350200").expires_on == date(2035, 2, 28)


def test_a_separator_is_no_letter(session: Session) -> None:
    with pytest.raises(UnfitSettings):
        set_settings(scan_separator="x")
