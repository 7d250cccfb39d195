"""Pages of imports."""

from app.imports.views import steps
from app.imports.views.lists import bp

__all__ = ["bp", "steps"]
