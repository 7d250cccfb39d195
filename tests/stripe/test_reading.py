"""What figures and words of Stripe mean; what they do not say is not guessed."""

from decimal import Decimal
from typing import Any

import pytest

from app.integrations.hub.connector import Answer
from app.integrations.hub.errors import NotUnderstood, Unreadable
from app.integrations.systems.stripe import amounts, answers, reading, settlements
from app.integrations.systems.stripe.connector import VERSION
from tests.standins.stripe import objects

SOLD = objects.transaction(
    "txn_1", kind="charge", category="charge", amount=1999, currency="eur",
    created=1_700_000_000, available_on=1_700_092_800, source="ch_1",
    description="Order #000000123",
    fees=[objects.fee("stripe_fee", 59, "eur", "Stripe processing fees")],
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "currency", "told"),
    [
        (1999, "EUR", "19.99"), (1999, "JPY", "1999"), (1990, "KWD", "1.990"),
        (500, "ISK", "5.00"), (-1, "USD", "-0.01"), (0, "KRW", "0"),
    ],
)  # fmt: skip
def test_smallest_units_are_those_of_stripe(value: int, currency: str, told: str) -> None:
    assert amounts.amount(value, currency) == Decimal(told)


@pytest.mark.parametrize("value", [None, "1999", Decimal("19.99"), True, 10**12 * 10**3])
def test_what_is_no_amount_is_refused(value: Any) -> None:
    with pytest.raises(Unreadable):
        amounts.amount(value, "EUR")


@pytest.mark.parametrize("value", [None, "", "xxx", "usdx", 840, "ugx"])
def test_what_is_no_currency_or_a_disputed_one_is_refused(value: Any) -> None:
    with pytest.raises(Unreadable):
        amounts.currency_of(value)


def test_a_fee_whose_parts_do_not_add_up_says_so() -> None:
    read = reading.transaction(SOLD | {"fee": 80, "net": 1919})

    assert [(one["kind"], one["amount"]) for one in read["fees"]] == [
        ("stripe_fee", Decimal("0.59")), ("unspecified", Decimal("0.21")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"net": 1}, {"amount": "1999"}, {"currency": "eu"}, {"created": "today"},
        {"created": 10**20}, {"type": ""}, {"fee_details": [{"amount": 59, "currency": "usd"}]},
        {"fee_details": ["59"]}, {"available_on": None},
    ],
)  # fmt: skip
def test_a_transaction_that_is_not_whole_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        reading.transaction(SOLD | wrong)


def test_a_kind_that_nobody_knows_is_kept_as_another() -> None:
    read = reading.transaction(SOLD | {"type": "moon_fee", "reporting_category": "moon"})

    assert (read["role"], read["kind"]) == ("other", "moon_fee")


@pytest.mark.parametrize(
    ("record", "number"),
    [
        ({"metadata": {"order_id": "SO-000017"}}, "SO-000017"),
        ({"metadata": {"Order #": "000000123"}}, "000000123"),
        ({"metadata": {"invoice": " INV-9 "}}, "INV-9"),
        ({"metadata": {"color": "red"}, "description": "Order #000000123 by Ana"}, "000000123"),
        ({"metadata": {}, "description": "Invoice no. 1017"}, "1017"),
        ({"description": "Payment of an order placed by Ana"}, ""),
        ({"description": "Subscription creation"}, ""),
        ({"metadata": ["x"], "description": 7}, ""),
        ({"metadata": {"order_id": None}}, ""),
    ],
)  # fmt: skip
def test_what_a_payment_is_for_stands_in_what_shops_write(
    record: dict[str, Any], number: str
) -> None:
    assert reading.reference(record) == number


@pytest.mark.parametrize("status", ["", "refunded", None])
def test_a_state_that_nobody_knows_is_refused(status: Any) -> None:
    with pytest.raises(Unreadable):
        reading.payout({"id": "po_1", "currency": "eur", "status": status})
    with pytest.raises(Unreadable):
        reading.dispute({"id": "dp_1", "currency": "eur", "status": status})


@pytest.mark.parametrize(
    "body",
    [
        [], {}, {"object": "list"}, {"object": "list", "data": {}, "has_more": False},
        {"object": "list", "data": [], "has_more": "no"}, {"data": [], "has_more": False},
        {"object": "list", "data": [], "has_more": True}, "list", None,
    ],
)  # fmt: skip
def test_an_answer_without_its_envelope_says_nothing(body: Any) -> None:
    with pytest.raises(NotUnderstood):
        answers.page("payout", "payout", None, Answer(body))
    with pytest.raises(NotUnderstood):
        settlements.page(None, Answer(body))
    with pytest.raises(NotUnderstood):
        answers.balance(Answer(body))


def test_a_position_that_is_none_is_refused() -> None:
    with pytest.raises(NotUnderstood):
        settlements.request("po_1", {}, {})


def test_the_version_is_the_one_of_the_vendors_package() -> None:
    import stripe  # noqa: PLC0415  (slow)

    assert stripe.api_version == VERSION
