"""The pages of purchasing."""

from app.documents.views import add_papers
from app.purchasing.papers import PURCHASE_ORDERS
from app.purchasing.views import (
    actions,
    adjustments,
    editing,
    limits,
    lists,
    pages,
    receipts,
    reorder,
    shipments,
    tablet,
    values,
)
from app.purchasing.views.adjustments import bp as adjustments_bp
from app.purchasing.views.blueprint import CHANGED, bp
from app.purchasing.views.blueprint import limits as limits_bp
from app.purchasing.views.blueprint import receipts as receipts_bp
from app.purchasing.views.blueprint import receive as receive_bp
from app.purchasing.views.blueprint import reorder as reorder_bp
from app.purchasing.views.blueprint import rules as rules_bp
from app.purchasing.views.blueprint import shipments as shipments_bp
from app.purchasing.views.blueprint import values as values_bp

add_papers(bp, PURCHASE_ORDERS, event=CHANGED)

__all__ = [
    "actions",
    "adjustments",
    "adjustments_bp",
    "bp",
    "editing",
    "limits",
    "limits_bp",
    "lists",
    "pages",
    "receipts",
    "receipts_bp",
    "receive_bp",
    "reorder",
    "reorder_bp",
    "rules_bp",
    "shipments",
    "shipments_bp",
    "tablet",
    "values",
    "values_bp",
]
