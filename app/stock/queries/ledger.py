"""Balances, movements, reservations, and the proof that they agree."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Numeric,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.orm import aliased, contains_eager, joinedload

from app.catalog.models import Product
from app.stock.models import HOLDS_STOCK, Balance, Location, Lot, Movement, Reservation

NEWEST_FIRST = (Movement.occurred_at.desc(), Movement.id.desc())
WITH_NAMES = (
    joinedload(Movement.product, innerjoin=True),
    joinedload(Movement.from_location, innerjoin=True),
    joinedload(Movement.to_location, innerjoin=True),
    joinedload(Movement.actor),
    joinedload(Movement.lot),
)


class MovementFilter(NamedTuple):
    """Which movements somebody wants to see; `before` is (occurred_at, id) of the last seen."""

    product_ids: tuple[int, ...] | None = None
    location_ids: tuple[int, ...] | None = None
    reason: str = ""
    actor_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: tuple[datetime, int] | None = None
    posting_id: int | None = None
    lot_id: int | None = None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """All that narrows the list except for the locations."""
        happened: list[ColumnElement[bool]] = []
        if self.since:
            happened.append(Movement.occurred_at >= self.since)
        if self.until:
            happened.append(Movement.occurred_at < self.until)
        if self.before:
            happened.append(tuple_(Movement.occurred_at, Movement.id) < self.before)
        if self.product_ids is not None:
            happened.append(Movement.product_id.in_(self.product_ids))
        given = {
            Movement.reason: self.reason or None,
            Movement.actor_id: self.actor_id,
            Movement.posting_id: self.posting_id,
            Movement.lot_id: self.lot_id,
        }
        same = [column == value for column, value in given.items() if value is not None]
        return [*same, *happened]


def movements(
    asked: MovementFilter, *, limit: int, offset: int = 0
) -> Select[Movement, bool, Decimal]:
    """The newest movements, each with whether it has been undone.

    What left a location and what came there are looked up apart, each in the order of its
    index: together they would be sorted whole.
    """
    if asked.location_ids is None:
        chosen: Any = select(Movement.id).where(*asked.conditions)
        chosen = chosen.order_by(*NEWEST_FIRST).limit(offset + limit)
    else:
        ends = (Movement.from_location_id, Movement.to_location_id)
        chosen = union(*(_at(end, asked, offset + limit) for end in ends))
    return (
        select(Movement, _is_undone().label("is_undone"), change().label("change"))
        .options(*WITH_NAMES)
        .where(Movement.id.in_(chosen))
        .order_by(*NEWEST_FIRST)
        .limit(limit)
        .offset(offset)
    )


def movements_in_order(asked: MovementFilter) -> Select[Movement]:
    """All movements asked for, for whoever reads them in the order of their ids."""
    found = select(Movement).options(*WITH_NAMES).where(*asked.conditions)
    if asked.location_ids is None:
        return found
    ends = (Movement.from_location_id, Movement.to_location_id)
    return found.where(or_(*(end.in_(asked.location_ids) for end in ends)))


def changes_of(movement_ids: Sequence[int]) -> Select[int, Decimal]:
    """What some movements did to what is on hand, by their ids."""
    return select(Movement.id, change()).where(Movement.id.in_(movement_ids))


def change() -> ColumnElement[Decimal]:
    """What a movement does to what is on hand of its product: minus where it leaves us."""
    start, end = aliased(Location), aliased(Location)
    kept = {
        place: select(place.kind.in_(HOLDS_STOCK)).where(place.id == column).scalar_subquery()
        for place, column in (
            (start, Movement.from_location_id),
            (end, Movement.to_location_id),
        )
    }
    return case(
        (and_(kept[end], not_(kept[start])), Movement.quantity),
        (and_(kept[start], not_(kept[end])), -Movement.quantity),
        else_=literal(0, Numeric),
    )


def balance_after() -> ColumnElement[Decimal]:
    """What was on hand of its product after a movement: what is now, less what came later."""
    later, start, end = aliased(Movement), aliased(Location), aliased(Location)
    sign = end.kind.in_(HOLDS_STOCK).cast(Integer) - start.kind.in_(HOLDS_STOCK).cast(Integer)
    since = (
        select(func.coalesce(func.sum(later.quantity * sign), 0))
        .join(start, start.id == later.from_location_id)
        .join(end, end.id == later.to_location_id)
        .where(later.product_id == Movement.product_id)
        .where(tuple_(later.occurred_at, later.id) > tuple_(Movement.occurred_at, Movement.id))
        .correlate(Movement)
        .scalar_subquery()
    )
    now = (
        select(func.coalesce(func.sum(Balance.on_hand), 0))
        .where(Balance.product_id == Movement.product_id)
        .correlate(Movement)
        .scalar_subquery()
    )
    return now - since


def movement_count(asked: MovementFilter, *, most: int) -> Select[int]:
    """How many movements there are, counted up to `most`."""
    some: Select[Any] | CompoundSelect[Any] = select(Movement.id).where(*asked.conditions)
    if asked.location_ids is not None:
        ends = (Movement.from_location_id, Movement.to_location_id)
        some = union(*(_at(end, asked, most) for end in ends))
    return select(func.count()).select_from(some.limit(most).subquery())


def movements_of_posting(posting_id: int) -> Select[Movement, bool, Decimal]:
    """The movements of a posting in their order, each with whether it has been undone."""
    return (
        select(Movement, _is_undone().label("is_undone"), change().label("change"))
        .options(*WITH_NAMES)
        .where(Movement.posting_id == posting_id)
        .order_by(Movement.id)
    )


def balances_of(product_id: int) -> Select[Balance]:
    """Where a product lies, in the order of picking."""
    return (
        select(Balance)
        .join(Balance.location)
        .options(contains_eager(Balance.location), joinedload(Balance.lot))
        .where(Balance.product_id == product_id, Balance.on_hand > 0)
        .order_by(Location.pick_sequence, Location.code, Balance.id)
    )


def balances_of_all(product_ids: Collection[int]) -> Select[Balance]:
    """Where some products lie, each in the order of picking."""
    return (
        select(Balance)
        .join(Balance.location)
        .options(contains_eager(Balance.location), joinedload(Balance.lot))
        .where(Balance.product_id.in_(product_ids), Balance.on_hand > 0)
        .order_by(Balance.product_id, Location.pick_sequence, Location.code, Balance.id)
    )


def balances_at(path: str) -> Select[Balance]:
    """What lies at a location or below it, by SKU."""
    return (
        select(Balance)
        .join(Balance.location)
        .join(Balance.product)
        .options(
            contains_eager(Balance.location),
            contains_eager(Balance.product),
            joinedload(Balance.lot),
        )
        .where(Location.path.startswith(path, autoescape=True), Balance.on_hand > 0)
        .order_by(Product.sku, Location.code, Balance.id)
    )


def places_of(
    product_ids: Sequence[int],
) -> Select[*tuple[Any, ...]]:
    """Where some products lie, with codes and lots, in the order of picking."""
    return (
        select(
            Balance.product_id,
            Location.code,
            Lot.code.label("lot"),
            Balance.lot_id,
            Lot.expires_on,
            Balance.on_hand,
            Balance.reserved,
            Balance.is_doubted,
            Balance.is_withheld,
            Balance.counted_at,
        )
        .join(Balance.location)
        .outerjoin(Lot, Lot.id == Balance.lot_id)
        .where(Balance.product_id.in_(product_ids))
        .order_by(Balance.product_id, Location.pick_sequence, Location.code, Balance.lot_id)
    )


def reservations(product_id: int) -> Select[Reservation]:
    """Active reservations of a product, the oldest first."""
    return (
        select(Reservation)
        .options(joinedload(Reservation.location, innerjoin=True), joinedload(Reservation.lot))
        .where(Reservation.product_id == product_id, Reservation.state == "active")
        .order_by(Reservation.id)
    )


def reservation(product_id: int, reservation_id: int) -> Select[Reservation]:
    """One reservation of a product, whatever became of it."""
    return select(Reservation).where(
        Reservation.product_id == product_id, Reservation.id == reservation_id
    )


def last_counted(product_id: int) -> Select[datetime | None]:
    """When a product was last counted, anywhere."""
    return select(func.max(Balance.counted_at)).where(Balance.product_id == product_id)


def differences(first_id: int, last_id: int) -> Select[*tuple[Any, ...]]:
    """Places of products in a range of ids whose balance does not follow from the ledger.

    Each balance, movement and reservation gives a line of (on hand, moved, reserved,
    reservations); where they agree, the sums do.
    """
    lines = union_all(
        _lines(Balance, Balance.location_id, (Balance.on_hand, 0, Balance.reserved, 0)),
        _lines(Movement, Movement.to_location_id, (0, Movement.quantity, 0, 0)),
        _lines(Movement, Movement.from_location_id, (0, -Movement.quantity, 0, 0)),
        _lines(Reservation, Reservation.location_id, (0, 0, 0, Reservation.quantity)).where(
            Reservation.state == "active"
        ),
    ).subquery()
    sums = {name: func.sum(lines.c[name]) for name in FIGURES}
    return (
        select(Product.sku, Location.code, *(sums[name].label(name) for name in FIGURES))
        .join(Product, Product.id == lines.c.product_id)
        .join(Location, Location.id == lines.c.location_id)
        .where(lines.c.product_id.between(first_id, last_id), Location.kind.in_(HOLDS_STOCK))
        .group_by(Product.sku, Location.code, lines.c.lot_id)
        .having((sums["on_hand"] != sums["moved"]) | (sums["reserved"] != sums["reservations"]))
        .order_by(Product.sku, Location.code)
    )


FIGURES = ("on_hand", "moved", "reserved", "reservations")


def _lines(table: Any, location: Any, figures: tuple[Any, ...]) -> Select[Any]:
    columns = [
        (literal(figure) if figure == 0 else figure).label(name)
        for name, figure in zip(FIGURES, figures, strict=True)
    ]
    return select(
        table.product_id,
        location.label("location_id"),
        func.coalesce(table.lot_id, 0).label("lot_id"),
        *columns,
    )


def _at(end: Any, asked: MovementFilter, limit: int) -> Select[Any]:
    chosen = select(Movement.id).where(end.in_(asked.location_ids), *asked.conditions)
    return chosen.order_by(*NEWEST_FIRST).limit(limit)


def _is_undone() -> ColumnElement[bool]:
    undo = aliased(Movement)
    return exists(select(undo.id).where(undo.reverses_id == Movement.id)).correlate(Movement)
