"""Pages of connections, and the door for webhooks."""

from app.integrations.views import credentials, decisions, outbox, pages, runs
from app.integrations.views.blueprint import bp
from app.integrations.views.webhooks import webhooks

__all__ = ["bp", "credentials", "decisions", "outbox", "pages", "runs", "webhooks"]
