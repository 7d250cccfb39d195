"""Products from files: what is created, updated, left alone and refused."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.audit import AuditEntry
from app.core.settings import set_settings
from tests.factories import ProductFactory, VendorFactory
from tests.imports.samples import counts, errors, imported

HEADER = ("SKU", "Name", "Price")
EAN = "4006381333931"


def entries(session: Session) -> list[Any]:
    query = select(AuditEntry).where(AuditEntry.record_type == "product")
    return list(session.scalars(query.order_by(AuditEntry.id)))


def the_product(session: Session, sku: str = "A") -> Any:
    session.expire_all()
    return session.scalars(select(Product).where(Product.sku == sku)).one()


def test_a_new_product_is_created_with_what_the_file_says(session: Session) -> None:
    result = imported("products", HEADER, ("00123", "Käse — 1 kg", "12.50"))

    product = the_product(session, "00123")
    assert counts(result) == (1, 0, 0, 0)
    assert (product.name, product.price, product.version) == ("Käse — 1 kg", Decimal("12.5"), 1)


def test_what_the_file_does_not_say_takes_its_default(session: Session) -> None:
    imported("products", (*HEADER, "Unit", "Active", "Weight"), ("A", "Apple", "", "", "", ""))

    product = the_product(session)
    assert (product.price, product.unit, product.is_active) == (0, "pcs", True)
    assert (product.weight, product.tax_class, product.cost) == (None, "standard", 0)


def test_a_new_product_is_priced_in_the_currency_of_the_company(session: Session) -> None:
    set_settings(currency="CHF")

    imported("products", HEADER, ("A", "Apple", "1"))
    imported(
        "products", (*HEADER, "Currency"), ("B", "Bread", "1", ""), ("C", "Cake", "1", "eur")
    )

    currencies = [the_product(session, sku).currency for sku in "ABC"]
    assert currencies == ["CHF", "CHF", "EUR"]


def test_a_known_product_is_updated_and_counts_a_version(session: Session) -> None:
    ProductFactory.create(sku="A", name="Apple", price=Decimal(1), cost=Decimal(3))

    result = imported("products", HEADER, ("A", "Apple", "2"))

    product = the_product(session)
    assert counts(result) == (0, 1, 0, 0)
    assert (product.price, product.cost, product.version) == (2, 3, 2)
    assert product.updated_at >= product.created_at


def test_only_mapped_columns_are_written(session: Session) -> None:
    ProductFactory.create(sku="A", name="Apple", price=Decimal(1))

    imported("products", HEADER, ("A", "Pear", "2"), mapping={"sku": "SKU", "price": "Price"})

    product = the_product(session)
    assert (product.name, product.price) == ("Apple", 2)


def test_an_empty_cell_leaves_a_value_as_it_is(session: Session) -> None:
    ProductFactory.create(sku="A", name="Apple", price=Decimal(1))

    result = imported("products", HEADER, ("A", "", "2"))

    product = the_product(session)
    assert counts(result) == (0, 1, 0, 0)
    assert (product.name, product.price) == ("Apple", 2)


def test_the_same_file_twice_changes_nothing(session: Session) -> None:
    vendor = VendorFactory.create(code="V1")
    header = (*HEADER, "Barcode", "Supplier", "Vendor part number")
    rows = (
        header,
        ("A", "Apple", "1.50", f"{EAN}; C12*12", "v1", "X-1"),
        ("B", "B", "2", "", "", ""),
    )
    imported("products", *rows)
    written = len(entries(session))

    result = imported("products", *rows)

    assert counts(result) == (0, 0, 2, 0)
    assert the_product(session).version == 1
    assert the_product(session).supplier_id == vendor.id
    assert len(entries(session)) == written


def test_a_file_of_keys_alone_changes_nothing(session: Session) -> None:
    ProductFactory.create(sku="A", name="Apple")

    result = imported("products", ("SKU",), ("A",))

    assert counts(result) == (0, 0, 1, 0)
    assert the_product(session).version == 1


def test_rows_that_differ_are_written_and_the_others_are_not(session: Session) -> None:
    ProductFactory.create(sku="A", name="Apple", price=Decimal(1))
    ProductFactory.create(sku="B", name="Bread", price=Decimal(1))

    result = imported(
        "products", HEADER, ("A", "Apple", "1"), ("B", "Bread", "2"), ("C", "C", "3")
    )

    assert counts(result) == (1, 1, 1, 0)
    assert [the_product(session, sku).version for sku in "ABC"] == [1, 2, 1]
    assert [entry.label for entry in entries(session)[2:]] == ["B Bread", "C C"]


def test_a_dry_run_says_the_same_and_writes_nothing(session: Session) -> None:
    ProductFactory.create(sku="A", name="Apple", price=Decimal(1))
    before = len(entries(session))
    rows = HEADER, ("A", "Apple", "2"), ("B", "Bread", "1"), ("C", "", "1")

    dry = imported("products", *rows, dry_run=True)

    assert (the_product(session).price, the_product(session).version) == (1, 1)
    assert (session.query(Product).count(), len(entries(session))) == (1, before)
    assert counts(dry) == counts(imported("products", *rows)) == (1, 1, 0, 1)


def test_without_update_known_products_are_left_alone(session: Session) -> None:
    ProductFactory.create(sku="A", name="Apple", price=Decimal(1))

    result = imported("products", HEADER, ("A", "Pear", "2"), ("B", "Bread", "1"), update=False)

    assert counts(result) == (1, 0, 1, 0)
    assert (the_product(session).name, the_product(session).version) == ("Apple", 1)


def test_a_new_product_without_a_name_is_refused_and_the_others_are_kept(
    session: Session,
) -> None:
    result = imported("products", HEADER, ("A", " ", "1"), ("B", "Bread", "2"))

    assert counts(result) == (1, 0, 0, 1)
    assert errors(result) == [(2, "name", "A new product needs a name.")]


def test_a_file_without_names_cannot_create(session: Session) -> None:
    result = imported("products", ("SKU", "Price"), ("A", "1"))

    assert errors(result) == [(2, "name", "A new product needs a name.")]


def test_the_second_row_with_a_key_is_refused_and_names_the_first(session: Session) -> None:
    result = imported(
        "products", HEADER, ("A", "Apple", "1"), ("B", "Ant", "1"), ("a", "Pear", "2")
    )

    assert counts(result) == (2, 0, 0, 1)
    assert errors(result) == [(4, "sku", "The same SKU is in row 2 already.")]
    assert the_product(session).name == "Apple"


def test_a_row_without_a_key_is_refused(session: Session) -> None:
    result = imported("products", HEADER, ("", "Apple", "1"))

    assert errors(result) == [(2, "sku", "The SKU is missing.")]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("Price", "-1", "This must not be negative."),
        ("Price", "1.23456", "At most 4 decimals."),
        ("Price", "99999999999", "This number is too large."),
        ("Price", "€3.95", "The currency sign “€” does not fit USD"),
        ("Price", "3.95 each", "“each” is no currency that we know."),
        ("Weight", "1.2345", "At most 3 decimals."),
        ("Lead time", "4000", "At most 3650 days."),
        ("Currency", "Euro", "EURO is no currency"),
        ("Active", "maybe", "Write yes or no."),
        ("SKU", "5.65E+12", "a spreadsheet has shortened"),
        ("Vendor part number", "1,5E+07", "a spreadsheet has shortened"),
        ("Name", "x" * 301, "At most 300 characters."),
        ("Supplier", "nobody", "There is no vendor with this code or name."),
        ("Barcode", "5.65E+12", "a spreadsheet has shortened"),
        ("Barcode", "4006381333932", "The check digit of 4006381333932 is wrong."),
        ("Barcode", "00o27000382493", "has a letter where a digit belongs."),
        ("Barcode", f"{EAN}; 0{EAN}", f"0{EAN} is there twice."),
        ("Barcode", "C1*0", "A barcode is worth more than zero units."),
    ],
)
def test_a_value_that_does_not_fit_is_a_row_in_the_errors(
    session: Session, column: str, value: str, reason: str
) -> None:
    row = {"SKU": "A", "Name": "Apple"} | {column: value}

    result = imported("products", list(row), list(row.values()))

    (error,) = result["errors"]
    assert counts(result) == (0, 0, 0, 1)
    assert (error["row"], reason in error["error"]) == (2, True)
    assert error["value"] == value[:200]


def test_the_history_reads_as_if_a_person_had_saved_it(session: Session) -> None:
    header = "SKU", "Name", "Price", "Active", "Weight", "Barcode"
    ProductFactory.create(sku="A", name="Apple", price=Decimal("1.5"))

    imported(
        "products",
        header,
        ("A", "Pear", "100", "no", "2.50", EAN),
        ("B", "Bread", "", "", "", ""),
    )

    changed, created = entries(session)[1:]
    assert changed.changes == {
        "name": ["Apple", "Pear"],
        "price": ["1.5", "100"],
        "is_active": ["yes", "no"],
        "weight": ["", "2.5"],
        "barcodes": ["", EAN],
    }
    assert (changed.action, changed.label, changed.actor) == ("changed", "A Pear", "system")
    assert changed.record_id == the_product(session).id
    assert (created.action, created.label) == ("created", "B Bread")
    assert created.changes["sku"] == ["", "B"]
    assert created.changes["currency"] == ["", "USD"]


def test_a_decimal_comma_is_never_taken_for_thousands(session: Session) -> None:
    rows = ("A", "Apple", "1.234,50"), ("B", "Bread", "1.234")

    imported("products", HEADER, *rows)

    assert [the_product(session, sku).price for sku in "AB"] == [Decimal("1234.5"), 1234]
