"""Transfers: the list, the page of one, and what is done about it."""

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
from app.core.web import one_or_404
from app.transfers import queries, services
from app.transfers.forms import ExplainForm, ReceiveForm, SendForm
from app.transfers.models import CONDITIONS, EXPLANATIONS, STATES, Transfer, TransferStep
from app.transfers.views.blueprint import CHANGED, EDIT, RECEIVE, SEND, TRANSFER, VIEW, bp

NEW = Link(
    label="New transfer",
    endpoint="transfer_orders.new",
    permission=EDIT,
    kind="primary",
    icon="plus",
)
SHOWN = {"open": "Not received yet", "late": "Late", **STATES.labels}


def _transfers(asked: Asked) -> Select[Any]:
    return queries.transfers(
        search=asked["search"],
        status=asked["status"],
        destination_id=asked["to"],
        today=today(),
    )


def _warehouses() -> list[tuple[Any, str]]:
    return [(one.id, one.label) for one in db.session.scalars(queries.warehouses())]


def _warehouse(text: str) -> int | None:
    number = int(text)
    return number if 0 < number < 2**63 else None


LIST = ListPage(
    name="transfer_orders",
    title="Transfers",
    subtitle="Goods that go from one warehouse to another.",
    permission=VIEW,
    query=_transfers,
    key=Transfer.id,
    sort="-number",
    href=lambda transfer: url_for("transfer_orders.show", transfer_id=transfer.id),
    filters=(
        Search(label="Number, SKU or name"),
        Choice(name="status", label="State", options=SHOWN, everything="All transfers"),
        Choice(
            name="to",
            label="To",
            options=_warehouses,
            everything="Any warehouse",
            parse=_warehouse,
            chip="To another warehouse",
            empty=None,
        ),
    ),
    columns=(
        Column(
            name="number",
            title="Number",
            kind="code",
            sort=queries.SORTS["number"],
            is_link=True,
            is_required=True,
        ),
        Column(name="source", title="From", value="source.label", place="name"),
        Column(name="destination", title="To", value="destination.label", place="meta"),
        Column(
            name="lines",
            title="Lines",
            kind="number",
            value=lambda transfer: len(transfer.lines),
            place="desk",
        ),
        Column(name="on_the_way", title="On the way", kind="quantity", place="figure"),
        Column(
            name="expected_on",
            title="Expected",
            kind="cell",
            cell="transfers/_cells.html:expected",
            export=lambda transfer: transfer.expected_on,
            sort=queries.SORTS["expected"],
            place="meta",
        ),
        Column(
            name="actor",
            title="By",
            value=lambda transfer: transfer.actor.name if transfer.actor else "system",
            place="wide desk",
        ),
        Column(
            name="status",
            title="State",
            kind="cell",
            cell="transfers/_cells.html:state",
            export=lambda transfer: transfer.state.label,
            place="status",
        ),
    ),
    links=(NEW,),
    events=(CHANGED,),
    nouns=("transfer", "transfers"),
    unmatched=Nothing(
        title="Nothing matches.",
        advice="Try fewer letters or another state.",
        action="Show all",
    ),
    nothing=Nothing(
        title="Nothing has gone between warehouses yet.",
        advice="Write down what is to go, and send it when the goods leave.",
        link=NEW,
        icon="truck",
    ),
)


def _lines(transfer: Transfer) -> Mapping[str, Any]:
    return {"lines": {line.id: line for line in transfer.lines}}


def _receive(transfer_id: int, location: str, **values: Any) -> Transfer:
    transfer = one_or_404(queries.transfer(transfer_id))
    place = services.place_in(transfer.destination, location)
    return services.receive_transfer(transfer_id, location_id=place, **values)


_ask = partial(
    Action,
    resource=TRANSFER,
    subtitle="{0.source.code} to {0.destination.code}",
    context=_lines,
    fields="transfers/_step_fields.html",
)
send = _ask(
    name="create_dispatch",
    path="/dispatch",
    title="Send",
    heading="Send {0.number}",
    permission=SEND,
    form=SendForm,
    fill=lambda form, transfer: form.offer(transfer.lines),
    act=services.send_transfer,
    done="{0.number} is on the way.",
    advice="Goods are taken in the order of picking, of what is available.",
    icon="truck",
    kind="primary",
    when=lambda transfer: transfer.may_be_sent,
)
receive = _ask(
    name="create_receipt",
    path="/receipts",
    title="Receive",
    heading="Receive {0.number}",
    permission=RECEIVE,
    form=ReceiveForm,
    fill=lambda form, transfer: form.offer(transfer.lines),
    act=_receive,
    done="Received.",
    advice="What has not come stays on the way. What is damaged is put aside.",
    icon="boxes",
    kind="primary",
    when=lambda transfer: transfer.on_the_way > 0,
)
explain = _ask(
    name="create_explanation",
    path="/explanations",
    title="Explain difference",
    heading="Difference of {0.number}",
    permission=RECEIVE,
    form=ExplainForm,
    fill=lambda form, transfer: form.offer(transfer.lines),
    act=services.explain_difference,
    done="The difference is explained.",
    advice="What is lost, damaged or stolen leaves the books; what was found is on the way.",
    icon="alert",
    kind="quiet",
    when=lambda transfer: any(line.sent for line in transfer.lines),
)
cancel = Action(
    resource=TRANSFER,
    name="cancel",
    path="/cancellation",
    title="Cancel",
    question="Cancel {0.number}? Nothing of it has left yet.",
    confirm="Cancel transfer",
    permission=EDIT,
    act=services.cancel_transfer,
    done="{0.number} is cancelled.",
    icon="x",
    kind="quiet danger",
    when=lambda transfer: transfer.status == "draft",
)
STEP = Resource(
    name="step",
    area="transfer_orders",
    query=queries.step,
    rule="/<int:transfer_id>/steps/<int:step_id>",
    keys={"transfer_id": "transfer_id", "step_id": "id"},
    event=CHANGED,
)


def _home(step: TransferStep) -> str:
    return url_for("transfer_orders.show", transfer_id=step.transfer_id)


undo = Action(
    resource=STEP,
    name="undo",
    path="/reversal",
    title="Undo",
    question="Undo this? The goods lie again where they lay before.",
    confirm="Undo",
    permission=RECEIVE,
    act=services.undo_step,
    done="It is undone.",
    to=_home,
    icon="undo",
    kind="quiet danger",
    when=lambda step: not step.is_undone,
)


def _context(_transfer: Transfer) -> Mapping[str, Any]:
    return {"conditions": CONDITIONS, "explanations": EXPLANATIONS, "undo_step": undo}


transfer_page = RecordPage(
    resource=TRANSFER,
    permission=VIEW,
    heading="Transfer {0.number}",
    subtitle="{0.source.label} to {0.destination.label}",
    crumbs=lambda _transfer: [("Transfers", url_for("transfer_orders.index"))],
    buttons=(receive, send, explain, cancel),
    has_row=True,
    body="transfers/_transfer.html",
    context=_context,
    labels={"expected_on": "Expected on", "is_complete": "Nothing more is sent"},
)

LIST.add_to(bp)
transfer_page.add_to(bp)
for action in (send, receive, explain, cancel, undo):
    action.add_to(bp)
