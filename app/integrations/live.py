"""What open pages hear of connections."""

from flask import render_template

from app.core.events import Fragment
from app.integrations.hub.events import ConnectionChanged


def show_connection(_event: ConnectionChanged) -> Fragment:
    """A word to every page of connections: each asks for what it shows."""
    return Fragment("connections", render_template("connections/_news.html"))
