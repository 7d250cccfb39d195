"""Orders for programs."""

from app.orders.api import steps
from app.orders.api.orders import bp

__all__ = ["bp", "steps"]
