"""The blueprint that all calls of the inventory hang on."""

from flask_smorest import Blueprint

from app.core.api import only_tokens_write

bp = Blueprint("inventory_api", __name__, url_prefix="/api/v1/inventory", description="Stock")
bp.before_request(only_tokens_write)
