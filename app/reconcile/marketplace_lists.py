"""The lists of what marketplaces keep of ours, and of what they say happened to it."""

from collections.abc import Callable, Sequence
from typing import Any

from app.core.db import db
from app.core.pages import Choice, Column
from app.integrations.marketplaces import queries
from app.integrations.marketplaces.models import (
    FeeEstimate,
    InboundShipmentLine,
    LedgerDay,
    LedgerEvent,
    MarketplaceReturn,
    MarketplaceStock,
    Reimbursement,
    Removal,
)
from app.integrations.sync.queries import read_at
from app.reconcile.marketplace_columns import (
    ACCOUNT,
    AT,
    SPAN,
    common,
    dated,
    day,
    goods,
    numbers,
    page_of_marketplaces,
    search,
)

OPEN = {"unreconciled": "Not explained by them"}
SHORT = {"short": "Received less than was sent"}


def _read_at(rows: Sequence[Any]) -> dict[str, Any]:
    """Say how old what is shown is, for each account that is shown."""
    ids = {one.connection_id: one.connection.name for one in rows}
    found = db.session.execute(read_at("stock", [*ids]))
    return {"read_at": [(ids[number], moment) for number, moment in found]}


STOCK = page_of_marketplaces(
    "stock",
    "Stock at marketplaces",
    "What lies in their warehouses, as they said last.",
    query=lambda asked: queries.stock(**common(asked), state=asked["state"]),
    key=MarketplaceStock.id,
    sort="sku",
    crumbs=lambda _about: (),
    notes="marketplaces/_read_at.html",
    context=_read_at,
    filters=(
        search(" or ASIN"),
        Choice(name="state", label="State", options=queries.STATES),
        ACCOUNT,
    ),
    columns=(
        *goods(MarketplaceStock),
        Column(
            name="product", title="Ours", kind="cell", cell="marketplaces/_cells.html:product",
            export=lambda row: row.product.sku if row.product else "", place="meta",
        ),
        *numbers(("fulfillable", "To sell"), place="figure"),
        *numbers(
            ("reserved", "Reserved"), ("unsellable", "Unsellable"),
            ("researching", "Being looked for"), ("inbound", "On the way"),
            ("receiving", "Being received"), ("total", "In all"),
        ),
        Column(name="changed_at", title="Changed", kind="moment", place="desk wide"),
        AT,
    ),
)  # fmt: skip

LEDGER = page_of_marketplaces(
    "ledger",
    "Ledger of marketplaces",
    "Every movement in their warehouses. Two rows that are equal are two movements.",
    query=lambda asked: queries.events(
        **dated(asked), event=asked["event"], unreconciled=asked["open"] == "unreconciled"
    ),
    key=LedgerEvent.id,
    sort="-day",
    filters=(
        search(),
        Choice(name="event", label="Event", options=lambda: _distinct(LedgerEvent.event)),
        Choice(name="open", label="Open", options=OPEN),
        ACCOUNT, *SPAN,
    ),
    columns=(
        day(LedgerEvent),
        *goods(LedgerEvent),
        Column(name="event", title="Event", place="status"),
        Column(name="quantity", title="Quantity", kind="number", place="figure"),
        Column(name="reason", title="Reason", place="meta"),
        Column(name="disposition", title="Condition", place="meta"),
        Column(name="reference", title="Reference", kind="code", place="desk"),
        Column(name="warehouse", title="Warehouse", place="desk"),
        Column(name="country", title="Country", place="desk wide"),
        *numbers(("unreconciled", "Not explained")),
        AT,
    ),
)  # fmt: skip

DAYS = page_of_marketplaces(
    "days",
    "Ledger by day",
    "What each day began with, what happened, what it ended with.",
    query=lambda asked: queries.days(**dated(asked)),
    key=LedgerDay.id,
    sort="-day",
    filters=(search(), ACCOUNT, *SPAN),
    columns=(
        day(LedgerDay),
        Column(
            name="sku", title="SKU", kind="code", sort=LedgerDay.sku, place="name",
            is_required=True, is_link=True,
        ),
        Column(name="disposition", title="Condition", place="status"),
        *numbers(
            ("opening", "Opening"), ("receipts", "Received"), ("shipments", "Shipped"),
            ("returns", "Returned"), ("removals", "Removed"), ("found", "Found"),
            ("lost", "Lost"), ("damaged", "Damaged"), ("disposed", "Disposed"),
        ),
        *numbers(("closing", "Closing"), place="figure"),
        Column(name="country", title="Country", place="desk wide"),
        AT,
    ),
)  # fmt: skip

REIMBURSEMENTS = page_of_marketplaces(
    "reimbursements",
    "Reimbursements",
    "What marketplaces paid for goods. What they took back is negative.",
    query=lambda asked: queries.reimbursements(**dated(asked)),
    key=Reimbursement.id,
    sort="-day",
    filters=(search(", number, case or order"), ACCOUNT, *SPAN),
    columns=(
        day(Reimbursement),
        *goods(Reimbursement),
        Column(name="number", title="Number", kind="code", place="meta"),
        Column(name="reason", title="Reason", place="status"),
        *numbers(("paid_quantity", "Paid for"), ("given_quantity", "Given back")),
        Column(name="amount", title="Amount", kind="money", unit="currency", place="figure"),
        Column(
            name="currency", title="Currency", is_shown=False, place="desk",
        ),
        Column(name="case", title="Case", kind="code", place="desk"),
        Column(name="order_number", title="Order", kind="code", place="desk wide"),
        AT,
    ),
)  # fmt: skip

RETURNS = page_of_marketplaces(
    "returns",
    "Returns at marketplaces",
    "What buyers have sent back to their warehouses.",
    query=lambda asked: queries.returns(**dated(asked), disposition=asked["disposition"]),
    key=MarketplaceReturn.id,
    sort="-day",
    filters=(
        search(" or order"),
        Choice(
            name="disposition", label="Condition",
            options=lambda: _distinct(MarketplaceReturn.disposition),
        ),
        ACCOUNT, *SPAN,
    ),
    columns=(
        day(MarketplaceReturn),
        *goods(MarketplaceReturn),
        Column(name="order_number", title="Order", kind="code", place="meta"),
        Column(name="quantity", title="Quantity", kind="number", place="figure"),
        Column(name="disposition", title="Condition", place="status"),
        Column(name="reason", title="Reason", place="meta"),
        Column(name="status", title="What became of it", place="desk"),
        Column(name="comment", title="The buyer said", place="desk wide"),
        AT,
    ),
)  # fmt: skip

REMOVALS = page_of_marketplaces(
    "removals",
    "Removals",
    "What we had sent back from their warehouses, or disposed of.",
    query=lambda asked: queries.removals(**dated(asked)),
    key=Removal.id,
    sort="-day",
    filters=(search(" or order"), ACCOUNT, *SPAN),
    columns=(
        day(Removal),
        Column(
            name="sku", title="SKU", kind="code", sort=Removal.sku, place="name",
            is_required=True, is_link=True,
        ),
        Column(name="order_number", title="Order", kind="code", place="meta"),
        Column(name="kind", title="Kind", place="meta"),
        Column(name="status", title="State", place="status"),
        *numbers(("requested", "Requested"), place="figure"),
        *numbers(
            ("shipped", "Shipped"), ("disposed", "Disposed"), ("cancelled", "Cancelled"),
            ("in_process", "Under way"),
        ),
        Column(name="fee", title="Fee", kind="money", unit="currency", place="desk"),
        AT,
    ),
)  # fmt: skip


def _line(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row[0], name)


SHIPMENTS = page_of_marketplaces(
    "shipments",
    "Shipments to marketplaces",
    "What we sent to their warehouses, and what they say they received.",
    query=lambda asked: queries.shipment_lines(
        **common(asked), status=asked["status"], short=asked["differs"] == "short"
    ),
    key=InboundShipmentLine.id,
    sort="-shipment",
    is_joined=True,
    filters=(
        search(" or shipment"),
        Choice(name="differs", label="Received", options=SHORT),
        Choice(name="status", label="State", options=queries.SHIPMENT_STATES),
        ACCOUNT,
    ),
    columns=(
        Column(
            name="shipment", title="Shipment", kind="code", value=_line("shipment"),
            sort=InboundShipmentLine.shipment, place="name", is_required=True, is_link=True,
        ),
        Column(name="sku", title="SKU", kind="code", value=_line("sku"), place="code"),
        Column(name="name", title="Name", value=lambda row: row[1] or "", place="meta wrap"),
        Column(
            name="status", title="State", place="status",
            value=lambda row: queries.SHIPMENT_STATES.get(row[3], row[3] or "Not known"),
        ),
        Column(name="shipped", title="Sent", kind="number", value=_line("shipped")),
        Column(
            name="received", title="Received", kind="number", value=_line("received"),
            place="figure",
        ),
        Column(
            name="warehouse", title="Warehouse", value=lambda row: row[2] or "", place="desk"
        ),
    ),
)  # fmt: skip

FEES = page_of_marketplaces(
    "fees",
    "Estimated fees",
    "What a sale of each SKU is estimated to cost, by the sizes that they measured.",
    query=lambda asked: queries.fees(**common(asked)),
    key=FeeEstimate.id,
    sort="sku",
    filters=(search(" or ASIN"), ACCOUNT),
    columns=(
        *goods(FeeEstimate),
        *(
            Column(name=name, title=title, kind="money", unit="currency", place=place)
            for name, title, place in (
                ("price", "Price", ""), ("total", "Fees", "figure"),
                ("referral", "For the sale", ""), ("fulfilment", "For shipping", ""),
            )
        ),
        Column(name="currency", title="Currency", is_shown=False, place="desk"),
        Column(
            name="size", title="Size", place="meta",
            value=lambda row: size_of(
                [row.longest_side, row.median_side, row.shortest_side], row.unit_of_size
            ),
        ),
        Column(
            name="weight", title="Weight", place="meta",
            value=lambda row: size_of([row.weight], row.unit_of_weight),
        ),
        Column(name="size_tier", title="Size tier", place="desk"),
        AT,
    ),
)  # fmt: skip


def size_of(sides: Sequence[Any], unit: str) -> str:
    """Write a size for people; nothing, if a side is not known."""
    if any(side is None for side in sides):
        return ""
    return f"{' x '.join(f'{side:f}'.rstrip('0').rstrip('.') for side in sides)} {unit}".strip()


def _distinct(column: Any) -> list[tuple[Any, str]]:
    found = db.session.scalars(queries.words_of(column))
    return [(one, one) for one in found]
