"""What came of deliveries: the list, the page of one, and what is done about it."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy import Select

from app.core.db import db
from app.core.pages import (
    Action,
    Asked,
    Choice,
    Column,
    Day,
    Link,
    ListPage,
    Nothing,
    RecordLink,
    RecordPage,
    Resource,
    Search,
)
from app.purchasing import queries, services
from app.purchasing.forms import AsideForm, DecisionsForm, LandedCostForm
from app.purchasing.models import CONDITIONS, DECISIONS, LANDED, SPREADS, GoodsReceipt
from app.purchasing.prices import COSTS
from app.purchasing.views.blueprint import receipts as bp
from app.stock.waiting import waiting_for

VIEW, RECEIVE = "purchase_orders.view", "purchase_orders.receive"
CHANGED = "receipts:changed"
NEW = Link(
    label="Delivery without order",
    endpoint="receipts.new",
    permission=RECEIVE,
    icon="plus",
)
RECEIPT = Resource(
    name="receipt",
    area="receipts",
    query=queries.receipt,
    rule="/<int:receipt_id>",
    keys={"receipt_id": "id"},
    event=CHANGED,
)


def _receipts(asked: Asked) -> Select[Any]:
    found = queries.receipts(
        search=asked["search"],
        since=asked["from"],
        until=asked["to"],
        has_aside=asked["shown"] == "aside",
        is_undecided=asked["shown"] == "undecided",
    )
    return queries.with_receipt_lines(found)


def _vendor(receipt: GoodsReceipt) -> str:
    return receipt.vendor.name if receipt.vendor else ""


RECEIPTS = ListPage(
    name="receipts",
    title="Receipts",
    subtitle="What has come of purchase orders, and what came without one.",
    permission=VIEW,
    query=_receipts,
    key=GoodsReceipt.id,
    sort="-number",
    href=lambda receipt: url_for("receipts.show", receipt_id=receipt.id),
    filters=(
        Search(label="Our number, or theirs, or a vendor"),
        Choice(
            name="shown",
            label="Shown",
            options={"aside": "Put aside", "undecided": "To be decided"},
            everything="All receipts",
        ),
        Day(name="from", label="From"),
        Day(name="to", label="To"),
    ),
    columns=(
        Column(
            name="number",
            title="Number",
            kind="code",
            sort=queries.RECEIPT_SORTS["number"],
            is_link=True,
            is_required=True,
        ),
        Column(
            name="order",
            title="Purchase order",
            kind="code",
            value=lambda receipt: receipt.order.number if receipt.order else "",
            place="meta",
        ),
        Column(name="vendor", title="Vendor", value=_vendor, place="name"),
        Column(name="delivery_note", title="Packing slip", place="wide desk"),
        Column(
            name="lines",
            title="Lines",
            kind="number",
            value=lambda receipt: len(receipt.lines),
            place="desk",
        ),
        Column(name="created_at", title="Received", kind="moment", place="meta"),
        Column(
            name="actor",
            title="By",
            value=lambda receipt: receipt.actor.name if receipt.actor else "system",
            place="wide desk",
        ),
        Column(
            name="status",
            title="State",
            kind="cell",
            cell="purchasing/_cells.html:receipt",
            export=lambda receipt: "Undone" if receipt.is_undone else "Received",
            place="status",
        ),
    ),
    links=(NEW,),
    events=(CHANGED,),
    nouns=("receipt", "receipts"),
    unmatched=Nothing(
        title="Nothing matches.", advice="Try fewer letters or other dates.", action="Show all"
    ),
    nothing=Nothing(
        title="Nothing has come yet.",
        advice="Receive a purchase order on its page: each delivery stands here.",
        icon="boxes",
    ),
)


def _context(receipt: GoodsReceipt) -> Mapping[str, Any]:
    ids = [line.product_id for line in receipt.lines if line.product_id is not None]
    return {
        "undecide": undecide,
        "conditions": CONDITIONS,
        "decisions": DECISIONS,
        "uncosted": services.uncosted(receipt),
        "undoable": () if receipt.is_undone else services.undoable_of(receipt),
        "waiting": () if receipt.is_undone else waiting_for(ids),
        "landed": db.session.scalars(queries.landed_of(receipt.id)).all(),
        "kinds": LANDED,
        "spreads": SPREADS,
    }


undo = Action(
    resource=RECEIPT,
    name="undo",
    path="/reversal",
    title="Undo",
    question="Undo {0.number}? Its goods leave the books, and are open on their order again.",
    confirm="Undo",
    permission=RECEIVE,
    act=services.undo_receipt,
    done="{0.number} is undone.",
    icon="undo",
    kind="quiet danger",
    when=lambda receipt: not receipt.is_undone,
)
create = Action(
    resource=RECEIPT,
    name="create",
    title="Delivery without order",
    permission=RECEIVE,
    is_new=True,
    form=AsideForm,
    act=services.put_aside,
    done="{0.number} is put aside.",
    advice="All of it is put aside, until somebody knows what it is for.",
    fields="purchasing/_aside_form.html",
    submit="Put aside",
    leaves=True,
)
land = Action(
    resource=RECEIPT,
    name="create_landed_costs",
    path="/landed-costs",
    title="Add landed cost",
    heading="Landed cost of {0.number}",
    permission=COSTS,
    form=LandedCostForm,
    act=services.add_landed_cost,
    done="The cost is spread over what came.",
    advice="It raises what is there still, and is a difference for what has gone.",
    icon="plus",
    when=lambda receipt: (
        not receipt.is_undone and receipt.order_id is not None and not receipt.is_drop_ship
    ),
)
decide = Action(
    resource=RECEIPT,
    name="create_decisions",
    path="/decisions",
    title="Decide",
    heading="What was put aside of {0.number}",
    permission="purchase_orders.edit",
    form=DecisionsForm,
    fill=lambda form, receipt: form.offer(receipt),
    act=services.decide_aside,
    done="It is decided.",
    advice="What is taken in may be sold at once; the rest leaves the books.",
    fields="purchasing/_decisions.html",
    context=lambda receipt: {"lines": {line.id: line for line in receipt.lines}},
    kind="primary",
    icon="check",
    when=lambda receipt: bool(receipt.undecided),
)
to_vendor = RecordLink(
    label="Return to vendor",
    href=lambda receipt: f"/vendor-returns/new?receipt={receipt.id}",
    permission="vendor_returns.edit",
    icon="undo",
    when=lambda receipt: not receipt.is_undone and receipt.vendor_id is not None,
)
DECIDED = Resource(
    name="line",
    area="receipts",
    query=queries.receipt_line,
    rule="/<int:receipt_id>/decisions/<int:line_id>",
    keys={"receipt_id": "receipt_id", "line_id": "id"},
    event=CHANGED,
)
undecide = Action(
    resource=DECIDED,
    name="undo_decision",
    path="/reversal",
    title="Take back",
    question="Take this decision back? What was taken in is put aside again.",
    confirm="Take back",
    permission="purchase_orders.edit",
    act=services.undo_decision,
    done="It is to be decided again.",
    to=lambda line: url_for("receipts.show", receipt_id=line.receipt_id),
    icon="undo",
    kind="quiet",
    when=lambda line: line.decision is not None,
)
receipt_page = RecordPage(
    resource=RECEIPT,
    permission=VIEW,
    heading="Receipt {0.number}",
    subtitle=_vendor,
    crumbs=lambda _receipt: [("Receipts", url_for("receipts.index"))],
    buttons=(decide, land, to_vendor, undo),
    has_row=True,
    body="purchasing/_receipt.html",
    context=_context,
    labels={"undone_at": "Undone", "decided": "Decided", "delivery_note": "Packing slip"},
)

RECEIPTS.add_to(bp)
receipt_page.add_to(bp)
for action in (undo, create, land, decide, undecide):
    action.add_to(bp)
