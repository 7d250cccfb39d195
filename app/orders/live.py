"""What changes on open pages when an order does."""

from flask import render_template

from app.core.db import db
from app.core.events import Fragment
from app.orders.events import OrderChanged
from app.orders.models import SalesOrder


def show_order(event: OrderChanged) -> list[Fragment]:
    """Its state in lists; its own page fetches what its person may see."""
    order = db.session.get(SalesOrder, event.order_id)
    if order is None:
        return []
    html = render_template("orders/_live.html", order=order)
    return [Fragment("orders", html), Fragment(f"orders:{order.id}", html)]
