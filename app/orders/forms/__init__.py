"""Forms of the pages of orders."""

from app.orders.forms.orders import ItemRow, OrderForm, filled
from app.orders.forms.steps import (
    CancellationForm,
    HoldForm,
    PartsForm,
    ReturnForm,
    ShipmentUndoForm,
    SplitForm,
)

__all__ = [
    "CancellationForm",
    "HoldForm",
    "ItemRow",
    "OrderForm",
    "PartsForm",
    "ReturnForm",
    "ShipmentUndoForm",
    "SplitForm",
    "filled",
]
