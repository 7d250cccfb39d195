"""What the business does with transfers."""

from app.transfers.services.creating import Wanted, cancel_transfer, create_transfer
from app.transfers.services.late import watch_late_transfers
from app.transfers.services.lookup import (
    find_product,
    numbers_of,
    place_in,
    warehouse_called,
)
from app.transfers.services.receiving import explain_difference, receive_transfer
from app.transfers.services.sending import send_transfer
from app.transfers.services.stepping import Said
from app.transfers.services.undoing import undo_step

__all__ = [
    "Said",
    "Wanted",
    "cancel_transfer",
    "create_transfer",
    "explain_difference",
    "find_product",
    "numbers_of",
    "place_in",
    "receive_transfer",
    "send_transfer",
    "undo_step",
    "warehouse_called",
    "watch_late_transfers",
]
