"""Stock for programs: `/api/v1/inventory`."""

from app.stock.api import inventory, locations, movements, postings, reservations, twins
from app.stock.api.blueprint import bp

__all__ = ["bp", "inventory", "locations", "movements", "postings", "reservations", "twins"]
