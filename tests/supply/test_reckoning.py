"""Supply in plain numbers: orders consume forecasts, months are netted, levels exploded."""

from datetime import date
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.supply.reckoning import THOUSAND
from app.supply.reckoning.consuming import Bucket, rest_of_forecast
from app.supply.reckoning.explosion import Circular, Making, Supplies, explode, in_levels
from app.supply.reckoning.horizon import Horizon
from app.supply.reckoning.netting import Demand, Item, Netted, Receipt, lot, net
from app.supply.reckoning.pegging import Peg

YEAR = Horizon(date(2026, 3, 11), 12)  # a Wednesday


def item(on_hand: int = 0, **more: int | None) -> Item:
    usual: dict[str, Any] = {"safety": 0, "lead": 0, "minimum": 0, "step": 1, "most": None}
    return Item(on_hand=on_hand, **(usual | more))


def netted(
    of: Item, *demands: Demand, receipts: tuple[Receipt, ...] = (), months: int = 3
) -> Netted:
    return net(of, demands, receipts, YEAR, months_of_excess=months)


def wanted(day: int, quantity: int, kind: str = "order", document: str = "SO-1") -> Demand:
    return Demand(day, quantity, kind, 1, document)


def coming(day: int, quantity: int, document: str = "PO-1", **more: Any) -> Receipt:
    return Receipt(day, quantity, document, f"/{document}", **more)


def test_orders_consume_what_is_forecast_of_their_customer_and_are_not_added_to_it() -> None:
    forecast = {Bucket(1, 1, 0): 100, Bucket(1, 2, 0): 50, Bucket(1, 1, 1): 40}
    orders = {Bucket(1, 1, 0): 30, Bucket(1, 2, 0): 80, Bucket(1, 9, 1): 25}

    apart = rest_of_forecast(forecast, orders, by_customer=True)
    pooled = rest_of_forecast(forecast, orders, by_customer=False)

    # What the second orders too much takes nothing off the first, and nothing off next month.
    assert apart == {(1, 0): 70, (1, 1): 40}
    assert pooled == {(1, 0): 40, (1, 1): 15}


def test_what_came_back_gives_no_forecast_back() -> None:
    bucket = Bucket(1, 1, 0)
    assert rest_of_forecast({bucket: 10}, {bucket: -4}, by_customer=True) == {(1, 0): 10}


def test_a_month_is_spread_over_the_working_days_that_are_left() -> None:
    parts = YEAR.spread(15_000, 0)

    # From the 11th on March 2026 has 15 working days: 3, 5, 5 and 2 of each week.
    assert parts == [(0, 3_000), (5, 5_000), (12, 5_000), (19, 2_000)]
    assert YEAR.spread(4_000, 0) == [(0, 1_000), (5, 2_000), (12, 1_000)]
    assert YEAR.date_of(YEAR.spread(4_000, 1)[0][0]) == date(2026, 4, 1)


@given(st.integers(0, 10**9), st.integers(0, 11))
def test_parts_of_a_month_add_up(quantity: int, month: int) -> None:
    begin, end = YEAR.spans[month]
    parts = YEAR.spread(quantity, month)
    assert sum(part for _day, part in parts) == quantity
    assert all(begin <= day < end for day, _part in parts)


def test_what_is_forecast_of_a_last_sunday_is_wanted_at_once() -> None:
    sunday = Horizon(date(2026, 5, 31), 2)
    assert sunday.spread(7, 0) == [(0, 7)]


@pytest.mark.parametrize(
    ("short", "rules", "bought"),
    [
        (0, {}, 0),
        (-5, {"minimum": 10}, 0),
        (3, {}, 3),
        (3, {"minimum": 10}, 10),
        (13, {"minimum": 10, "step": 4}, 16),
        (3, {"minimum": 10, "step": 4}, 12),
    ],
)
def test_a_lot_is_raised_to_the_minimum_and_rounded_up(
    short: int, rules: dict[str, int], bought: int
) -> None:
    assert lot(short, item(**rules)) == bought


def test_what_is_missing_in_a_month_is_bought_once_for_its_first_day_that_is_short() -> None:
    made = netted(item(10, lead=7), wanted(20, 8), wanted(30, 6), wanted(40, 6))

    [one] = made.suggestions
    assert (one.due, one.begin, one.quantity, one.short) == (30, 23, 10, 10)
    assert made.projected[:3] == [2, -10, -10]
    assert made.planned[:3] == [2, 0, 0]
    assert made.out_on is None


def test_inside_the_lead_time_nothing_is_to_be_begun_in_the_past() -> None:
    made = netted(item(4, lead=30), wanted(10, 10))

    [one] = made.suggestions
    assert (one.begin, one.due, one.arrives, one.is_late) == (0, 10, 30, True)
    assert (made.out_on, made.out_quantity) == (10, 6)
    assert made.planned[:2] == [-6, 0]


def test_safety_stock_is_wanted_once_and_not_every_month() -> None:
    made = netted(item(safety=5, lead=14), *(wanted(day, 2) for day in (40, 70, 100)))

    assert [(one.due, one.quantity) for one in made.suggestions] == [
        (14, 5),
        (40, 2),
        (70, 2),
        (100, 2),
    ]
    assert [one.kind for one in made.suggestions[0].pegs] == ["safety"]
    assert made.planned[-1] == 5


def test_what_comes_serves_and_nothing_is_bought_beside_it() -> None:
    made = netted(item(), wanted(40, 9), receipts=(coming(39, 9),))
    assert not made.suggestions
    assert not made.pulls


def test_what_comes_no_later_than_a_new_order_would_is_to_come_sooner() -> None:
    late = coming(30, 9)
    made = netted(item(lead=40), wanted(10, 9), receipts=(late,))

    assert not made.suggestions
    assert [(pull.receipt, pull.wanted) for pull in made.pulls] == [(late, 10)]
    assert made.out_on == 10


def test_a_few_days_are_no_reason_to_order_or_to_expedite() -> None:
    made = netted(item(), wanted(40, 9), receipts=(coming(46, 9),))
    assert (made.suggestions, made.pulls) == ([], [])


def test_what_comes_much_later_than_a_new_order_would_hides_nothing() -> None:
    made = netted(item(lead=5), wanted(10, 9), receipts=(coming(60, 9),))
    assert [one.quantity for one in made.suggestions] == [9]
    assert not made.pulls


def test_stock_that_nobody_wants_is_too_much() -> None:
    assert netted(item(50)).excess == 50
    assert netted(item(50, safety=20)).excess == 30
    assert netted(item(50, most=45)).excess == 5
    # Twelve are wanted in twelve months: of three months it may have so much at the end.
    assert netted(item(50), wanted(40, 12)).excess == 50 - 12 - 3


def test_each_suggestion_says_which_demand_it_serves() -> None:
    made = netted(
        item(5),
        wanted(10, 3, document="SO-1"),
        wanted(12, 4, document="SO-2"),
        wanted(13, 1, "forecast", "2026-03-01"),
        wanted(14, 2, "forecast", "2026-03-01"),
    )

    [one] = made.suggestions
    assert one.pegs == [
        Peg(2, "order", 1, "SO-2"),
        Peg(3, "forecast", 1, "2026-03-01"),
    ]


days = st.integers(0, YEAR.days - 1)
quantities = st.integers(1, 500)
events = st.lists(st.tuples(days, quantities), max_size=12)


@given(
    events,
    events,
    st.integers(0, 300),
    st.fixed_dictionaries(
        {
            "safety": st.integers(0, 50),
            "lead": st.integers(0, 90),
            "minimum": st.integers(0, 100),
            "step": st.integers(1, 24),
        }
    ),
)
def test_whatever_is_wanted_is_there_once_lead_times_allow(
    orders: list[tuple[int, int]],
    receipts: list[tuple[int, int]],
    on_hand: int,
    rules: dict[str, int],
) -> None:
    of = item(on_hand, **rules)
    demands = [wanted(day, quantity) for day, quantity in orders]
    made = net(
        *(of, demands, [coming(day, n) for day, n in receipts], YEAR), months_of_excess=3
    )

    assert sum(made.ordered) == sum(n for _day, n in orders)
    assert all(one.quantity % of.step == 0 for one in made.suggestions)
    assert all(one.quantity >= max(one.short, of.minimum) for one in made.suggestions)
    assert all(0 <= one.begin <= one.arrives >= one.due for one in made.suggestions)
    # At the end all that was wanted is served, and the safety stock is there, unless what
    # would serve it comes after the plan.
    after = sum(one.quantity for one in made.suggestions if one.arrives >= YEAR.days)
    assert made.planned[-1] + after >= of.safety
    # Each suggestion serves at most what it is.
    assert all(
        sum(peg.quantity for peg in one.pegs) <= one.quantity for one in made.suggestions
    )
    change = [come - gone for come, gone in zip(made.incoming, made.ordered, strict=True)]
    assert made.projected == [*accumulate(change, initial=on_hand)][1:]


def making(*parts: tuple[int, int], **more: Any) -> Making:
    usual: dict[str, Any] = {
        "sku": "WHOLE",
        "is_bundle": False,
        "batch": THOUSAND,
        "parts": parts,
    }
    return Making(**(usual | more))


def exploded(
    items: dict[int, Item], makings: dict[int, Making], demands: dict[int, list[Demand]]
) -> dict[int, Netted]:
    supplies = Supplies(items=items, makings=makings, demands=demands, receipts={})
    return dict(explode(supplies, YEAR, months_of_excess=3))


def test_components_are_wanted_when_building_begins_and_their_stock_counts_once() -> None:
    made = exploded(
        {1: item(1_000, lead=10), 2: item(lead=5), 3: item(4_000)},
        {1: making((3, 2_000)), 2: making((3, 1_000), sku="OTHER")},
        {1: [wanted(50, 3_000)], 2: [wanted(60, 1_000)], 3: [wanted(45, 1_000)]},
    )

    assert [(one.begin, one.quantity) for one in made[1].suggestions] == [(40, 2_000)]
    # 4 for the first, 1 for the other, 1 for a customer; 4 are there.
    assert sum(made[3].dependent) == 5_000
    assert sum(one.quantity for one in made[3].suggestions) == 2_000
    assert {peg.document for one in made[3].suggestions for peg in one.pegs} == {
        "SO-1",
        "OTHER",
    }


def test_a_batch_takes_what_it_takes_and_no_less() -> None:
    made = exploded(
        {1: item(step=3_000), 2: item()},
        {1: making((2, 1_000), batch=3_000)},
        {1: [wanted(50, 4_000)]},
    )

    assert [one.quantity for one in made[1].suggestions] == [6_000]
    assert [one.quantity for one in made[2].suggestions] == [2_000]


def test_what_is_wanted_of_a_bundle_is_wanted_of_its_components() -> None:
    made = exploded(
        {1: item(), 2: item(1_000)},
        {1: making((2, 2_000), is_bundle=True, sku="KIT")},
        {1: [wanted(50, 3_000, "forecast", "2026-04-01")]},
    )

    assert not made[1].suggestions
    [one] = made[2].suggestions
    assert (one.due, one.quantity) == (50, 5_000)
    assert one.pegs == [Peg(5_000, "bundle", 1, "KIT")]


def test_levels_come_one_after_the_other_and_circles_are_refused() -> None:
    chain = {1: making((2, 1)), 2: making((3, 1)), 3: making((4, 1))}
    assert [*in_levels(chain, [4, 3, 2, 1])] == [1, 2, 3, 4]

    with pytest.raises(Circular) as refused:
        [*in_levels({1: making((2, 1)), 2: making((1, 1))}, [1, 2])]
    assert {*refused.value.circle} == {1, 2}
