"""Discounts and shipping: what they come to, and where they go when an order is split."""

from decimal import Decimal
from typing import Any

import pytest
from babel.numbers import get_currency_precision
from hypothesis import given
from hypothesis import strategies as st

from app.core.audit import AuditEntry
from app.core.currencies import CURRENCIES, digits_of
from app.core.db import db
from app.core.errors import Invalid
from app.documents.models import (
    Discount,
    LineTerms,
    Shipping,
    document_amounts,
    parse_discount,
    shares,
)
from app.documents.services.printing import tax_rates
from app.orders import services
from app.orders.models import ItemDraft, OrderLine
from tests.factories import CustomerFactory, ProductFactory
from tests.orders.conftest import again, confirmed, drafted, number, stocked

D = Decimal
# CLDR says how many decimals cash has; books have those of ISO 4217, and so have the shops.
CASH_ONLY = "AFN ALL COP HUF IDR IQD IRR KPW LAK LBP MGA MMK SOS SYP YER"


def sold(*lines: tuple[object, object, str], **more: Any) -> Any:
    """A draft: quantity, price and discount of each line, of a product each; 10 % tax."""
    items = [
        ItemDraft(
            number(quantity),
            product_id=ProductFactory.create().id,
            unit_price=number(price),
            discount=discount,
        )
        for quantity, price, discount in lines
    ]
    values: dict[str, Any] = {"tax_rate": D(10), "currency": "EUR", **more}
    return services.create_order(customer_id=CustomerFactory.create().id, items=items, **values)


@pytest.mark.parametrize(
    ("said", "kept"),
    [("10%", "10%"), (" 12.50 % ", "12.5%"), ("2,50", "2.5"), ("", ""), ("0", ""), ("0%", "")],
)
def test_a_discount_is_kept_as_it_was_said(said: str, kept: str) -> None:
    assert parse_discount(said) == kept
    assert parse_discount(kept) == kept


@pytest.mark.parametrize("said", ["ten", "-1", "101%", "1.00001", "%", "NaN", "5%%"])
def test_what_is_no_discount_is_refused_with_the_rule(said: str) -> None:
    with pytest.raises(ValueError, match="10% or as an amount"):
        parse_discount(said)


@pytest.mark.parametrize(
    ("currency", "discount", "off"),
    [
        ("EUR", "12.5%", "0.13"),  # of 1.01: 0.12625
        ("JPY", "50%", "1"),  # of 1: 0.5
        ("KWD", "12.5%", "0.126"),  # of 1.010: 0.12625
        ("EUR", "2", "1.01"),  # never more than there is
    ],
)
def test_what_is_off_is_rounded_half_up_to_the_digits_of_the_currency(
    currency: str, discount: str, off: str
) -> None:
    line = LineTerms(D(1), D("1.01"), D(0), discount=_read(discount))

    net = line.net(currency)

    assert line.gross(currency) - net == D(off)


def test_currencies_have_the_digits_that_the_tables_give_them() -> None:
    differing = {c for c in CURRENCIES if digits_of(c) != get_currency_precision(c)}

    assert differing == set(CASH_ONLY.split())
    assert [digits_of(c) for c in ("JPY", "KRW", "EUR", "KWD", "TND")] == [0, 0, 2, 3, 3]


AMOUNTS = st.decimals(0, 10_000, places=2)


@given(weights=st.lists(AMOUNTS, min_size=1, max_size=9), part=st.decimals(0, 1, places=3))
def test_no_cent_is_lost_when_something_is_shared_out(weights: list[D], part: D) -> None:
    whole = sum(weights, D(0))
    amount = round(whole * part, 2)

    parts = shares(amount, weights, "EUR")

    assert sum(parts) == amount
    assert all(0 <= share <= weight for share, weight in zip(parts, weights, strict=True))


def test_an_order_comes_to_lines_less_discounts_and_shipping_with_the_tax_of_each() -> None:
    """100 and 90 less 10 %: 81; 10 off both; 5.95 to ship at 20 %."""
    order = sold(
        (10, 10, ""), (9, 10, "10%"), discount="10", shipping_amount=D("5.95"),
        shipping_tax_rate=D(20),
    )  # fmt: skip

    [first, second] = order.lines
    assert (first.total, second.total) == (100, 81)
    assert (order.subtotal, order.discount_amount) == (181, 10)
    # 10 % of 94.48 (100 less 5.52) and of 76.52 (81 less 4.48), 20 % of 5.95.
    assert (first.tax, second.tax) == (D("9.45"), D("7.65"))
    assert order.tax == D("9.45") + D("7.65") + D("1.19")
    assert order.total == 181 - 10 + D("5.95") + order.tax
    assert [(one.rate, one.net, one.tax) for one in tax_rates(order)] == [
        (D(10), D(171), D("17.10")),
        (D(20), D("5.95"), D("1.19")),
    ]


def test_shipping_is_taxed_as_the_order_unless_somebody_says_otherwise() -> None:
    assert sold((1, 10, ""), shipping_amount=D(5)).shipping_tax_rate == 10
    assert sold((1, 10, ""), shipping_tax_rate=D(0)).shipping_tax_rate == 0


@pytest.mark.parametrize(
    ("lines", "values", "field", "reason"),
    [
        ([(1, 10, "10.01")], {}, "items.0.discount", "Line 1: the discount of 10.01"),
        ([(1, 10, "")], {"discount": "11"}, "discount", "more than the lines come to: 10.00"),
        ([(1, 10, "")], {"shipping_amount": D("1.005")}, "shipping_amount", "2 decimals"),
        ([(1, 10, "")], {"shipping_amount": D(-1)}, "shipping_amount", "zero or more"),
        (
            [(1, 10, "")],
            {"currency": "JPY", "shipping_amount": D("1.5")},
            "shipping_amount",
            "0 decimals",
        ),
        ([(1, 10, "")], {"shipping_amount": D("9999999999")}, "items", "So large a sum"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(
    lines: Any, values: Any, field: str, reason: str
) -> None:
    with pytest.raises(Invalid, match=reason) as refused:
        sold(*lines, **values)

    assert [*refused.value.fields] == [field]


def test_a_change_of_prices_stands_in_the_history() -> None:
    order = sold((2, 10, ""))
    line = order.lines[0]
    item = ItemDraft(line.quantity, id=line.id, product_id=line.product_id, discount="5%")

    services.change_order(order.id, version=1, items=[item], discount="2", shipping_amount=D(4))

    [*_, entry] = db.session.query(AuditEntry).filter_by(record_type="sales_order")
    assert {*entry.changes} >= {"lines", "discount", "shipping_amount", "total"}
    assert entry.changes["discount"][1] == "2"
    assert "less 5%" in str(entry.changes["lines"][1])
    assert again(order).total == D("18.70") + D("4.40")  # 19 less 2, and 4, each with 10 %


def test_what_is_closed_short_takes_its_part_of_the_discounts_along() -> None:
    order = drafted((ProductFactory.create(), 10), discount="10")
    line = order.lines[0]
    services.change_order(order.id, version=None, items=[
        ItemDraft(D(10), id=line.id, product_id=line.product_id, discount="20"),
    ])  # fmt: skip
    services.confirm_order(order.id)

    services.close_short(order.id, {line.id: D(4)})

    order = again(order)
    assert (order.lines[0].total, order.discount_amount) == (60 - 12, 6)
    assert order.total == 42


@pytest.mark.parametrize(
    ("discount", "kept", "apart"),
    [
        ("10%", "10%", "10%"),  # 10.00 and 5.00 are what 15.00 was
        ("10", "6.67", "3.33"),
        ("33.33%", "33.33%", "33.33%"),
    ],
)
def test_a_split_shares_discounts_out_and_leaves_shipping_with_the_first(
    discount: str, kept: str, apart: str
) -> None:
    order = sold((10, 10, ""), (5, 10, ""), discount=discount, shipping_amount=D(5))
    before = order.total

    other = again(services.split_order(order.id, {order.lines[1].id: D(5)}))

    order = again(order)
    assert (order.discount, other.discount) == (kept, apart)
    assert (order.shipping_amount, other.shipping_amount) == (5, 0)
    assert order.total + other.total == before


def test_a_percentage_that_would_lose_a_cent_becomes_amounts() -> None:
    order = sold((1, "0.15", ""), (1, "0.15", ""), discount="10%", tax_rate=D(0))
    assert order.discount_amount == D("0.03")  # two halves of 0.015 would be 0.04

    other = again(services.split_order(order.id, {order.lines[1].id: D(1)}))

    order = again(order)
    assert (order.discount, other.discount) == ("0.02", "0.01")
    assert order.total + other.total == D("0.27")


PIECES = st.integers(1, 9)


@given(
    lines=st.lists(
        st.tuples(PIECES, st.decimals("0.01", 20, places=2)), min_size=2, max_size=4
    ),
    off=st.decimals(0, 1, places=2),
)
def test_an_amount_off_a_line_is_shared_by_pieces(lines: list[Any], off: D) -> None:
    """As a model, without a database: what both lines have off is what the one had."""
    for pieces, price in lines:
        said = Discount(round(pieces * price * off, 2))
        line = OrderLine(quantity=D(pieces), unit_price=price, discount=str(said))

        there = line.shared_with(D(1), "EUR")

        assert D(line.discount or 0) + D(there["discount"] or 0) == said.number


def test_a_backorder_of_part_of_a_line_shares_its_discount() -> None:
    product = stocked(3)
    order = drafted((product, 7))
    line = order.lines[0]
    services.change_order(order.id, version=None, items=[
        ItemDraft(D(7), id=line.id, product_id=product.id, discount="1"),
    ])  # fmt: skip
    services.confirm_order(order.id)

    rest = again(services.backorder(order.id))

    order = again(order)
    assert (order.lines[0].discount, rest.lines[0].discount) == ("0.43", "0.57")
    assert order.total + rest.total == 69


def test_shipping_alone_has_its_tax() -> None:
    sums = document_amounts([], currency="EUR", shipping=Shipping(D("4.99"), D(19)))

    assert (sums.subtotal, sums.tax, sums.total) == (D(0), D("0.95"), D("5.94"))


def test_orders_that_have_neither_come_to_what_they_came_to() -> None:
    order = confirmed((ProductFactory.create(), 2))

    assert (order.subtotal, order.discount_amount, order.shipping_amount) == (20, 0, 0)
    assert order.total == 20


def _read(text: str) -> Discount:
    number = D(text.removesuffix("%"))
    return Discount(number, text.endswith("%"))
