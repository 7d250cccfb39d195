"""Counts as the office sees them: the list; `count_page` has one, and what is decided."""

from flask import Blueprint

from app.counting.views.lists import COUNTS

bp = Blueprint("counts", __name__, url_prefix="/counts")

CHANGED = "counts:changed"
PLACES_OFFERED = 300
HISTORY_SHOWN = 30

COUNTS.add_to(bp)
