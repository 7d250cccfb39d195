"""What is reserved: for one thing by hand, or for the lines of a document, wherever it lies."""

from app.stock.reservations.allocating import Demand, Kit, allocate
from app.stock.reservations.balances import (
    ReservedQuantity,
    reserve_balances,
    unreserve_balances,
)
from app.stock.reservations.consuming import (
    Purpose,
    ReservationPart,
    consume_reserved,
    move_reserved,
)
from app.stock.reservations.documents import reduce_reservations, reserve_available
from app.stock.reservations.reserving import fulfil, release, reserve
from app.stock.reservations.swapping import swap_lot

__all__ = [
    "Demand",
    "Kit",
    "Purpose",
    "ReservationPart",
    "ReservedQuantity",
    "allocate",
    "consume_reserved",
    "fulfil",
    "move_reserved",
    "reduce_reservations",
    "release",
    "reserve",
    "reserve_available",
    "reserve_balances",
    "swap_lot",
    "unreserve_balances",
]
