"""The pages of orders."""

from app.orders.views import actions, documents, editing, lists, pages
from app.orders.views.blueprint import bp

__all__ = ["actions", "bp", "documents", "editing", "lists", "pages"]
