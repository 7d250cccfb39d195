"""Forms of the pages of purchasing."""

from app.purchasing.forms.orders import PurchaseOrderForm, PurchaseRow, filled
from app.purchasing.forms.receipts import (
    AsideForm,
    DecisionsForm,
    DeliveryForm,
    LandedCostForm,
    ReceiptForm,
)
from app.purchasing.forms.rules import ReorderRuleForm
from app.purchasing.forms.shipments import ArrivalForm, ShipmentCostForm, ShipmentForm
from app.purchasing.forms.steps import (
    CancellationForm,
    ConfirmationForm,
    LimitForm,
    PartsForm,
)
from app.purchasing.forms.tablet import LotForm, QuantityForm

__all__ = [
    "ArrivalForm",
    "AsideForm",
    "CancellationForm",
    "ConfirmationForm",
    "DecisionsForm",
    "DeliveryForm",
    "LandedCostForm",
    "LimitForm",
    "LotForm",
    "PartsForm",
    "PurchaseOrderForm",
    "PurchaseRow",
    "QuantityForm",
    "ReceiptForm",
    "ReorderRuleForm",
    "ShipmentCostForm",
    "ShipmentForm",
    "filled",
]
