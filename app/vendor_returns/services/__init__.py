"""What the business does with returns to vendors."""

from app.vendor_returns.services.creating import (
    ReturnItem,
    cancel_return,
    create_return,
    numbers_of,
    returnable_of,
)
from app.vendor_returns.services.crediting import credit_return, reopen_return
from app.vendor_returns.services.sending import send_return, undo_sending

__all__ = [
    "ReturnItem",
    "cancel_return",
    "create_return",
    "credit_return",
    "numbers_of",
    "reopen_return",
    "returnable_of",
    "send_return",
    "undo_sending",
]
