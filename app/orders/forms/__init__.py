"""Forms of the pages of orders."""

from app.orders.forms.orders import ItemRow, OrderForm, arranged, filled
from app.orders.forms.steps import (
    CancellationForm,
    HoldForm,
    PartsForm,
    ReturnForm,
    SplitForm,
)

__all__ = [
    "CancellationForm",
    "HoldForm",
    "ItemRow",
    "OrderForm",
    "PartsForm",
    "ReturnForm",
    "SplitForm",
    "arranged",
    "filled",
]
