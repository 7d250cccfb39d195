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
# What a trace asks of the movements of a lot: they are read once.
_KEPT = (
    *(Movement.id, Movement.posting_id, Movement.product_id, Movement.lot_id),
    *(Movement.from_location_id, Movement.to_location_id, Movement.quantity),
    *(Movement.reason, Movement.document_type, Movement.document_id),
    *(Movement.reverses_id, Movement.occurred_at),
)
# A lot and all that it was built into (or of), the nearest first: components leave our walls,
# and what is built of them comes from there, by one posting. OFFSET keeps the planner from
# reading the ledger whole, since it cannot know how few movements a lot has.
_FAMILY = """
    WITH RECURSIVE family (lot_id, level) AS (
        SELECT CAST(%(lot)s AS bigint), 0
        UNION
        SELECT there.lot_id, family.level + 1
        FROM family
        CROSS JOIN LATERAL (
            SELECT posting_id, {ours} AS place_id FROM stock_movement AS movement
            WHERE lot_id = family.lot_id AND reason = %(built)s AND NOT EXISTS (
                SELECT FROM stock_movement AS undo WHERE undo.reverses_id = movement.id)
            OFFSET 0
        ) AS here
        CROSS JOIN LATERAL (
            SELECT lot_id, {theirs} AS place_id FROM stock_movement
            WHERE posting_id = here.posting_id AND reason = %(built)s
                AND lot_id <> family.lot_id
            OFFSET 0
        ) AS there
        JOIN location AS beyond ON beyond.id = here.place_id
        JOIN location AS inside ON inside.id = there.place_id
        WHERE family.level < %(deepest)s
            AND beyond.kind <> ALL(%(kept)s) AND inside.kind = ANY(%(kept)s)
    )
    SELECT lot_id FROM family GROUP BY lot_id ORDER BY min(level), lot_id
"""
BUILT_INTO = _FAMILY.format(ours="to_location_id", theirs="to_location_id")
BUILT_OF = _FAMILY.format(ours="from_location_id", theirs="from_location_id")


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
    came, moved = aliased(Location), _moved(lot_ids).c
    ids = (
        select(moved.id)
        .join(came, came.id == moved.from_location_id)
        .where(
            came.kind.not_in(HOLDS_STOCK),
            moved.reason != BUILT,
            moved.reverses_id.is_(None),
            ~_is_undone(moved),
        )
        .order_by(moved.id)
        .limit(limit)
    )
    named = select(Movement).options(*WITH_NAMES)
    return named.where(Movement.id.in_(ids)).order_by(Movement.id)


def deliveries(lot_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """What customers have got of lots: lot, document, how much went less what came back, when.

    One row for each lot and document, the oldest first.
    """
    end, start, moved = aliased(Location), aliased(Location), _moved(lot_ids).c
    went = case((end.kind == CUSTOMER, moved.quantity), else_=literal(0))
    back = case((start.kind == CUSTOMER, moved.quantity), else_=literal(0))
    return (
        select(
            moved.lot_id,
            moved.document_type,
            moved.document_id,
            func.sum(went).label("went"),
            func.sum(back).label("back"),
            func.max(moved.occurred_at).filter(end.kind == CUSTOMER).label("sent_at"),
        )
        .join(start, start.id == moved.from_location_id)
        .join(end, end.id == moved.to_location_id)
        .where(or_(start.kind == CUSTOMER, end.kind == CUSTOMER))
        .group_by(moved.lot_id, moved.document_type, moved.document_id)
        .order_by(func.min(moved.id))
    )


def untracked_builds(lot_ids: Collection[int], *, limit: int) -> Select[*tuple[Any, ...]]:
    """Products without lots that lots were built into: there the trace ends."""
    moved, made, end = _moved(lot_ids), aliased(Movement), aliased(Location)
    used = moved.c
    return (
        select(Product.id, Product.sku, Product.name, used.document_type, used.document_id)
        .distinct()
        .select_from(moved)
        .join(made, made.posting_id == used.posting_id)
        .join(end, end.id == made.to_location_id)
        .join(Product, Product.id == made.product_id)
        .where(
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


def _moved(lot_ids: Collection[int]) -> Any:
    """The movements of some lots, found by their own index before anything is joined.

    Else the planner also reads all that ever left for customers, which is most of the ledger.
    """
    found = select(*_KEPT).where(Movement.lot_id.in_(lot_ids)).cte("moved")
    return found.prefix_with("MATERIALIZED", dialect="postgresql")


def _is_undone(movement: Any) -> Any:
    undo = aliased(Movement)
    return exists(select(undo.id).where(undo.reverses_id == movement.id))
