"""Pages of connections, and the door for webhooks."""

from app.integrations.views import credentials, decisions, outbound, pages, runs
from app.integrations.views.blueprint import bp
from app.integrations.views.inbox import webhooks

__all__ = ["bp", "credentials", "decisions", "outbound", "pages", "runs", "webhooks"]
