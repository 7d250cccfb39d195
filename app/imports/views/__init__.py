"""Pages of imports."""

from app.imports.views import profiles, steps
from app.imports.views.lists import bp

__all__ = ["bp", "profiles", "steps"]
