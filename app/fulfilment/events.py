"""What pick & pack announces."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PickChanged(Event):
    """A pick task was claimed, given away, or is a line further."""

    task_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PickFrozen(Event):
    """An order of a pick task was cancelled: nothing more is picked for it."""

    task_id: int
    task_order_id: int
    order_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscrepancyReported(Event):
    """A bin does not hold what the books say: somebody should count it."""

    location_id: int
    product_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelsShipped(Event):
    """Parcels of an order left in one posting; `quantities` are by order line, as text."""

    order_id: int
    task_order_id: int
    posting_id: int
    quantities: dict[int, str]
    tracking: list[tuple[str, str]]  # carrier and tracking number of each parcel
