"""What open pages hear of deliveries."""

from flask import render_template

from app.core.events import Fragment
from app.webhooks.events import DeliveryChanged


def show_delivery(event: DeliveryChanged) -> Fragment:
    """A word to every page of endpoints: each asks for what it shows."""
    return Fragment("webhooks", render_template("webhooks/_news.html", event=event))
