"""Where a lot came from and where it went, over as many builds as it went through.

A trace follows movements: those of a lot by its own index, and of each build it was used in
those of the same posting. So it costs what the lot has moved, however long the ledger is.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased, joinedload

from app.catalog.models import Product
from app.stock.models import HOLDS_STOCK, Location, Lot, Movement
from app.stock.queries.ledger import WITH_NAMES

BUILT = "assembled"
CUSTOMER = "customer"
DEEPEST = 20  # levels of builds: no bill of materials has as many


def lots_of(lot_ids: Collection[int]) -> Select[Lot]:
    """Lots of a trace with their products and vendors."""
    return (
        select(Lot)
        .where(Lot.id.in_(lot_ids))
        .options(joinedload(Lot.product, innerjoin=True), joinedload(Lot.vendor))
        .order_by(Lot.id)
    )


def arrivals(lot_ids: Collection[int], *, limit: int) -> Select[Movement]:
    """How lots came to be here, and were not built: received, returned, found; oldest first."""
    came = aliased(Location)
    return (
        select(Movement)
        .join(came, came.id == Movement.from_location_id)
        .options(*WITH_NAMES)
        .where(
            Movement.lot_id.in_(lot_ids),
            came.kind.not_in(HOLDS_STOCK),
            Movement.reason != BUILT,
            Movement.reverses_id.is_(None),
            ~_is_undone(Movement),
        )
        .order_by(Movement.id)
        .limit(limit)
    )


def deliveries(lot_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """What customers have got of lots: lot, document, how much went less what came back, when.

    One row for each lot and document, the oldest first.
    """
    end, start = aliased(Location), aliased(Location)
    went = case((end.kind == CUSTOMER, Movement.quantity), else_=literal(0))
    back = case((start.kind == CUSTOMER, Movement.quantity), else_=literal(0))
    return (
        select(
            Movement.lot_id,
            Movement.document_type,
            Movement.document_id,
            func.sum(went).label("went"),
            func.sum(back).label("back"),
            func.max(Movement.occurred_at).filter(end.kind == CUSTOMER).label("sent_at"),
        )
        .join(start, start.id == Movement.from_location_id)
        .join(end, end.id == Movement.to_location_id)
        .where(
            Movement.lot_id.in_(lot_ids),
            or_(start.kind == CUSTOMER, end.kind == CUSTOMER),
        )
        .group_by(Movement.lot_id, Movement.document_type, Movement.document_id)
        .order_by(func.min(Movement.id))
    )


def untracked_builds(lot_ids: Collection[int], *, limit: int) -> Select[*tuple[Any, ...]]:
    """Products without lots that lots were built into: there the trace ends."""
    used, made, end = aliased(Movement), aliased(Movement), aliased(Location)
    return (
        select(Product.id, Product.sku, Product.name, used.document_type, used.document_id)
        .distinct()
        .select_from(used)
        .join(made, made.posting_id == used.posting_id)
        .join(end, end.id == made.to_location_id)
        .join(Product, Product.id == made.product_id)
        .where(
            used.lot_id.in_(lot_ids),
            used.reason == BUILT,
            made.reason == BUILT,
            made.lot_id.is_(None),
            made.product_id != used.product_id,
            end.kind.in_(HOLDS_STOCK),
            ~_is_undone(used),
        )
        .order_by(used.document_id)
        .limit(limit)
    )


def next_lots(lot_ids: Collection[int], *, is_forward: bool) -> Select[int | None]:
    """The lots that some were built into, or were built of: one level of a trace.

    Level by level, since the planner cannot know how few lots a recursion finds, and reads the
    whole ledger instead of an index.
    """
    here, there, place = aliased(Movement), aliased(Movement), aliased(Location)
    # Components leave our walls, and what is built of them comes from there.
    inside = there.to_location_id if is_forward else there.from_location_id
    beyond = aliased(Location)
    ours = here.to_location_id if is_forward else here.from_location_id
    return (
        select(there.lot_id)
        .distinct()
        .select_from(here)
        .join(there, there.posting_id == here.posting_id)
        .join(place, place.id == inside)
        .join(beyond, beyond.id == ours)
        .where(
            here.lot_id.in_(lot_ids),
            here.reason == BUILT,
            there.reason == BUILT,
            there.lot_id.is_not(None),
            there.lot_id != here.lot_id,
            place.kind.in_(HOLDS_STOCK),
            beyond.kind.not_in(HOLDS_STOCK),
            ~_is_undone(here),
        )
    )


def _is_undone(movement: Any) -> Any:
    undo = aliased(Movement)
    return exists(select(undo.id).where(undo.reverses_id == movement.id))
