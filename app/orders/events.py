"""What orders publish."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChanged(Event):
    """An order is new, or something of it, or of what is reserved for it, is different."""

    order_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled(Event):
    """Nothing more of an order is wanted; what was picked for it has to go back."""

    order_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderShipped(Event):
    """Goods of an order left for the customer in one posting; complete: nothing is owed.

    `quantities` are by order line, as text. Free lines leave with goods, or without a posting.
    """

    order_id: int
    posting_id: int | None
    is_complete: bool
    quantities: dict[int, str]
