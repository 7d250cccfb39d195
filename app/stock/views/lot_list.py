"""The list of lots and serial numbers, what expires first first."""

from datetime import timedelta
from typing import Any

from flask import url_for
from sqlalchemy import Select

from app.catalog.label_actions import label_action
from app.core.days import today
from app.core.pages import (
    Asked,
    BulkAction,
    Column,
    ListPage,
    Nothing,
    Search,
    Segments,
)
from app.core.settings import setting
from app.stock import queries, services
from app.stock.forms import LotReasonForm
from app.stock.models import Lot
from app.stock.views.lots import CHANGED, bp

BLOCK = "stock.block"


def _lots(asked: Asked) -> Select[Any]:
    day = today()
    return queries.lots(
        search=asked["search"],
        shown=asked["shown"],
        day=day,
        until=day + timedelta(days=setting("lot_alert_days")),
    )


LOTS = ListPage(
    name="lots",
    title="Lots",
    subtitle="Lots and serial numbers, what expires first first.",
    permission="stock.view",
    query=_lots,
    is_joined=True,
    key=Lot.id,
    sort="expires_on",
    href=lambda row: url_for("lots.show", lot_id=row[0].id),
    filters=(
        Search(label="Lot, serial number or SKU"),
        Segments(name="shown", label="Shown", options=queries.SHOWN, everything="All"),
    ),
    columns=(
        Column(
            name="lot",
            title="Lot or serial",
            kind="code",
            value="Lot.code",
            sort=queries.LOT_SORTS["lot"],
            is_link=True,
            is_required=True,
        ),
        Column(
            name="sku",
            title="SKU",
            kind="code",
            value="Lot.product.sku",
            sort=queries.LOT_SORTS["sku"],
            place="meta",
        ),
        Column(name="name", title="Product", value="Lot.product.name", place="name"),
        Column(
            name="expires_on",
            title="Expires",
            kind="day",
            value="Lot.expires_on",
            sort=queries.LOT_SORTS["expires_on"],
            place="meta",
        ),
        Column(
            name="made_on",
            title="Made",
            kind="day",
            value="Lot.made_on",
            place="wide desk",
            is_shown=False,
        ),
        Column(
            name="vendor",
            title="Vendor",
            value=lambda row: row[0].vendor.name if row[0].vendor else "",
            place="wide desk",
        ),
        Column(
            name="on_hand",
            title="On hand",
            kind="quantity",
            unit="Lot.product.unit",
            sort="on_hand",
            place="desk",
        ),
        Column(
            name="available",
            title="Available",
            kind="quantity",
            unit="Lot.product.unit",
            sort="available",
            place="figure",
        ),
        Column(
            name="state",
            title="State",
            value="Lot.state",
            place="status",
        ),
        Column(
            name="block_reason",
            title="Blocked because",
            value="Lot.block_reason",
            place="wide desk",
            is_shown=False,
        ),
    ),
    nouns=("lot", "lots"),
    row_id=Lot.id,
    row_name=Lot.code,
    tick=lambda row: (row[0].id, row[0].code),
    actions=(
        label_action("lot", row_id=Lot.id, code=Lot.code),
        BulkAction(
            name="block",
            label="Block",
            permission=BLOCK,
            question="Block {count}? Nothing more of them is reserved or shipped.",
            kind="danger",
            form=LotReasonForm,
            act=services.block_lot,
        ),
        BulkAction(
            name="free",
            label="Free",
            permission=BLOCK,
            question="Free {count}? They may be reserved and shipped again.",
            act=services.free_lot,
        ),
    ),
    events=(CHANGED, "stock:changed"),
    unmatched=Nothing(
        title="Nothing matches.",
        advice="Try fewer letters or another filter.",
        action="Show all",
    ),
    nothing=Nothing(
        title="No lots yet.",
        advice="Say on the page of a product that it is tracked: what comes then has a lot.",
        icon="boxes",
    ),
)

LOTS.add_to(bp)
