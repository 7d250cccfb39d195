"""Pages of products."""

from flask import Blueprint

bp = Blueprint("products", __name__, url_prefix="/products")

HISTORY_SHOWN = 30
CHANGED = "product:changed"
