"""What changes on open pages when a purchase order does."""

from flask import render_template

from app.core.db import db
from app.core.events import Fragment
from app.purchasing.events import PurchaseOrderChanged
from app.purchasing.models import PurchaseOrder


def show_order(event: PurchaseOrderChanged) -> list[Fragment]:
    """Its state in lists; its own page fetches what its person may see."""
    order = db.session.get(PurchaseOrder, event.order_id)
    if order is None:
        return []
    html = render_template("purchasing/_live.html", order=order)
    topics = ("purchase_orders", f"purchase_orders:{order.id}")
    return [Fragment(topic, html) for topic in topics]
