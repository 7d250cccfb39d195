"""The pages of orders."""

from app.documents.views import add_papers
from app.orders.papers import SALES_ORDERS
from app.orders.views import actions, editing, lists, pages
from app.orders.views.blueprint import CHANGED, bp

add_papers(bp, SALES_ORDERS, event=CHANGED)

__all__ = ["actions", "bp", "editing", "lists", "pages"]
