"""What the pages of purchasing hang on."""

from flask import Blueprint

bp = Blueprint("purchase_orders", __name__, url_prefix="/purchase-orders")
limits = Blueprint("approval_limits", __name__, url_prefix="/approval-limits")
reorder = Blueprint("reorder", __name__, url_prefix="/reorder")
rules = Blueprint("reorder_rules", __name__, url_prefix="/reorder-rules")
values = Blueprint("stock_value", __name__, url_prefix="/stock-value")
receive = Blueprint("receive", __name__, url_prefix="/receive")
shipments = Blueprint("inbound_shipments", __name__, url_prefix="/inbound-shipments")
receipts = Blueprint("receipts", __name__, url_prefix="/receipts")

CHANGED = "purchase-orders:changed"
