"""Selects over counts, and over what there is to count."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.catalog.models import NOT_TRACKED, Product
from app.core.codes import normal_code
from app.core.words import has_words
from app.counting.models import OPEN, TO_COUNT, CountLine, CountRound, CountTask
from app.orders.models import OrderLine, SalesOrder
from app.orders.queries import LINE
from app.stock.models import Balance, Location, Lot, Movement, Reservation

COUNT = "count"  # what movements of counts name as their document, and scans as their task
# Totes and what is on its way are in somebody's hands.
COUNTABLE = ("bin", "staging", "quarantine")
WITH_NAMES = (
    joinedload(CountTask.location, innerjoin=True),
    joinedload(CountTask.product),
    joinedload(CountTask.claimed_by),
)
SORTS: dict[str, SQLColumnExpression[Any]] = {"number": CountTask.id, "location": Location.code}


def count(count_id: int) -> Select[CountTask]:
    """A count with its place, its rounds and its lines."""
    return (
        select(CountTask)
        .where(CountTask.id == count_id)
        .options(
            *WITH_NAMES,
            joinedload(CountTask.approved_by),
            selectinload(CountTask.rounds).joinedload(CountRound.user, innerjoin=True),
            selectinload(CountTask.lines).options(
                joinedload(CountLine.product, innerjoin=True), joinedload(CountLine.lot)
            ),
        )
    )


def counts(*, search: str = "", state: str = "", cause: str = "") -> Select[CountTask]:
    """Counts that the filters let through; `state` is one of them, or `unfinished`.

    The search looks for words of the product, or the beginning of the bin's code.
    """
    query = select(CountTask).join(CountTask.location).options(*WITH_NAMES)
    if words := search.strip():
        starts = func.lower(Location.code).startswith(normal_code(words), autoescape=True)
        bins = select(Location.id).where(starts)
        goods = select(Product.id).where(has_words(Product.search, words))
        is_meant = CountTask.location_id.in_(bins), CountTask.product_id.in_(goods)
        query = query.where(or_(*is_meant))
    if state == "unfinished":
        query = query.where(CountTask.state.in_(OPEN))
    elif state:
        query = query.where(CountTask.state == state)
    return query.where(CountTask.cause == cause) if cause else query


def to_count() -> Select[CountTask]:
    """What a tablet offers, along the route."""
    return (
        select(CountTask)
        .join(CountTask.location)
        .options(*WITH_NAMES)
        .where(CountTask.state.in_((*TO_COUNT, "counting")))
        .order_by(Location.pick_sequence, Location.code, CountTask.id)
    )


def counted_by(count_ids: Collection[int], user_id: int) -> Select[int]:
    """Which of some counts somebody has counted before."""
    return select(CountRound.task_id).where(
        CountRound.task_id.in_(count_ids),
        CountRound.user_id == user_id,
        CountRound.ended_at.is_not(None),
    )


def count_of(user_id: int) -> Select[CountTask]:
    """The count that somebody has in work."""
    return select(CountTask).where(
        CountTask.claimed_by_id == user_id, CountTask.state == "counting"
    )


def open_at(location_ids: Collection[int]) -> Select[CountTask]:
    """Counts of some bins that are not through."""
    return (
        select(CountTask)
        .where(CountTask.location_id.in_(location_ids), CountTask.state.in_(OPEN))
        .order_by(CountTask.id)
    )


def differing(count_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """By count and currency: how many products differ, and by how much money."""
    amount = (CountLine.counted - CountLine.on_hand) * CountLine.unit_cost
    return (
        select(CountLine.task_id, Product.currency, func.count(), func.sum(amount))
        .join(CountLine.product)
        .where(
            CountLine.task_id.in_(count_ids),
            CountLine.state.in_(("review", "posted", "dropped")),
            CountLine.counted != CountLine.on_hand,
        )
        .group_by(CountLine.task_id, Product.currency)
    )


def bins_in(location_id: int, *, is_holding: bool) -> Select[int]:
    """Bins in use at a location or below it; `is_holding` leaves out those without goods."""
    top = select(Location.path).where(Location.id == location_id).scalar_subquery()
    query = _countable().where(func.starts_with(Location.path, top))
    return query.where(_holds_goods()) if is_holding else query


def bins_with(product_id: int) -> Select[int]:
    """Bins in use that hold a product."""
    holds = exists().where(
        Balance.location_id == Location.id,
        Balance.product_id == product_id,
        Balance.on_hand > 0,
    )
    return _countable().where(holds)


def bins_by_age(number: int) -> Select[int]:
    """The bins with goods whose oldest count is the longest ago; never is longest."""
    oldest = (
        select(Balance.location_id, func.min(func.coalesce(Balance.counted_at, "-infinity")))
        .where(Balance.on_hand > 0)
        .group_by(Balance.location_id)
        .subquery()
    )
    has_count = exists().where(
        CountTask.location_id == Location.id,
        CountTask.product_id.is_(None),
        CountTask.state.in_(OPEN),
    )
    return (
        _countable()
        .join(oldest, oldest.c.location_id == Location.id)
        .where(~has_count)
        .order_by(None)
        .order_by(oldest.c[1], Location.pick_sequence, Location.code)
        .limit(number)
    )


def balances_at(location_id: int, product_id: int | None) -> Select[Balance]:
    """What the books say lies in a bin, all of it or of one product."""
    query = select(Balance).where(Balance.location_id == location_id, Balance.on_hand > 0)
    if product_id is not None:
        query = query.where(Balance.product_id == product_id)
    return query.order_by(Balance.product_id, Balance.id)


def version_at(product_id: int, location_id: int, lot_id: int | None) -> Select[int]:
    """The version of a balance."""
    return select(Balance.version).where(
        Balance.product_id == product_id,
        Balance.location_id == location_id,
        func.coalesce(Balance.lot_id, 0) == (lot_id or 0),
    )


def last_counts(location_id: int) -> Select[*tuple[Any, ...]]:
    """When what lies in a bin was last counted: product, lot, moment."""
    return select(Balance.product_id, Balance.lot_id, Balance.counted_at).where(
        Balance.location_id == location_id, Balance.counted_at.is_not(None)
    )


def posted_by(count_id: int) -> Select[Movement]:
    """What a count has posted, and what was posted to undo it, the oldest first."""
    query = select(Movement).where(
        Movement.document_type == COUNT, Movement.document_id == count_id
    )
    return query.order_by(Movement.id)


def tracked_at(location_id: int) -> Select[int]:
    """Products that lie in a bin and say their lot, or serial number."""
    return (
        select(Balance.product_id)
        .join(Balance.product)
        .where(
            Balance.location_id == location_id,
            Balance.on_hand > 0,
            Product.tracking != NOT_TRACKED,
        )
        .distinct()
    )


def lots(product_id: int) -> Select[Lot]:
    """The lots of a product."""
    return select(Lot).where(Lot.product_id == product_id).order_by(Lot.id)


def reservations_at(
    location_id: int, product_ids: Collection[int]
) -> Select[Reservation, SalesOrder | None]:
    """What is reserved of some products in a bin, with the order it is for, the latest first.

    What nobody has in hand yet comes before what somebody does.
    """
    return (
        select(Reservation, SalesOrder)
        .outerjoin(
            OrderLine,
            (OrderLine.id == Reservation.document_id) & (Reservation.document_type == LINE),
        )
        .outerjoin(SalesOrder, SalesOrder.id == OrderLine.order_id)
        .where(
            Reservation.location_id == location_id,
            Reservation.product_id.in_(product_ids),
            Reservation.state == "active",
        )
        .order_by(Reservation.id.desc())
    )


def _countable() -> Select[int]:
    return (
        select(Location.id)
        .where(Location.kind.in_(COUNTABLE), Location.is_active, ~Location.is_blocked)
        .order_by(Location.pick_sequence, Location.code)
    )


def _holds_goods() -> Any:
    return exists().where(Balance.location_id == Location.id, Balance.on_hand > Decimal(0))
