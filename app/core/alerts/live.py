"""What open pages hear of alerts."""

from flask import render_template

from app.core.alerts.events import AlertsChanged
from app.core.events import Fragment
from app.core.slices import slices


def show_news(_event: AlertsChanged) -> list[Fragment]:
    """A word to every page that listens to anything: each then asks for what it may see."""
    html = render_template("alerts/_news.html")
    return [Fragment(topic, html) for topic in slices().topics]
