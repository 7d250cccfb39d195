"""The tree of locations: `location_list` has all, `location_page` has one."""

from flask import Blueprint

bp = Blueprint("locations", __name__, url_prefix="/locations")

CHANGED = "location:changed"
HISTORY_SHOWN = 30
CHILDREN_SHOWN = 200
