"""What open pages hear of connections."""

from flask import render_template

from app.core.events import Fragment
from app.integrations.events import ConnectionChanged


def show_connection(event: ConnectionChanged) -> Fragment:
    """A word to the pages of connections: each asks for what it shows."""
    html = render_template("connections/_news.html", connection_id=event.connection_id)
    return Fragment("connections", html)
