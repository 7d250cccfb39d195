"""Pages of returns to vendors."""

from app.vendor_returns.views import creating, returns
from app.vendor_returns.views.blueprint import bp

__all__ = ["bp", "creating", "returns"]
