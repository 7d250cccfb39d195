"""What the business does with stock."""

from app.stock.ledger import Count, Move, Posted, Promise, Wish, post
from app.stock.services.adjusting import adjust_stock, count_stock, write_off
from app.stock.services.bins import create_bins
from app.stock.services.carrying import move_stock, transfer_stock
from app.stock.services.earmarking import (
    Purpose,
    Take,
    carry_reserved,
    earmark,
    trim,
    use_reserved,
)
from app.stock.services.finding import (
    Route,
    Target,
    default_location,
    find_location,
    find_route,
    find_target,
    outside,
)
from app.stock.services.installing import install_locations
from app.stock.services.places import (
    activate_location,
    create_location,
    deactivate_location,
    revise_location,
    set_home,
)
from app.stock.services.proving import prove_ledger
from app.stock.services.reserving import fulfil, release, reserve
from app.stock.services.reversing import reverse_posting
from app.stock.services.watching import Place, Standing, Standings, hold_balances

__all__ = [
    "Count",
    "Move",
    "Place",
    "Posted",
    "Promise",
    "Purpose",
    "Route",
    "Standing",
    "Standings",
    "Take",
    "Target",
    "Wish",
    "activate_location",
    "adjust_stock",
    "carry_reserved",
    "count_stock",
    "create_bins",
    "create_location",
    "deactivate_location",
    "default_location",
    "earmark",
    "find_location",
    "find_route",
    "find_target",
    "fulfil",
    "hold_balances",
    "install_locations",
    "move_stock",
    "outside",
    "post",
    "prove_ledger",
    "release",
    "reserve",
    "reverse_posting",
    "revise_location",
    "set_home",
    "transfer_stock",
    "trim",
    "use_reserved",
    "write_off",
]
