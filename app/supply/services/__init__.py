"""The verbs of supply plans."""

from app.supply.services.making import create_plan, make_plan
from app.supply.services.ordering import order_suggestions

__all__ = ["create_plan", "make_plan", "order_suggestions"]
