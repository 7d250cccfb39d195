"""What open pages hear of connections."""

from flask import render_template

from app.core.db import db
from app.core.events import Fragment
from app.integrations import queries
from app.integrations.events import ConnectionChanged
from app.integrations.models import SyncRun


def show_connection(event: ConnectionChanged) -> Fragment:
    """A word to the pages of connections: each asks for what it shows."""
    newest = queries.runs(event.connection_id).with_only_columns(SyncRun.id).limit(1)
    html = render_template(
        "connections/_news.html",
        connection_id=event.connection_id,
        run_id=db.session.scalar(newest),
    )
    return Fragment("connections", html)
