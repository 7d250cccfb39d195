"""Forms of the pages of orders."""

from app.orders.forms.orders import ItemRow, OrderForm, arranged, filled
from app.orders.forms.steps import (
    CancellationForm,
    DivisionForm,
    HoldForm,
    PartsForm,
    ReturnForm,
)

__all__ = [
    "CancellationForm",
    "DivisionForm",
    "HoldForm",
    "ItemRow",
    "OrderForm",
    "PartsForm",
    "ReturnForm",
    "arranged",
    "filled",
]
