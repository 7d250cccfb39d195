"""The button that buys what is missing, for an order, a bundle or a bill of materials."""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from flask import Blueprint, url_for

from app.catalog import queries as catalog
from app.catalog.models import Product
from app.core.errors import DomainError
from app.core.pages import Action, Resource
from app.orders import queries as orders
from app.orders.models import SalesOrder
from app.shortages import services
from app.shortages.forms import MakingForm, PurchaseForm

bp = Blueprint("shortages", __name__, url_prefix="/shortages")

BUY = "purchase_orders.edit"
ORDER = Resource(
    name="order",
    area="shortages",
    query=orders.order,
    rule="/orders/<int:order_id>",
    keys={"order_id": "id"},
)
PRODUCT = Resource(
    name="product",
    area="shortages",
    query=catalog.product,
    rule="/products/<int:product_id>",
    keys={"product_id": "id"},
)


def _of_order(order: SalesOrder) -> Mapping[str, Any]:
    """What it is missing; the reason where it waits for nothing."""
    try:
        return {"shortages": services.shortages_of_order(order.id), "refusal": ""}
    except DomainError as error:
        return {"shortages": [], "refusal": str(error)}


def _look(form: MakingForm, product: Product) -> None:
    """Say what is missing for so many as the form asks for."""
    number = form.quantity.data
    form.shortages, form.refusal = [], ""
    try:
        if isinstance(number, Decimal):
            form.shortages = services.shortages_of_product(
                product.id, number, substitutes=form.substitutes.data
            )
    except DomainError as error:
        form.refusal = str(error)


_buy = partial(
    Action,
    path="/purchases",
    title="Buy what is missing",
    permission=BUY,
    done=lambda _record, result: services.said_of(result),
    advice="One draft for each vendor. What is there, on its way or drafted is not bought.",
    fields="shortages/_fields.html",
    submit="Draft purchase orders",
    is_wide=True,
    leaves=True,
)
buy_for_order = _buy(
    resource=ORDER,
    name="create_for_order",
    subtitle="{0.number}",
    form=PurchaseForm,
    act=services.buy_for_order,
    context=_of_order,
    to=lambda order: url_for("orders.show", order_id=order.id),
)
buy_for_product = _buy(
    resource=PRODUCT,
    name="create_for_product",
    subtitle="{0.sku} {0.name}",
    form=MakingForm,
    offer=_look,
    act=services.buy_for_product,
    to=lambda product: url_for("products.show", product_id=product.id),
)
for action in (buy_for_order, buy_for_product):
    action.add_to(bp)
