"""Accounts roll, fees add up, and what somebody planted is found."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from app.core.db import db, transaction
from app.integrations import jobs
from app.integrations.money import queries
from app.integrations.money.models import MoneyBalance
from app.orders.services import create_order
from app.reconcile import figures
from app.reconcile.lists import with_settled
from app.reconcile.periods import period
from tests.factories import CustomerFactory
from tests.integrations.conftest import work
from tests.standins.stripe import Stripe
from tests.stripe.conftest import Sync, transactions

pytestmark = pytest.mark.committed
DAY = 86_400


def today() -> date:
    return datetime.now(UTC).date()


def days_ago(days: int) -> int:
    return int(datetime.now(UTC).timestamp()) - days * DAY


def test_an_account_rolls_from_day_to_day(stripe: Stripe, sync: Sync) -> None:
    for age in (5, 3, 1):
        stripe.account.sell(10_000, at=days_ago(age))
        if age != 1:
            stripe.account.arrive(stripe.account.pay_out(at=days_ago(age) + 60)["id"])
    sync("full")

    [all_of_it] = figures.clearing(today() - timedelta(days=10), today())
    [before] = figures.clearing(today() - timedelta(days=10), today() - timedelta(days=4))
    [after] = figures.clearing(today() - timedelta(days=3), today())

    assert before.closing == after.opening
    assert all_of_it.closing == after.closing
    for one in (all_of_it, before, after):
        assert one.opening + one.activity - one.payouts == one.closing
    assert all_of_it.sales == Decimal(300)
    assert all_of_it.fees == Decimal("6.30")
    assert all_of_it.payouts == Decimal("195.80")


def test_what_is_held_is_what_was_told(stripe: Stripe, sync: Sync) -> None:
    stripe.account.sell(10_000)
    sync("full")

    [one] = figures.clearing(today(), today())

    assert (one.held, one.variance) == (Decimal("97.90"), Decimal(0))


def test_a_transaction_that_nobody_told_shows_as_variance(stripe: Stripe, sync: Sync) -> None:
    stripe.account.sell(10_000)
    sync("full")
    with transaction():
        db.session.query(MoneyBalance).one().available += Decimal(5)

    [one] = figures.clearing(today(), today())

    assert one.variance == Decimal(5)


def test_each_currency_is_an_account_of_its_own(stripe: Stripe, sync: Sync) -> None:
    stripe.account.sell(10_000)
    stripe.account.sell(10_000, "jpy")
    sync("full")

    found = {one.currency: one.sales for one in figures.clearing(today(), today())}

    assert found == {"EUR": Decimal(100), "JPY": Decimal(10_000)}


def test_fees_add_up_by_month_and_kind(stripe: Stripe, sync: Sync) -> None:
    stripe.account.sell(10_000)
    stripe.account.charge_fee(500)
    sync("full")

    found = figures.fees(today(), today(), "EUR")
    [one] = figures.clearing(today(), today())
    chart = figures.fees_chart(found, "EUR")

    assert {fee.kind: fee.amount for fee in found} == {
        "stripe_fee": Decimal("6.75"), "tax": Decimal("0.35"),
    }  # fmt: skip
    assert sum(fee.amount for fee in found) == one.fees
    assert [series.name for series in chart.series] == ["Stripe fee", "Tax"]


def test_more_kinds_than_colours_share_one() -> None:
    many = [figures.Fee(date(2026, 1, 1), f"kind_{n}", Decimal(n)) for n in range(1, 10)]

    chart = figures.fees_chart(many, "EUR")

    assert len(chart.series) == 6
    assert chart.series[-1].name == "Others"
    assert sum(one.values[0] or 0 for one in chart.series) == 45


def test_a_payout_that_lacks_a_payment_is_found_and_no_other(
    stripe: Stripe, sync: Sync
) -> None:
    for lacks in (0, 1, 0):
        stripe.account.sell(10_000)
        stripe.account.sell(20_000)
        stripe.account.arrive(stripe.account.pay_out(lacks=lacks)["id"])
    stripe.account.sell(500)
    stripe.account.arrive(stripe.account.pay_out(is_automatic=False)["id"])
    sync("full")

    found = with_settled(db.session.scalars(queries.payouts(differs=True)).all())

    assert [one.difference for one in found] == [Decimal("97.90")]
    every = with_settled(db.session.scalars(queries.payouts()).all())
    assert sorted(one.difference is None for one in every) == [False, False, False, True]


def test_a_sale_finds_its_order_by_the_number_that_it_names(stripe: Stripe, sync: Sync) -> None:
    order = create_order(
        customer_id=CustomerFactory.create().id, order_date=today(), currency="EUR", items=[]
    )
    stripe.account.sell(10_000, order=order.number.lower())
    stripe.account.sell(10_000, order="SO-999999")
    sync("full")

    assert [one.order_id for one in transactions(role="sale")] == [order.id, None]


def test_an_order_that_comes_later_is_found_then(stripe: Stripe, sync: Sync) -> None:
    stripe.account.sell(10_000, order="SO-000001")
    sync("full")
    assert transactions()[0].order_id is None
    order = create_order(
        customer_id=CustomerFactory.create().id, order_date=today(), currency="EUR", items=[]
    )
    with transaction():
        transactions()[0].reference = order.number

    jobs.match_money.enqueue()
    work()

    assert transactions()[0].order_id == order.id


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (None, date(2026, 12, 1), (date(2026, 10, 1), date(2026, 12, 1))),
        (None, date(2026, 1, 31), (date(2025, 11, 1), date(2026, 1, 31))),
        (date(2026, 5, 2), date(2026, 5, 1), (date(2026, 5, 1), date(2026, 5, 2))),
    ],
)  # fmt: skip
def test_a_period_is_three_months_or_what_is_asked(
    since: date | None, until: date | None, found: tuple[date, date]
) -> None:
    assert period(since, until) == found
