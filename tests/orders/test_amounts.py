"""How amounts are rounded: by line, half up, to the digits of the currency."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.models import LineTerms, amounts_of, document_amounts
from app.orders.models import OrderLine, SalesOrder

QUANTITIES = st.decimals("0.001", "10000", places=3)
PRICES = st.decimals(0, "10000", places=4)
RATES = st.sampled_from([Decimal(0), Decimal(7), Decimal("8.875"), Decimal(19), Decimal(100)])


@pytest.mark.parametrize(
    ("currency", "price", "subtotal", "tax"),
    [
        ("EUR", "0.125", "0.13", "0.02"),
        ("EUR", "0.1249", "0.12", "0.02"),
        ("JPY", "100.5", "101", "19"),
        ("KWD", "1.0005", "1.001", "0.190"),
    ],
)
def test_half_a_unit_of_the_currency_is_rounded_up(
    currency: str, price: str, subtotal: str, tax: str
) -> None:
    amounts = amounts_of(Decimal(1), Decimal(price), Decimal(19), currency=currency)

    assert (str(amounts.subtotal), str(amounts.tax)) == (subtotal, tax)


def test_tax_is_rounded_line_by_line() -> None:
    line = LineTerms(Decimal(1), Decimal("0.33"), Decimal(10))

    sums = document_amounts([line] * 3, currency="USD")

    assert sums.tax == Decimal("0.09")  # of the sum it would be 0.10


@given(st.lists(st.tuples(QUANTITIES, PRICES, RATES), max_size=8))
def test_an_order_adds_up_to_its_lines(rows: list[tuple[Decimal, Decimal, Decimal]]) -> None:
    order = SalesOrder(currency="EUR")
    for quantity, price, rate in rows:
        line = OrderLine(
            quantity=quantity, unit_price=price, tax_rate=rate, quantity_cancelled=Decimal(0)
        )
        order.lines.append(line)

    order.add_up()

    assert order.total == order.subtotal + order.tax
    assert order.subtotal == sum(line.total for line in order.lines)
    assert order.tax == sum(line.tax for line in order.lines)


def test_what_was_closed_short_is_not_charged() -> None:
    line = OrderLine(
        quantity=Decimal(5),
        quantity_cancelled=Decimal(2),
        unit_price=Decimal(10),
        tax_rate=Decimal(0),
    )
    order = SalesOrder(currency="EUR", lines=[line])

    order.add_up()

    assert line.total == order.total == 30
