"""Pages of connections, and the door for webhooks."""

from app.integrations.views import apps, credentials, decisions, pages, runs
from app.integrations.views.blueprint import bp
from app.integrations.views.webhooks import webhooks

__all__ = ["apps", "bp", "credentials", "decisions", "pages", "runs", "webhooks"]
