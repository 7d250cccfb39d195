"""How much there is: `lists` has all products, `product` has one."""

from flask import Blueprint

bp = Blueprint("stock", __name__, url_prefix="/stock")

CHANGED = "stock:changed"
MOVEMENTS_SHOWN = 25
