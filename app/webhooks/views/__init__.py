"""Pages of webhooks."""

from app.webhooks.views import deliveries, endpoints
from app.webhooks.views.blueprint import bp

__all__ = ["bp", "deliveries", "endpoints"]
