"""What the business does with stock."""

from app.stock.ledger import Count, Move, Posted, post
from app.stock.reservations import (
    Demand,
    Kit,
    Purpose,
    ReservationPart,
    ReservedQuantity,
    consume_reserved,
    fulfil,
    move_reserved,
    reduce_reservations,
    release,
    reserve,
    reserve_available,
    swap_lot,
)
from app.stock.services.adjusting import adjust_stock, count_stock, write_off
from app.stock.services.bins import create_bins
from app.stock.services.doubting import doubt, end_doubt, forget_count
from app.stock.services.expiry import watch_lots
from app.stock.services.installing import install_locations
from app.stock.services.ledger_check import check_ledger
from app.stock.services.locations import (
    activate_location,
    create_location,
    deactivate_location,
    revise_location,
    set_home,
)
from app.stock.services.lookup import (
    NO_LOT,
    LotDraft,
    Route,
    Target,
    default_location,
    find_location,
    find_route,
    find_target,
    virtual_location,
)
from app.stock.services.lots import (
    block_lot,
    coming_lot,
    free_lot,
    leaving_lot,
    lot_called,
    lot_of,
    pieces_of,
    refuse_untracked,
    revise_lot,
)
from app.stock.services.reversing import reverse_document_posting, reverse_posting
from app.stock.services.snapshots import BalanceSnapshot, BalanceSnapshots, Place, lock_balances
from app.stock.services.tracing import Trace, recall_lot, trace_lot
from app.stock.services.transfers import (
    MOST_LINES,
    TransferLine,
    move_stock,
    transfer_lines,
    transfer_stock,
)
from app.stock.services.twins import check_twins, twins
from app.stock.services.withholding import withhold_expired

__all__ = [
    "MOST_LINES",
    "NO_LOT",
    "BalanceSnapshot",
    "BalanceSnapshots",
    "Count",
    "Demand",
    "Kit",
    "LotDraft",
    "Move",
    "Place",
    "Posted",
    "Purpose",
    "ReservationPart",
    "ReservedQuantity",
    "Route",
    "Take",
    "Target",
    "Trace",
    "TransferLine",
    "activate_location",
    "adjust_stock",
    "block_lot",
    "check_ledger",
    "check_twins",
    "coming_lot",
    "consume_reserved",
    "count_stock",
    "create_bins",
    "create_location",
    "deactivate_location",
    "default_location",
    "doubt",
    "end_doubt",
    "find_location",
    "find_route",
    "find_target",
    "forget_count",
    "free_lot",
    "fulfil",
    "install_locations",
    "leaving_lot",
    "lock_balances",
    "lot_called",
    "lot_of",
    "move_reserved",
    "move_stock",
    "pieces_of",
    "post",
    "recall_lot",
    "reduce_reservations",
    "refuse_untracked",
    "release",
    "reserve",
    "reserve_available",
    "reverse_document_posting",
    "reverse_posting",
    "revise_location",
    "revise_lot",
    "set_home",
    "swap_lot",
    "trace_lot",
    "transfer_lines",
    "transfer_stock",
    "twins",
    "virtual_location",
    "watch_lots",
    "withhold_expired",
    "write_off",
]
