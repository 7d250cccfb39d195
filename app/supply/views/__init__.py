"""The pages of supply plans."""

from app.supply.views.plans import bp
from app.supply.views.rows import ROWS, row_page
from app.supply.views.suggestions import SUGGESTIONS

ROWS.add_to(bp, "/<int:plan_id>/products", "products")
SUGGESTIONS.add_to(bp, "/<int:plan_id>/suggestions", "suggestions")
row_page.add_to(bp, "product")

__all__ = ["bp"]
