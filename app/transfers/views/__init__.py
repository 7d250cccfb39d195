"""Pages of transfers between warehouses."""

from app.transfers.views import creating, transfers
from app.transfers.views.blueprint import bp

__all__ = ["bp", "creating", "transfers"]
