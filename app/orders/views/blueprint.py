"""What the pages of orders hang on."""

from flask import Blueprint

bp = Blueprint("orders", __name__, url_prefix="/orders")

CHANGED = "orders:changed"
