"""Pages of stock, of its movements and of its locations."""

from app.stock.views import changes, ledger_list, lists, location_list, low
from app.stock.views.inventory import bp as stock
from app.stock.views.locations import bp as locations
from app.stock.views.movements import bp as movements

__all__ = [
    "changes",
    "ledger_list",
    "lists",
    "location_list",
    "locations",
    "low",
    "movements",
    "stock",
]
