"""What is done with an order: each is a resource of it."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import select

from app.catalog.models import NOT_TRACKED, Product
from app.core.db import db
from app.core.pages import Action, Resource
from app.core.quantities import grouped
from app.core.web import local_time
from app.documents.errors import NotAllowed
from app.orders import queries, services
from app.orders.forms import (
    CancellationForm,
    HoldForm,
    PartsForm,
    ReturnForm,
    ShipmentUndoForm,
    SplitForm,
)
from app.orders.models import STATUSES, SalesOrder
from app.orders.views.blueprint import CHANGED, bp
from app.stock import services as stock

Quantities = Mapping[int, Decimal | None]

ORDER = Resource(
    name="order",
    area="orders",
    query=queries.order,
    rule="/<int:order_id>",
    keys={"order_id": "id"},
    event=CHANGED,
)


def _open(order: SalesOrder) -> Quantities:
    """What could still be taken out of the order, to choose from."""
    left = {line.id: line.quantity_wanted - line.quantity_handled for line in order.lines}
    return {line_id: None for line_id, part in left.items() if part > 0}


def _missing(order: SalesOrder) -> Quantities:
    """What could still be closed: beginning with what is not reserved."""
    missing = services.missing_of(order, services.reserved_for(order))
    by_id = {line.id: part for line, part in missing}
    by_id |= {line.id: part for line, part in services.missing_wholes(order, by_id)}
    return {line_id: by_id.get(line_id) for line_id in _open(order)}


def _reserved(order: SalesOrder) -> Quantities:
    return {line_id: part for line_id, part in services.reserved_for(order).items() if part}


def _returnable(order: SalesOrder) -> Quantities:
    return {line.id: None for line in order.single_lines if line.quantity_returnable}


def _begin_with(offered: Callable[[SalesOrder], Quantities]) -> Callable[[Any, Any], None]:
    """Make what fills a form with lines to choose from, of the order as it is shown."""

    def fill(form: PartsForm, order: SalesOrder) -> None:
        form.offer(offered(order))
        if isinstance(form, SplitForm):
            form.version.data = order.version

    return fill


def _split(order_id: int, quantities: Any, version: int | None, **_key: str) -> SalesOrder:
    """Split: sent twice, the version tells."""
    return services.split_order(order_id, quantities, version=version)


def _close(order_id: int, quantities: Any, version: int | None, **_key: str) -> SalesOrder:
    return services.close_short(order_id, quantities, version=version)


def _return(
    order_id: int, quantities: Any, key: str, location: str, lots: Any, **receipt: str
) -> None:
    place = stock.find_location(location) if location else stock.default_location()
    how = services.ReturnReceipt(location_id=place, **receipt)
    services.return_goods(order_id, quantities, how, key=key, lots=lots)


def _offer_shipments(form: ShipmentUndoForm, order: SalesOrder) -> None:
    """Offer what left and is not undone, with every line of it, and why one cannot be."""
    form.offer(
        {one.posting_id: (_shipped(one), one.refusal) for one in services.shipments_of(order)}
    )


def _shipped(shipment: services.Shipment) -> str:
    lines = [
        f"{grouped(one.quantity)} × {one.product.sku}"
        f"{f', {one.lot.called},' if one.lot else ''} from {one.from_location.code}"
        for one in shipment.items
    ]
    return f"{local_time(shipment.shipped_at)}: {', '.join(lines)}"


def _choose_only_shipment(form: ShipmentUndoForm, order: SalesOrder) -> None:
    """Begin with the one that there is.

    Raises:
        NotAllowed: There is none that could be undone; it says why.
    """
    shipments = services.shipments_of(order)
    fit = [one.posting_id for one in shipments if not one.refusal]
    if not fit:
        reasons = dict.fromkeys(one.refusal for one in shipments)
        raise NotAllowed(" ".join(reasons) or f"Nothing of {order.number} has left.")
    if len(fit) == 1:
        form.posting_id.data = fit[0]


def _lines(order: SalesOrder) -> Mapping[str, Any]:
    return {"lines": {line.id: line for line in [*order.lines, *order.single_lines]}}


def _lines_with_lots(order: SalesOrder) -> Mapping[str, Any]:
    """The lines, and which of their products are asked for the lot."""
    ids = {line.product_id for line in order.single_lines if line.product_id is not None}
    tracked = select(Product.id).where(Product.id.in_(ids), Product.tracking != NOT_TRACKED)
    return {**_lines(order), "tracked": set(db.session.scalars(tracked))}


def _is_in_state(order: SalesOrder, _result: SalesOrder) -> str:
    return f"{order.number} is {STATUSES[order.status].lower()}."


_step = partial(Action, resource=ORDER, done=_is_in_state)
_ask = partial(
    Action,
    resource=ORDER,
    subtitle="{0.customer_name}",
    fields="orders/_action.html",
    context=_lines,
)

confirm = _step(
    name="confirm",
    path="/confirmation",
    title="Confirm",
    permission="orders.confirm",
    act=services.confirm_order,
    icon="check",
    kind="primary",
    when=lambda shown: shown.order.is_unconfirmed,
)
release = _step(
    name="release",
    path="/release",
    title="Release",
    permission="orders.confirm",
    act=services.release_order,
    icon="play",
    kind="primary",
    when=lambda shown: shown.order.status == "on_hold",
)
allocate = _step(
    name="allocate",
    path="/allocation",
    title="Allocate",
    permission="orders.confirm",
    act=services.allocate,
    icon="refresh",
    when=lambda shown: shown.order.is_waiting and bool(shown.missing),
)
backorder = Action(
    resource=ORDER,
    name="backorder",
    path="/backorder",
    title="Backorder the rest",
    question="Put what is not reserved of {0.number} into a new order?",
    confirm="Backorder",
    permission="orders.edit",
    act=services.backorder,
    done="{1.number} waits for the rest of {0.number}.",
    icon="clock",
    kind="quiet",
    when=lambda shown: shown.can_backorder,
)
hold = _ask(
    name="create_hold",
    path="/hold",
    title="Hold",
    heading="Hold {0.number}",
    permission="orders.confirm",
    form=HoldForm,
    act=services.hold_order,
    done="{0.number} is on hold.",
    advice="It waits until somebody releases it. What is reserved for it stays reserved.",
    icon="pause",
    kind="quiet",
    when=lambda shown: shown.order.may_become("on_hold"),
)
cancel = _ask(
    name="create_cancellation",
    path="/cancellation",
    title="Cancel order",
    heading="Cancel {0.number}",
    permission="orders.cancel",
    form=CancellationForm,
    act=services.cancel_order,
    done="{0.number} is cancelled.",
    advice="What is reserved for it is free again. This cannot be undone.",
    icon="x",
    kind="quiet danger",
    is_danger=True,
    when=lambda shown: shown.can_cancel,
)
split = _ask(
    name="create_parts",
    path="/parts",
    title="Split",
    heading="Split {0.number}",
    permission="orders.edit",
    form=SplitForm,
    fill=_begin_with(_open),
    act=_split,
    done="{1.number} is a new order.",
    advice="What you enter moves into a new order.",
    icon="arrows",
    kind="quiet",
    when=lambda shown: shown.can_split,
)
close_short = _ask(
    name="create_closure",
    path="/closure",
    title="Close short",
    heading="Close short {0.number}",
    permission="orders.edit",
    form=SplitForm,
    fill=_begin_with(_missing),
    act=_close,
    done="{1.number} is closed short.",
    advice="What you enter is not owed to the customer any more, and not charged.",
    icon="minus",
    kind="quiet",
    is_danger=True,
    when=lambda shown: shown.can_close,
)
ship = _ask(
    name="create_shipments",
    path="/shipments",
    title="Ship",
    heading="Ship {0.number}",
    permission="orders.ship",
    form=PartsForm,
    fill=_begin_with(_reserved),
    act=services.ship,
    done="Shipped.",
    advice="It leaves the bins it is reserved in, or the totes it was picked into.",
    icon="truck",
    kind="primary",
    when=lambda shown: shown.can_ship,
)
return_items = _ask(
    name="create_returns",
    path="/returns",
    title="Return items",
    heading="Return items {0.number}",
    permission="orders.return",
    form=ReturnForm,
    fill=_begin_with(_returnable),
    context=_lines_with_lots,
    act=_return,
    done="Items returned.",
    advice="Also for parcels that never left: they are not unpacked by undoing.",
    icon="undo",
    when=lambda shown: shown.can_return,
)

undo_shipment = _ask(
    name="create_shipment_undo",
    path="/shipments/reversals",
    title="Undo a shipment",
    heading="Undo a shipment of {0.number}",
    permission="orders.ship",
    form=ShipmentUndoForm,
    offer=_offer_shipments,
    fill=_choose_only_shipment,
    act=services.undo_shipment,
    done="The shipment is undone.",
    advice="For what never left. It lies where it was again, and waits for this order.",
    icon="undo",
    kind="quiet danger",
    is_danger=True,
    when=lambda shown: shown.can_undo,
)

ACTIONS = (
    confirm,
    release,
    allocate,
    backorder,
    hold,
    cancel,
    split,
    close_short,
    ship,
    return_items,
    undo_shipment,
)
for action in ACTIONS:
    action.add_to(bp)
