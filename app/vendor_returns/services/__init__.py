"""What the business does with returns to vendors."""

from app.vendor_returns.services.creating import (
    ReturnItem,
    cancel_return,
    create_return,
    returnable_of,
)
from app.vendor_returns.services.crediting import credit_return, reopen_return
from app.vendor_returns.services.lookup import (
    numbers_of,
    reserved_of_receipts,
    returned_of,
    returns_of_posting,
)
from app.vendor_returns.services.sending import note_returned, send_return, undo_sending

__all__ = [
    "ReturnItem",
    "cancel_return",
    "create_return",
    "credit_return",
    "note_returned",
    "numbers_of",
    "reopen_return",
    "reserved_of_receipts",
    "returnable_of",
    "returned_of",
    "returns_of_posting",
    "send_return",
    "undo_sending",
]
