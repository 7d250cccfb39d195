"""What the pages of returns to vendors have in common."""

from flask import Blueprint

from app.core.pages import Resource
from app.vendor_returns import queries

bp = Blueprint("vendor_returns", __name__, url_prefix="/vendor-returns")

VIEW, EDIT, SEND = "vendor_returns.view", "vendor_returns.edit", "vendor_returns.send"
CHANGED = "vendor_returns:changed"
RETURN = Resource(
    name="vendor_return",
    area="vendor_returns",
    query=queries.vendor_return,
    rule="/<int:return_id>",
    keys={"return_id": "id"},
    event=CHANGED,
)
