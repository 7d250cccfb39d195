"""Shipments on their way to us: the list, the page of one, and what is done about it."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import url_for
from sqlalchemy import Select

from app.core.days import today
from app.core.db import db
from app.core.pages import (
    Action,
    Asked,
    Choice,
    Column,
    Link,
    ListPage,
    Nothing,
    RecordPage,
    Resource,
    Search,
)
from app.purchasing import queries, services
from app.purchasing.forms import ArrivalForm, ShipmentCostForm, ShipmentForm
from app.purchasing.models import LANDED, SHIPMENT_STATES, SPREADS, InboundShipment
from app.purchasing.prices import COSTS
from app.purchasing.views.blueprint import shipments as bp

VIEW, EDIT = "purchase_orders.view", "purchase_orders.edit"
CHANGED = "inbound-shipments:changed"
CHOICES = {"open": "Not arrived yet", "late": "Late", **SHIPMENT_STATES.labels}
NEW = Link(
    label="New shipment",
    endpoint="inbound_shipments.new",
    permission=EDIT,
    kind="primary",
    icon="plus",
    is_dialog=True,
)
SHIPMENT = Resource(
    name="shipment",
    area="inbound_shipments",
    query=queries.shipment,
    rule="/<int:shipment_id>",
    keys={"shipment_id": "id"},
    event=CHANGED,
)
COST = Resource(
    name="cost",
    area="inbound_shipments",
    query=queries.cost_of_shipment,
    rule="/<int:shipment_id>/costs/<int:cost_id>",
    keys={"shipment_id": "shipment_id", "cost_id": "id"},
    event=CHANGED,
)


def _shipments(asked: Asked) -> Select[Any]:
    return queries.shipments(search=asked["search"], status=asked["status"], today=today())


def _numbers(shipment: InboundShipment) -> str:
    return ", ".join(order.number for order in shipment.orders)


LIST = ListPage(
    name="inbound_shipments",
    title="Inbound shipments",
    subtitle="Goods of several purchase orders on their way to us, and what that costs.",
    permission=VIEW,
    query=_shipments,
    key=InboundShipment.id,
    sort="-number",
    href=lambda shipment: url_for("inbound_shipments.show", shipment_id=shipment.id),
    filters=(
        Search(label="Name, carrier, tracking or order"),
        Choice(name="status", label="State", options=CHOICES, everything="All shipments"),
    ),
    columns=(
        Column(
            name="number",
            title="Number",
            kind="code",
            sort=queries.SHIPMENT_SORTS["number"],
            is_link=True,
            is_required=True,
        ),
        Column(name="name", title="Name", place="name"),
        Column(name="carrier", title="Carrier", place="meta"),
        Column(name="tracking", title="Tracking number", kind="code", place="wide desk"),
        Column(name="orders", title="Purchase orders", value=_numbers, place="desk"),
        Column(
            name="expected_on",
            title="Expected",
            kind="cell",
            cell="purchasing/shipments/_cells.html:expected",
            export=lambda shipment: shipment.expected_on,
            sort=queries.SHIPMENT_SORTS["expected"],
            place="meta",
        ),
        Column(name="arrived_on", title="Arrived", kind="day", place="wide desk"),
        Column(
            name="status",
            title="State",
            kind="cell",
            cell="purchasing/shipments/_cells.html:state",
            export=lambda shipment: shipment.state.label,
            place="status",
        ),
    ),
    links=(NEW,),
    events=(CHANGED,),
    nouns=("shipment", "shipments"),
    unmatched=Nothing(title="Nothing matches.", advice="Try fewer letters.", action="Show all"),
    nothing=Nothing(
        title="No shipment is on its way.",
        advice="Put purchase orders together that come in one container, and spread its costs.",
        link=NEW,
        icon="truck",
    ),
)


def _offer(form: ShipmentForm, shipment: InboundShipment | None) -> None:
    form.offer(db.session.scalars(queries.shippable_orders(shipment.id if shipment else None)))


def _fill(form: ShipmentForm, shipment: InboundShipment) -> None:
    form.order_ids.data = [order.id for order in shipment.orders]


def _offer_receipts(form: ArrivalForm, shipment: InboundShipment) -> None:
    form.offer(db.session.scalars(queries.receipts_that_may_be_of(shipment.id)))


def _tick_receipts(form: ArrivalForm, shipment: InboundShipment) -> None:
    found = db.session.scalars(queries.receipts_that_may_be_of(shipment.id))
    form.receipt_ids.data = [one.id for one in found]


_ask = partial(Action, resource=SHIPMENT, subtitle="{0.name}")
_step = partial(Action, resource=SHIPMENT, permission=EDIT)
create = Action(
    resource=SHIPMENT,
    name="create",
    title="New shipment",
    permission=EDIT,
    is_new=True,
    form=ShipmentForm,
    offer=_offer,
    act=services.create_shipment,
    done="{0.number} is planned.",
    leaves=True,
)
update = _ask(
    name="update",
    title="Edit",
    heading="{0.number}",
    permission=EDIT,
    form=ShipmentForm,
    offer=_offer,
    fill=_fill,
    act=services.change_shipment,
    done="{0.number} is saved.",
    icon="edit",
    when=lambda shipment: shipment.is_open,
)
send_off = _step(
    name="send_off",
    path="/dispatch",
    title="Under way",
    question="Is {0.number} under way? Its orders are expected on its day then, if it has one.",
    confirm="Under way",
    act=services.send_off,
    done="{0.number} is under way.",
    icon="truck",
    kind="primary",
    when=lambda shipment: shipment.status == "planned",
)
arrive = _ask(
    name="create_arrival",
    path="/arrival",
    title="Arrived",
    heading="{0.number} has arrived",
    permission="purchase_orders.receive",
    form=ArrivalForm,
    offer=_offer_receipts,
    fill=_tick_receipts,
    act=services.note_arrival,
    done="{0.number} has arrived.",
    advice="Receive its goods first: its costs are spread over what you tick here.",
    icon="boxes",
    kind="primary",
    when=lambda shipment: shipment.is_open,
)
add_cost = _ask(
    name="create_costs",
    path="/costs",
    title="Add cost",
    heading="Cost of {0.number}",
    permission=COSTS,
    form=ShipmentCostForm,
    act=services.add_shipment_cost,
    done="The cost is noted.",
    advice="It is spread over all that comes with it, as soon as it has arrived.",
    icon="plus",
    when=lambda shipment: shipment.status != "cancelled",
)
drop_cost = Action(
    resource=COST,
    name="drop_cost",
    path="/removal",
    title="Remove",
    question="Take this cost away? It has not come to any goods yet.",
    confirm="Remove",
    permission=COSTS,
    act=services.drop_shipment_cost,
    done="The cost is gone.",
    to=lambda cost: url_for("inbound_shipments.show", shipment_id=cost.shipment_id),
    icon="trash",
    kind="quiet danger",
    when=lambda cost: cost.spread_at is None,
)
reopen = _step(
    name="reopen",
    path="/arrival/reversal",
    title="Not arrived",
    question="Has {0.number} not arrived after all? What came stays received.",
    confirm="Not arrived",
    act=services.reopen_shipment,
    done="{0.number} is under way again.",
    icon="undo",
    kind="quiet danger",
    when=lambda shipment: shipment.status == "arrived",
)
cancel = _step(
    name="cancel",
    path="/cancellation",
    title="Cancel",
    question="Cancel {0.number}? Its purchase orders stay as they are.",
    confirm="Cancel shipment",
    act=services.cancel_shipment,
    done="{0.number} is cancelled.",
    icon="x",
    kind="quiet danger",
    when=lambda shipment: shipment.is_open,
)


def _context(shipment: InboundShipment) -> Mapping[str, Any]:
    may_be = (
        queries.receipts_that_may_be_of(shipment.id)
        if shipment.is_open
        else queries.receipts_with(shipment.id)
    )
    return {
        "receipts": db.session.scalars(may_be).all(),
        "costs": db.session.scalars(queries.costs_of_shipment(shipment.id)).all(),
        "kinds": LANDED,
        "spreads": SPREADS,
        "drop_cost": drop_cost,
    }


shipment_page = RecordPage(
    resource=SHIPMENT,
    permission=VIEW,
    heading="Shipment {0.number}",
    subtitle="{0.name}",
    crumbs=lambda _shipment: [("Inbound shipments", url_for("inbound_shipments.index"))],
    buttons=(send_off, arrive, add_cost, update, reopen, cancel),
    has_row=True,
    body="purchasing/shipments/_shipment.html",
    context=_context,
    labels={"expected_on": "Expected on", "arrived_on": "Arrived on", "tracking": "Tracking"},
)

LIST.add_to(bp)
shipment_page.add_to(bp)
for action in (create, update, send_off, arrive, add_cost, drop_cost, reopen, cancel):
    action.add_to(bp)
