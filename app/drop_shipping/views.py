"""What vendors deliver of a customer's order, and what goes back to them."""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from flask import Blueprint, url_for

from app.core.pages import Action, Resource
from app.drop_shipping import services
from app.drop_shipping.forms import DirectReturnForm, DropShipForm
from app.orders import queries as orders
from app.orders.models import SalesOrder
from app.orders.services import load_components

bp = Blueprint("drop_shipping", __name__, url_prefix="/drop-shipping")

BUY, RETURN = "purchase_orders.edit", "orders.return"
ORDER = Resource(
    name="order",
    area="drop_shipping",
    query=orders.order,
    rule="/orders/<int:order_id>",
    keys={"order_id": "id"},
)


def _begin(form: DropShipForm, order: SalesOrder) -> None:
    """Offer what nobody has in hand; to begin with, what is missing and comes out even."""
    form.version.data = order.version
    form.offer({one.line.id: _first(one) for one in services.offers_of(order)})


def _first(offer: services.Offer) -> Decimal | None:
    is_even = bool(offer.vendor) and offer.missing % offer.step == 0
    return offer.missing if offer.missing and is_even else None


def _offers(order: SalesOrder) -> Mapping[str, Any]:
    return {"offers": {one.line.id: one for one in services.offers_of(order)}}


def _offer_back(form: DirectReturnForm, order: SalesOrder) -> None:
    load_components([order])
    left = services.returnable_of(order)
    form.offer({number: None for number, part in left.items() if part > 0})


def _delivered(order: SalesOrder) -> Mapping[str, Any]:
    load_components([order])
    lines = {line.id: line for line in order.single_lines}
    return {"lines": lines, "left": services.returnable_of(order)}


_ask = partial(
    Action,
    resource=ORDER,
    subtitle="{0.customer_name}",
    to=lambda order: url_for("orders.show", order_id=order.id),
    leaves=True,
)
create = _ask(
    name="create",
    path="/deliveries",
    title="Drop ship",
    heading="Drop ship {0.number}",
    permission=BUY,
    form=DropShipForm,
    fill=_begin,
    act=services.drop_ship,
    done=lambda _order, made: f"Drafted: {', '.join(one.number for one in made)}.",
    advice="The vendor delivers to the customer. It is not reserved here, and never lies here.",
    fields="drop_shipping/_fields.html",
    context=_offers,
    submit="Draft purchase orders",
    icon="truck",
)
create_return = _ask(
    name="create_return",
    path="/returns",
    title="Returned to the vendor",
    heading="Returned to the vendor: {0.number}",
    permission=RETURN,
    form=DirectReturnForm,
    fill=_offer_back,
    act=services.return_to_vendors,
    done=lambda _order, made: f"Noted. Credit is expected for {', '.join(map(str, made))}.",
    advice="For goods that a vendor has delivered, and that the customer sends back there.",
    fields="drop_shipping/_returned.html",
    context=_delivered,
    icon="undo",
)
for action in (create, create_return):
    action.add_to(bp)
