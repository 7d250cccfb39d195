"""Doubted stock: what a picker did not find is promised to nobody until it is counted."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.catalog.models import Product
from app.core.db import db
from app.core.jobs import JobRun
from app.fulfilment import services
from app.orders import services as orders
from app.orders.jobs import allocate_waiting
from app.stock import services as stock
from app.stock.errors import InsufficientStock
from app.stock.figures import figures
from app.stock.models import Balance, Location
from tests.fulfilment.conftest import Hand, bin_, confirmed, stocked
from tests.fulfilment.test_picking import agree
from tests.orders.conftest import again, held, reserved

pytestmark = pytest.mark.usefixtures("totes")


def balance(product: Product, at: Location) -> Balance:
    query = select(Balance).where(
        Balance.product_id == product.id, Balance.location_id == at.id
    )
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def count(product: Product, at: Location, counted: int) -> None:
    against = stock.virtual_location("adjustment")
    target = stock.Target(product.id, at.id, against)
    stock.count_stock(target, counted=Decimal(counted), key="counted")


def available(product: Product) -> Decimal:
    return figures([product.id])[product.id].available


@pytest.fixture
def doubted(hand: Hand, filters: Product) -> Product:
    """Ten paper filters in A-01, of which a picker has found one of three."""
    confirmed((filters, 3))
    task = hand.claim()
    hand.scan(task, "A-01", "FILTER1")
    hand.tap(services.report_short, task, line_id=task.lines[0].id, reason="not_found")
    return filters


@pytest.mark.parametrize("reason", ["not_found", "damaged", "wrong_bin"])
def test_the_rest_of_the_bin_is_reserved_for_nobody(
    hand: Hand, filters: Product, shelf: Location, reason: str
) -> None:
    confirmed((filters, 3))
    task = hand.claim()

    hand.tap(services.report_short, task, line_id=task.lines[0].id, reason=reason)
    late = confirmed((filters, 2))

    assert again(late).status == "confirmed"
    assert reserved(late) == []
    assert held(filters, shelf) == (10, 0)
    assert available(filters) == 0


def test_what_lies_elsewhere_is_still_there_for_others(doubted: Product) -> None:
    stocked(5, doubted, bin_("B-01", 2))

    late = confirmed((doubted, 7))

    assert reserved(late) == [("B-01", 5)]
    assert available(doubted) == 0


def test_what_is_reserved_there_already_stays_reserved(
    hand: Hand, filters: Product, shelf: Location
) -> None:
    confirmed((filters, 3))
    other = confirmed((filters, 2))
    task = hand.claim()

    hand.tap(services.report_short, task, line_id=task.lines[0].id, reason="not_found")

    assert reserved(other) == [("A-01", 2)]
    assert available(filters) == 0


def test_it_cannot_be_reserved_by_hand_and_the_refusal_says_why(
    doubted: Product, shelf: Location
) -> None:
    with pytest.raises(InsufficientStock, match="A picker did not find F-1 at A-01"):
        stock.reserve(
            stock.ReservedQuantity(doubted.id, shelf.id, None, Decimal(1)), key="by hand"
        )


@pytest.mark.parametrize("counted", [9, 4])
def test_a_count_ends_the_doubt_whatever_it_finds(
    doubted: Product, shelf: Location, counted: int
) -> None:
    count(doubted, shelf, counted)

    assert not balance(doubted, shelf).is_doubted
    assert available(doubted) == counted
    agree()


def test_who_waits_gets_the_goods_once_they_are_counted(
    doubted: Product, shelf: Location
) -> None:
    late = confirmed((doubted, 2))
    before = _allocations()

    count(doubted, shelf, 9)

    assert _allocations() == before + 1
    orders.allocate_waiting([doubted.id])
    assert ("A-01", 2) in reserved(late)


def _allocations() -> int:
    """How often it was asked to reserve goods for orders that wait."""
    query = select(func.count()).select_from(JobRun).where(JobRun.job == allocate_waiting.path)
    return db.session.scalar(query) or 0


def test_a_receipt_is_not_mixed_with_what_nobody_has_found(
    doubted: Product, shelf: Location
) -> None:
    stocked(20, doubted, shelf)

    assert available(doubted) == 0
    assert balance(doubted, shelf).available == 0


def test_whoever_has_the_goods_in_hand_may_move_them(doubted: Product, shelf: Location) -> None:
    found = bin_("C-01", 3)

    route = stock.Route(doubted.id, shelf.id, found.id, is_inside=True)
    stock.move_stock(route, quantity=Decimal(9), key="moved")

    assert available(doubted) == 9
    assert not balance(doubted, shelf).is_doubted  # nothing is left to doubt
    agree()


def test_nothing_is_doubted_where_nothing_lies(doubted: Product, shelf: Location) -> None:
    row = balance(doubted, shelf)
    row.on_hand = Decimal(0)

    with pytest.raises(IntegrityError, match="ck_stock_balance_doubted"):
        db.session.flush()
