"""How much of receipts has gone back to vendors: the slice that returns goods says it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal

from app.core.slices import slices

RETURNED = "returned_to_vendors"  # the name by which it is provided


def returned_of(line_ids: Collection[int]) -> Mapping[int, Decimal]:
    """Give how much of lines of receipts has left for their vendor; zero of those not named."""
    provider: Callable[[Collection[int]], Mapping[int, Decimal]] | None
    provider = slices().provided.get(RETURNED)
    found: dict[int, Decimal] = defaultdict(lambda: Decimal(0))
    found |= provider(line_ids) if provider and line_ids else {}
    return found
