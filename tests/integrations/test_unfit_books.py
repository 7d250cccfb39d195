"""What of a record of the books does not fit is kept elsewhere, told, or sets it aside."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Customer, Product
from app.invoices.models import Invoice
from tests.integrations.mirrored import books, came, invoice, reasons

CUSTOMER = {"Id": "1", "DisplayName": "Acme", "Active": True}
ITEM = {"Id": "1", "Name": "Bolt", "Type": "Inventory", "Active": True, "UnitPrice": 1}


def test_a_country_that_is_none_stays_as_text(session: Session) -> None:
    company = books()

    came(company, "customer", CUSTOMER | {"BillAddr": {"Line2": "b", "Country": "Wakanda"}})

    [made] = session.scalars(select(Customer))
    assert (made.country, made.address_line2) == ("", "b, Wakanda")
    assert reasons(company) == []


def test_what_has_no_column_stands_in_the_notes(session: Session) -> None:
    more = {
        "Notes": "Ring twice",
        "PrimaryEmailAddr": {"Address": "a@x.example, b@x.example"},
        "Mobile": {"FreeFormNumber": "123"},
        "AlternatePhone": {"FreeFormNumber": "456"},
        "ResaleNum": "VAT1",
    }

    came(books(), "customer", CUSTOMER | more)

    [made] = session.scalars(select(Customer))
    assert (made.email, made.phone) == ("a@x.example", "123")
    assert made.notes.splitlines() == [
        "Ring twice",
        "E-mail: b@x.example",
        "Phone: 456",
        "Resale number: VAT1",
    ]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"PrimaryEmailAddr": {"Address": "nope"}}, "PrimaryEmailAddr “nope”"),
        ({"CurrencyRef": {"value": "XXX"}}, "CurrencyRef “XXX”"),
        ({"PrimaryPhone": {"FreeFormNumber": "1" * 400}}, "PrimaryPhone “111"),
        ({"BillAddr": {"Line1": "x" * 400}}, "Line1 “xxx"),
        ({"ShipAddr": {"City": "x" * 400}}, "City “xxx"),
    ],
)
def test_what_a_customer_loses_is_told(
    session: Session, values: dict[str, Any], told: str
) -> None:
    company = books()

    came(company, "customer", CUSTOMER | values)

    [reason] = reasons(company)
    assert reason.startswith("Taken over, but for: ")
    assert told in reason
    assert session.scalars(select(Customer.name)).all() == ["Acme"]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"Sku": "x" * 400}, "Sku “xxx"),
        ({"Description": "d" * 20_000}, "Description “ddd"),
    ],
)
def test_what_an_item_loses_is_told(
    session: Session, values: dict[str, Any], told: str
) -> None:
    company = books()

    came(company, "item", ITEM | values)

    [reason] = reasons(company)
    assert told in reason
    assert session.scalars(select(Product.name)).all() == ["Bolt"]


def test_the_tail_of_a_computed_price_is_no_loss(session: Session) -> None:
    company = books()

    came(company, "item", ITEM | {"UnitPrice": 926.6400000000001, "Active": "false"})

    [made] = session.scalars(select(Product))
    assert (made.price, made.is_active) == (Decimal("926.64"), False)
    assert reasons(company) == []


def test_a_control_character_costs_only_itself(session: Session) -> None:
    came(books(), "customer", CUSTOMER | {"BillAddr": {"Line1": "a\x07b"}})

    assert session.scalars(select(Customer.address_line1)).all() == ["a b"]


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"CurrencyRef": {"value": "EURO"}}, "CurrencyRef “EURO” does not fit."),
        ({"DocNumber": "9" * 400}, "does not fit."),
        ({"TxnDate": "03/10/2024"}, "03/10/2024 is no date."),
        ({"DueDate": "soon"}, "soon is no date."),
        ({"TotalAmt": "45,00"}, "45,00 is no amount."),
    ],
)
def test_an_invoice_that_nobody_can_be_sure_of_is_set_aside(
    session: Session, values: dict[str, Any], why: str
) -> None:
    company = books()

    came(company, "invoice", invoice("1", **values), invoice("2"))

    [reason] = reasons(company)
    assert why in reason
    assert session.scalars(select(Invoice.number)).all() == ["2"]
