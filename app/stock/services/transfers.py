"""What changes where goods are: moves within a warehouse, transfers between two."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from app.core.errors import Invalid, in_row
from app.stock.ledger import Move, Posted, post
from app.stock.services.lookup import Route, find_route
from app.stock.services.lots import leaving_lot

MOST_LINES = 500


class TransferLine(NamedTuple):
    """So much of a product from one place to another, as people and programs name them."""

    source: str
    destination: str
    quantity: Decimal
    product_id: int | None = None
    sku: str | None = None
    lot: str = ""


def move_stock(
    route: Route, *, quantity: Decimal, key: str, note: str = "", request: str | None = None
) -> Posted:
    """Move goods from one place to another within a warehouse.

    Raises:
        InsufficientStock: Fewer are available.
        Invalid: The other place is in another warehouse, or takes nothing.
    """
    if not route.is_inside:
        raise Invalid("destination", "This is in another warehouse: transfer the goods.")
    return post([_move(route, quantity, "moved", note)], key=key, request=request)


def transfer_stock(
    route: Route, *, quantity: Decimal, key: str, note: str = "", request: str | None = None
) -> Posted:
    """Transfer goods to another warehouse.

    Raises:
        InsufficientStock: Fewer are available.
        Invalid: The other place is in the same warehouse, or takes nothing.
    """
    if route.is_inside:
        raise Invalid("destination", "This is in the same warehouse: move the goods.")
    return post([_move(route, quantity, "transferred", note)], key=key, request=request)


def transfer_lines(
    lines: Sequence[TransferLine], *, key: str, note: str = "", request: str | None = None
) -> Posted:
    """Carry several products at once, in one posting: all of them, or none.

    Within a warehouse goods are moved, between two they are transferred.

    Raises:
        InsufficientStock: Fewer are available, of one of them.
        Invalid: There are none, or too many.
        InvalidRow: A line names no product or place of ours.
    """
    if not lines:
        raise Invalid("lines", "Say what is to be moved.")
    if len(lines) > MOST_LINES:
        raise Invalid("lines", f"At most {MOST_LINES} lines at once.")
    moves = []
    for row, line in enumerate(lines):
        with in_row("lines", row):
            move = _move_of(line, note)
            move.refuse_nonsense()
        moves.append(move)
    return post(moves, key=key, request=request)


def _move_of(line: TransferLine, note: str) -> Move:
    route = find_route(
        source=line.source,
        destination=line.destination,
        product_id=line.product_id,
        sku=line.sku,
        lot=line.lot,
    )
    return _move(route, line.quantity, "moved" if route.is_inside else "transferred", note)


def _move(route: Route, quantity: Decimal, reason: str, note: str) -> Move:
    return Move(
        product_id=route.product_id,
        lot_id=leaving_lot(route),
        from_location_id=route.source_id,
        to_location_id=route.destination_id,
        quantity=quantity,
        reason=reason,
        note=note,
    )
