"""Pages of stock, of its movements and of its locations."""

from app.stock.views import (
    ledger_list,
    lists,
    location_list,
    location_page,
    lot_list,
    lot_page,
    low,
    product,
    twins,
)
from app.stock.views.inventory import bp as stock
from app.stock.views.locations import bp as locations
from app.stock.views.lots import bp as lots
from app.stock.views.movements import bp as movements
from app.stock.views.transfers import bp as transfers

__all__ = [
    "ledger_list",
    "lists",
    "location_list",
    "location_page",
    "locations",
    "lot_list",
    "lot_page",
    "lots",
    "low",
    "movements",
    "product",
    "stock",
    "transfers",
    "twins",
]
