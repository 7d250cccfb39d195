"""What goods cost stands on purchase orders too: who may not see costs works without them."""

from app.catalog.costs import COSTS
from app.core.permissions import may_see

__all__ = ["COSTS", "may_see_prices"]


def may_see_prices() -> bool:
    """Tell whether prices and amounts are shown to the person asking."""
    return may_see(COSTS)
