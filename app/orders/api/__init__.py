"""Orders for programs."""

from app.documents.api import add_papers, add_sending
from app.orders.api import parts, steps
from app.orders.api.orders import bp
from app.orders.papers import SALES_ORDERS

add_papers(bp, SALES_ORDERS)
add_sending(bp, SALES_ORDERS)

__all__ = ["bp", "parts", "steps"]
