"""The pages of orders."""

from app.orders.views import asking, documents, editing, lists, pages, steps
from app.orders.views.blueprint import bp

__all__ = ["asking", "bp", "documents", "editing", "lists", "pages", "steps"]
