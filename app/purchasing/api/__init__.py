"""Purchasing for programs."""

from app.documents.api import add_papers, add_sending
from app.purchasing.api import costs, limits, receipts, reorder, shipments, steps, tablet
from app.purchasing.api.orders import bp
from app.purchasing.papers import PURCHASE_ORDERS

add_papers(bp, PURCHASE_ORDERS)
add_sending(bp, PURCHASE_ORDERS)

__all__ = ["bp", "costs", "limits", "receipts", "reorder", "shipments", "steps", "tablet"]
