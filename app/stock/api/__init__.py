"""Stock for programs: `/api/v1/inventory`."""

from app.stock.api import inventory, locations, movements, postings, reservations, twins
from app.stock.api.blueprint import bp
from app.stock.api.lots import bp as lots

__all__ = [
    "bp",
    "inventory",
    "locations",
    "lots",
    "movements",
    "postings",
    "reservations",
    "twins",
]
