"""What the pages of transfers have in common."""

from flask import Blueprint

from app.core.pages import Resource
from app.transfers import queries

bp = Blueprint("transfer_orders", __name__, url_prefix="/transfer-orders")

VIEW, EDIT = "transfers.view", "transfers.edit"
SEND, RECEIVE = "transfers.send", "transfers.receive"
CHANGED = "transfer_orders:changed"
TRANSFER = Resource(
    name="transfer",
    area="transfer_orders",
    query=queries.transfer,
    rule="/<int:transfer_id>",
    keys={"transfer_id": "id"},
    event=CHANGED,
)
