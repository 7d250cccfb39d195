"""The page of a lot or a piece: what it is, where it came from, and who has it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from app.core.days import today
from app.core.db import db
from app.core.navigation import record_url
from app.core.pages import (
    Action,
    Asked,
    Column,
    ListPage,
    Nothing,
    RecordLink,
    RecordPage,
    Resource,
)
from app.core.web import one_or_404
from app.stock import queries, services
from app.stock.documents import with_documents
from app.stock.forms import LotDatesForm, LotReasonForm
from app.stock.models import Lot
from app.stock.services.tracing import Delivery
from app.stock.views.lot_list import BLOCK
from app.stock.views.lots import CHANGED, bp

MOVEMENTS_SHOWN = 50
RECALL = "stock.recall"

LOT = Resource(
    name="lot",
    area="lots",
    query=queries.lot,
    rule="/<int:lot_id>",
    keys={"lot_id": "id"},
    event=CHANGED,
)


def _context(lot: Lot) -> Mapping[str, Any]:
    asked = queries.MovementFilter(lot_id=lot.id)
    movements = db.session.execute(queries.movements(asked, limit=MOVEMENTS_SHOWN)).all()
    return {
        "today": today(),
        "balances": db.session.scalars(queries.balances_of_lot(lot.id)).all(),
        "reservations": db.session.scalars(queries.reservations_of_lot(lot.id)).all(),
        "trace": services.trace_lot(lot),
        "movements": with_documents(movements),
    }


def _begin(form: LotDatesForm, lot: Lot) -> None:
    form.expires_on.data, form.made_on.data = lot.expires_on, lot.made_on
    form.version.data = lot.version


update = Action(
    resource=LOT,
    name="update",
    title="Edit",
    heading="Edit {0.label}",
    subtitle="{0.product.sku} {0.product.name}",
    permission=BLOCK,
    form=LotDatesForm,
    fill=_begin,
    act=services.revise_lot,
    done="{0.label} saved.",
    icon="edit",
)
block = Action(
    resource=LOT,
    name="create_block",
    path="/block",
    title="Block",
    heading="Block {0.label}",
    subtitle="{0.product.sku} {0.product.name}",
    permission=BLOCK,
    form=LotReasonForm,
    act=services.block_lot,
    done="{0.label} is blocked.",
    advice="Nothing more of it is reserved, picked or shipped.",
    kind="danger",
    icon="lock",
    when=lambda lot: not lot.is_blocked,
)
free = Action(
    resource=LOT,
    name="free",
    path="/release",
    title="Free",
    question="Free {0.label}? It may be reserved and shipped again.",
    confirm="Free",
    permission=BLOCK,
    act=services.free_lot,
    done="{0.label} is free.",
    icon="check",
    when=lambda lot: lot.is_blocked,
)
lot_page = RecordPage(
    resource=LOT,
    permission="stock.view",
    title="{0.label} {0.product.sku}",
    heading="{0.label}",
    subtitle="{0.product.sku} {0.product.name}",
    crumbs=lambda _lot: [("Lots", url_for("lots.index"))],
    buttons=(
        RecordLink(
            label="Labels",
            href=lambda lot: url_for("labels.new", subject="lot", items=lot.label_code),
            permission="labels.print",
            icon="barcode",
        ),
        RecordLink(
            label="Recall list",
            href=lambda lot: url_for("lots.recall", lot_id=lot.id, file="xlsx"),
            permission=RECALL,
            icon="download",
        ),
        update,
        free,
        block,
    ),
    has_row=True,
    events=("stock:changed",),
    body="stock/lots/_lot.html",
    context=_context,
    labels={
        "code": "Number",
        "expires_on": "Expires on",
        "made_on": "Made on",
        "blocked_at": "Blocked",
        "block_reason": "Reason",
        "is_serial": "Serial number",
        "vendor_id": "Vendor",
    },
)


def _recalled(asked: Asked) -> Sequence[Delivery]:
    return services.recall_lot(one_or_404(queries.lot(int(asked.about["lot_id"]))))


def _of_recipient(name: str) -> Any:
    return lambda delivery: getattr(delivery.recipient, name) if delivery.recipient else ""


def _document_of(delivery: Delivery) -> str | None:
    if delivery.document_type is None or delivery.document_id is None:
        return None
    return record_url(delivery.document_type, delivery.document_id)


RECALLED = ListPage(
    name="recall",
    title="Recall list",
    subtitle="Who has goods of the lot, or of what was built with it.",
    permission=RECALL,
    query=_recalled,
    href=_document_of,
    crumbs=lambda about: [
        ("Lots", url_for("lots.index")),
        ("Lot", url_for("lots.show", lot_id=about["lot_id"])),
    ],
    columns=(
        Column(
            name="customer",
            title="Customer",
            value=_of_recipient("name"),
            place="name",
            is_required=True,
        ),
        Column(name="email", title="E-mail", value=_of_recipient("email"), place="meta"),
        Column(name="phone", title="Phone", value=_of_recipient("phone"), place="meta"),
        Column(name="address", title="Address", value=_of_recipient("address"), place="wrap"),
        Column(name="document", title="Document", kind="code", is_link=True),
        Column(name="sent_at", title="Sent", kind="moment", place="meta"),
        Column(name="sku", title="SKU", kind="code", value="lot.product.sku"),
        Column(name="product", title="Product", value="lot.product.name", place="wide desk"),
        Column(name="lot", title="Lot or serial", kind="code", value="lot.code"),
        Column(
            name="left",
            title="Quantity",
            kind="quantity",
            unit="lot.product.unit",
            place="figure",
        ),
    ),
    nouns=("delivery", "deliveries"),
    nothing=Nothing(
        title="No customer has it.",
        advice="What is shipped of it, or of what is built with it, stands here.",
        icon="check",
    ),
)

lot_page.add_to(bp)
RECALLED.add_to(bp, "/<int:lot_id>/recall", "recall")
for action in (update, block, free):
    action.add_to(bp)
