"""More of what spreadsheets and other programs make of values: asked or refused, never kept."""

from datetime import date, time
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy.orm import Session

from app.catalog.models import Barcode, Customer, Product
from app.core.cells import Exact, carried, guarded, unguarded
from app.core.codes import look_alike, normal_code
from app.imports import services
from tests.factories import CustomerFactory, ProductFactory
from tests.imports.samples import counts, errors, imported, saved

HEAD = ("SKU", "Name", "Price")
LINE = ("Order number", "Customer", "SKU", "Quantity", "Order date", "Unit price")
CODES = ("Code", "Name", "Zip", "Phone")


def upload(kind: str, content: bytes) -> dict[str, Any]:
    run = services.upload(kind, file_name="f", content=content)
    services.choose(run, run.mapping)
    return services.run_import(run.id, dry_run=False)


def sheet(*rows: tuple[Any, ...], **formats: str) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    for cell, code in formats.items():
        book.active[cell].number_format = code
    return saved(book)


def refused(result: dict[str, Any]) -> list[tuple[int, str]]:
    return [(row, field) for row, field, _reason in errors(result)]


def skus(session: Session) -> set[str]:
    return {sku for (sku,) in session.query(Product.sku)}


# Codes


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("123.0", "a number with a tail, which a program may have made of 123"),
        ("1001.00", "a number with a tail"),
        ("4,711", "a number whose thousands a spreadsheet may have set apart"),
        ("1,234,567", "a number whose thousands"),
        ("=00457", "This is a formula"),
        ("=A2", "This is a formula"),
        ('=CONCAT("A";"B")', "This is a formula"),
        ("NULL", "The cell holds NULL."),
        ("nan", "The cell holds nan."),
        ("<NA>", "The cell holds <NA>."),
        ("N/A", "where there is no code"),
        ("None", "where there is no code"),
        ("-", "where there is no code"),
    ],
)
def test_what_a_program_made_of_a_code_is_seen(session: Session, code: str, why: str) -> None:
    rows = HEAD, (code, "Cup", "1"), ("GOOD", "Pot", "1")

    result = imported("products", *rows)

    [(row, field, reason)] = errors(result)
    assert (row, field) == (2, "sku")
    assert why in reason
    assert skus(session) == {"GOOD"}


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("123.0", "Format the column “SKU” as text, or take codes as they are."),
        ("=A2", "Save the file with what comes of its formulas, not with these."),
    ],
)
def test_where_all_rows_are_damaged_it_is_said_what_to_do(
    session: Session, code: str, advice: str
) -> None:
    assert imported("products", HEAD, (code, "Cup", "1"))["advice"] == advice


@pytest.mark.parametrize("code", ["123.0", "4,711", "=00457", "N/A"])
def test_it_is_kept_by_choice(session: Session, code: str) -> None:
    imported("products", HEAD, (code, "Cup", "1"), options=["own_codes"])

    assert skus(session) == {code}


@pytest.mark.parametrize(
    "code", ["12E5", "1.2.3", "A.0", "10.5", "NULL-1", "Null", "0,5", "NA"]
)
def test_codes_that_only_remind_of_it_stay(session: Session, code: str) -> None:
    imported("products", HEAD, (code, "Cup", "1"))

    assert skus(session) == {code}


@pytest.mark.parametrize("text", ["123.0", "4,711", "NULL", "nan", "=00457", "\\N"])
def test_what_we_export_comes_back_as_it_was(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert isinstance(unguarded(guarded(text)), Exact)


def test_a_formula_is_no_code_after_the_file_of_errors_either() -> None:
    assert carried("=A2") == " =A2"  # no formula for a spreadsheet, and one for us
    assert carried("'=A2") == "'=A2"


@pytest.mark.parametrize(
    ("value", "shown", "why"),
    [
        (0.5, "General", "zeros at its end may be lost"),
        (12.1, "0.00", "zeros at its end may be lost"),
        (42, '"AB-"0', "The cell shows “AB-” beside 42"),
    ],
)
def test_a_code_that_is_a_number_is_not_more_than_it_holds(
    session: Session, value: float, shown: str, why: str
) -> None:
    [(row, _field, reason)] = errors(
        upload("products", sheet(HEAD, (value, "Cup", 1), A2=shown))
    )

    assert row == 2
    assert why in reason


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("12345678905", "may be 012345678905 without its zero"),
        ("4,006,381,333,931", "thousands"),
        ("NULL", "The cell holds NULL"),
    ],
)
def test_a_barcode_that_lost_its_zero_or_won_commas_is_asked(
    session: Session, code: str, why: str
) -> None:
    rows = ("SKU", "Name", "UPC"), ("A", "Cup", code)

    [(_row, field, reason)] = errors(imported("products", *rows))
    assert (field, why in reason) == ("barcodes", True)


def test_a_barcode_of_our_own_without_a_zero_comes_back(session: Session) -> None:
    rows = ("SKU", "Name", "UPC"), ("A", "Cup", "12345678905")
    imported("products", *rows, options=["own_codes"])
    assert session.query(Barcode.code).all() == [("12345678905",)]

    again = imported("products", rows[0], ("A", "Cup", "12345678905 (own)"))

    assert counts(again) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("code", "plain"),
    [
        ("\uff21\uff22\uff23\uff11", "ABC1"),
        ("\u0410\u0412\u0421-1", "ABC-1"),
        ("\u0391\u0392\u00b2", "AB2"),
        ("x1", "x1"),
    ],
)
def test_letters_that_look_like_others_are_told(
    session: Session, code: str, plain: str
) -> None:
    """They are codes of their own: companies write so on purpose, too (NFC, not NFKC)."""
    assert look_alike(code) == normal_code(plain)
    ProductFactory.create(sku=plain)

    result = imported("products", HEAD, (code, "Cup", "1"))

    is_other = code != plain
    assert counts(result)[0] == int(is_other)
    said = f"Row 2: “{code}” looks like “{plain}”, and is another SKU."
    assert (said in result["notices"]) is is_other


def test_of_two_in_one_file_it_is_told_too(session: Session) -> None:
    result = imported("products", HEAD, ("\uff21\uff22\uff11", "Cup", "1"), ("AB1", "Pot", "1"))

    assert result["notices"] == [
        "Row 2: “\uff21\uff22\uff11” looks like “AB1”, and is another SKU."
    ]


# Words and digits that are no numbers


@pytest.mark.parametrize(
    ("zip_code", "phone"),
    [
        ("1234.0", ""),
        ("2.1E+3", ""),
        ("Mar-01", ""),
        ("", "4.91512E+11"),
        ("", "491512345678.0"),
        ("", "1-Mar"),
        ("=02134", ""),
    ],
)
def test_postal_codes_and_telephones_are_looked_at_as_codes_are(
    session: Session, zip_code: str, phone: str
) -> None:
    rows = CODES, ("C1", "Ann", zip_code, phone), ("C2", "Bob", "02134", "+49 151 2345")

    result = imported("customers", *rows)

    assert refused(result) == [(2, "postal_code" if zip_code else "phone")]
    assert session.query(Customer.postal_code, Customer.phone).all() == [
        ("02134", "+49 151 2345")
    ]


def test_an_apostrophe_before_a_postal_code_is_a_spreadsheets(session: Session) -> None:
    imported("customers", CODES, ("C1", "Ann", "'02134", '="0049151"'))

    assert session.query(Customer.postal_code, Customer.phone).one() == ("02134", "0049151")


def test_the_sign_that_a_telephone_is_shown_with_is_not_lost(session: Session) -> None:
    result = upload("customers", sheet(CODES, ("C1", "Ann", "1", 49151), D2='"+"0'))

    assert refused(result) == [(2, "phone")]


@pytest.mark.parametrize("value", ["=B2&C2", "=1+1", "NULL", "nan", "undefined"])
def test_what_stands_for_a_value_is_none(session: Session, value: str) -> None:
    result = imported(
        "products", HEAD, ("A", value, "1"), ("B", "Null", "1"), ("C", "=D", "=1")
    )

    assert refused(result) == [(2, "name"), (4, "name"), (4, "price")]
    assert skus(session) == {"B"}


@pytest.mark.parametrize("value", [date(2026, 5, 1), time(3, 5), True], ids=str)
def test_a_cell_of_another_kind_is_no_name(session: Session, value: Any) -> None:
    result = upload("products", sheet(HEAD, ("A", value, 1), ("B", 12.5, 1)))

    assert refused(result) == [(2, "name")]
    assert skus(session) == {"B"}


def test_the_link_of_an_address_is_the_address(session: Session) -> None:
    imported("customers", ("Code", "Name", "Email"), ("C1", "Ann", "mailto:a@b.example"))

    assert session.query(Customer.email).one() == ("a@b.example",)


# Days


@pytest.mark.parametrize("day", ["1899-12-30", "30/12/1899", "1/1/1900", "1904-01-01", "0"])
def test_the_day_nought_of_a_spreadsheet_is_no_day(session: Session, day: str) -> None:
    ProductFactory.create(sku="K-1")
    CustomerFactory.create(code="C-1", currency="USD")

    result = imported("orders", LINE, ("1", "C-1", "K-1", "1", day, "1"))

    assert refused(result) == [(2, "order_date")]


# What is left out or was broken before is said


def test_columns_that_no_field_takes_are_named(session: Session) -> None:
    rows = (*HEAD, "Weight (g)", "Price incl. VAT"), ("A", "Cup", "1", "500", "1.19")

    result = imported("products", *rows)

    assert result["notices"] == [
        "No field takes these columns: “Weight (g)”, “Price incl. VAT”."
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("KÃ¤se", "“KÃ¤se” may have been “Käse”"),
        ("â€œBestâ€\x9d", "may have been"),
        ("K\ufffdse", "Letters were lost before this file came here, as in “K\ufffdse”"),
        ("Käse", ""),
        ("Ã", ""),
    ],
)
def test_letters_that_were_broken_before_are_told(
    session: Session, name: str, said: str
) -> None:
    run = services.upload(
        "products", file_name="f.csv", content=f"SKU,Name\nA,{name}\n".encode()
    )

    told = [one for one in run.notices if "before" in one or "twice" in one]
    assert bool(told) is bool(said)
    assert said in "".join(told)
