"""Purchase orders with their lines, who may approve them, and what came of them."""

from app.purchasing.models.costs import (
    LANDED,
    SPREADS,
    CostEntry,
    LandedCost,
    ProductCost,
)
from app.purchasing.models.items import PurchaseDraft, PurchaseItem
from app.purchasing.models.limits import ApprovalLimit
from app.purchasing.models.lines import IS_OWED, PurchaseLine
from app.purchasing.models.orders import CHANNELS, PurchaseOrder
from app.purchasing.models.receipts import (
    ASIDE,
    CONDITIONS,
    DECISIONS,
    RECEIVED,
    GoodsReceipt,
    GoodsReceiptLine,
    receipt_number,
)
from app.purchasing.models.rules import ReorderRule
from app.purchasing.models.shipments import (
    SHIPMENT_STATES,
    InboundShipment,
    shipment_number,
    shipment_order,
)
from app.purchasing.models.states import NOT_SENT, OPEN, STATES, STATUSES
from app.purchasing.models.tasks import ReceivingLine, ReceivingTask

__all__ = [
    "ASIDE",
    "CHANNELS",
    "CONDITIONS",
    "DECISIONS",
    "IS_OWED",
    "LANDED",
    "NOT_SENT",
    "OPEN",
    "RECEIVED",
    "SHIPMENT_STATES",
    "SPREADS",
    "STATES",
    "STATUSES",
    "ApprovalLimit",
    "CostEntry",
    "GoodsReceipt",
    "GoodsReceiptLine",
    "InboundShipment",
    "LandedCost",
    "ProductCost",
    "PurchaseDraft",
    "PurchaseItem",
    "PurchaseLine",
    "PurchaseOrder",
    "ReceivingLine",
    "ReceivingTask",
    "ReorderRule",
    "receipt_number",
    "shipment_number",
    "shipment_order",
]
