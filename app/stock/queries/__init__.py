"""Selects over stock. Nothing here executes: callers fetch, page or export."""

from app.stock.queries.inventory import STATUSES, inventory, low_stock, totals
from app.stock.queries.ledger import (
    MovementFilter,
    balances_at,
    balances_of,
    differences,
    last_counted,
    movement_count,
    movements,
    movements_of_posting,
    places_of,
    reservation,
    reservations,
)
from app.stock.queries.locations import (
    TREE,
    below,
    bins,
    bins_offered,
    children,
    home,
    location,
    locations,
    parents,
    parents_offered,
)
from app.stock.queries.lookup import locations_found, locations_with_codes, route, target
from app.stock.queries.on_hand import changes_by_day

__all__ = [
    "STATUSES",
    "TREE",
    "MovementFilter",
    "balances_at",
    "balances_of",
    "below",
    "bins",
    "bins_offered",
    "changes_by_day",
    "children",
    "differences",
    "home",
    "inventory",
    "last_counted",
    "location",
    "locations",
    "locations_found",
    "locations_with_codes",
    "low_stock",
    "movement_count",
    "movements",
    "movements_of_posting",
    "parents",
    "parents_offered",
    "places_of",
    "reservation",
    "reservations",
    "route",
    "target",
    "totals",
]
