"""What is done with a purchase order: each is a resource of it."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from app.core.pages import Action, Resource
from app.purchasing import queries, services
from app.purchasing.forms import (
    CancellationForm,
    ConfirmationForm,
    DeliveryForm,
    PartsForm,
    ReceiptForm,
)
from app.purchasing.models import STATUSES, PurchaseOrder
from app.purchasing.views.blueprint import CHANGED, bp
from app.stock.waiting import waiting_for

ORDER = Resource(
    name="order",
    area="purchase_orders",
    query=queries.order,
    rule="/<int:purchase_order_id>",
    keys={"purchase_order_id": "id"},
    event=CHANGED,
)


def _offer_open(form: PartsForm, order: PurchaseOrder) -> None:
    form.offer({line.id: None for line in order.lines if line.units_open})
    form.version.data = order.version


def _begin_days(form: ConfirmationForm, order: PurchaseOrder) -> None:
    form.version.data = order.version
    form.vendor_reference.data = order.vendor_reference
    for line in order.lines:
        if line.units_open:
            form.days.append_entry({"line_id": line.id, "day": line.confirmed_on})


def _close(order_id: int, quantities: Any, version: int | None, **_key: str) -> PurchaseOrder:
    """Close: sent twice, the version tells."""
    return services.close_short(order_id, quantities, version=version)


def _lines(order: PurchaseOrder) -> Mapping[str, Any]:
    return {"lines": {line.id: line for line in order.lines}}


def _received(order: PurchaseOrder) -> Mapping[str, Any]:
    ids = [line.product_id for line in order.lines if line.product_id is not None]
    return {**_lines(order), "waiting": waiting_for(ids)}


def _is_in_state(order: PurchaseOrder, _result: PurchaseOrder) -> str:
    return f"{order.number} is {STATUSES[order.status].lower()}."


_step = partial(Action, resource=ORDER, done=_is_in_state)
_about = partial(Action, resource=ORDER, subtitle="{0.vendor_name}")
_ask = partial(_about, fields="purchasing/_action.html", context=_lines)

approve = _step(
    name="approve",
    path="/approval",
    title="Approve",
    permission="purchase_orders.approve",
    act=services.approve_order,
    icon="check",
    kind="primary",
    when=lambda order: order.status == "draft",
)
mark_sent = _step(
    name="mark_sent",
    path="/dispatch",
    title="Mark as sent",
    question="Has the vendor got {0.number} by other ways? It counts as incoming then.",
    confirm="Mark as sent",
    permission="purchase_orders.send",
    act=services.mark_sent,
    icon="check",
    kind="quiet",
    when=lambda order: order.status == "approved",
)
confirm = _ask(
    name="create_confirmation",
    path="/confirmation",
    title="Confirm",
    heading="Confirm {0.number}",
    permission="purchase_orders.send",
    form=ConfirmationForm,
    fill=_begin_days,
    act=services.confirm_order,
    done="The days of {0.number} are noted.",
    advice="What the vendor says of it: incoming goods count on these days.",
    icon="calendar",
    when=lambda order: order.is_open,
)
reopen = _step(
    name="reopen",
    path="/reopening",
    title="Reopen",
    question="Make a draft of {0.number} again? It is not incoming any more, "
    "and has to be approved and sent again.",
    confirm="Reopen",
    permission="purchase_orders.edit",
    act=services.reopen_order,
    icon="undo",
    kind="quiet",
    when=lambda order: order.may_become("draft") and not order.has_received,
)
receive = _about(
    name="create_receipts",
    path="/receipts",
    title="Receive",
    heading="Receive {0.number}",
    permission="purchase_orders.receive",
    form=ReceiptForm,
    fill=lambda form, order: form.offer(line for line in order.lines if line.units_open),
    act=services.receive_goods,
    done="Received.",
    advice="In the product's own unit. What is damaged is put aside, and counts as delivered.",
    fields="purchasing/_receive.html",
    context=_received,
    is_wide=True,
    icon="boxes",
    kind="primary",
    when=lambda order: order.is_open and not order.is_drop_ship,
)
deliver = _ask(
    name="create_deliveries",
    path="/deliveries",
    title="Note delivery",
    heading="Delivered by the vendor: {0.number}",
    permission="purchase_orders.receive",
    form=DeliveryForm,
    fill=lambda form, order: form.offer(
        {line.id: line.units_open for line in order.lines if line.units_open}
    ),
    act=services.receive_goods,
    done="Noted: it is shipped to the customer.",
    advice="What the vendor has delivered to the customer, in the product's own unit.",
    icon="truck",
    kind="primary",
    when=lambda order: order.is_open and order.is_drop_ship,
)
close_short = _ask(
    name="create_closure",
    path="/closure",
    title="Close short",
    heading="Close short {0.number}",
    permission="purchase_orders.edit",
    form=PartsForm,
    fill=_offer_open,
    act=_close,
    done="{1.number} is closed short.",
    advice="What you enter does not come any more, and is not charged.",
    icon="minus",
    kind="quiet",
    is_danger=True,
    when=lambda order: order.is_open,
)
cancel = _ask(
    name="create_cancellation",
    path="/cancellation",
    title="Cancel order",
    heading="Cancel {0.number}",
    permission="purchase_orders.cancel",
    form=CancellationForm,
    act=services.cancel_order,
    done="{0.number} is cancelled.",
    advice="Nothing of it is incoming any more. This cannot be undone.",
    icon="x",
    kind="quiet danger",
    is_danger=True,
    when=lambda order: order.may_become("cancelled") and not order.has_received,
)

ACTIONS = (approve, mark_sent, confirm, receive, deliver, reopen, close_short, cancel)
for action in ACTIONS:
    action.add_to(bp)
