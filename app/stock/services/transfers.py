"""What changes where goods are: moves within a warehouse, transfers between two."""

from decimal import Decimal

from app.core.errors import Invalid
from app.stock.ledger import Move, Posted, post
from app.stock.services.lookup import Route


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


def _move(route: Route, quantity: Decimal, reason: str, note: str) -> Move:
    return Move(
        product_id=route.product_id,
        from_location_id=route.source_id,
        to_location_id=route.destination_id,
        quantity=quantity,
        reason=reason,
        note=note,
    )
