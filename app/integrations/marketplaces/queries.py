"""Selects over what marketplaces keep of ours."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import joinedload

from app.integrations.hub.models import Connection
from app.integrations.marketplaces.models import (
    FeeEstimate,
    InboundShipment,
    InboundShipmentLine,
    LedgerDay,
    LedgerEvent,
    MarketplaceReturn,
    MarketplaceStock,
    Reimbursement,
    Removal,
)

EVERY: ColumnElement[bool] = true()
STOCK_SORTS = {"sku": MarketplaceStock.sku, "id": MarketplaceStock.id}
EVENT_SORTS = {"day": LedgerEvent.day, "id": LedgerEvent.id}
DAY_SORTS = {"day": LedgerDay.day, "id": LedgerDay.id}
REIMBURSEMENT_SORTS = {"day": Reimbursement.day, "id": Reimbursement.id}
RETURN_SORTS = {"day": MarketplaceReturn.day, "id": MarketplaceReturn.id}
REMOVAL_SORTS = {"day": Removal.day, "id": Removal.id}
LINE_SORTS = {"shipment": InboundShipmentLine.shipment, "id": InboundShipmentLine.id}
FEE_SORTS = {"sku": FeeEstimate.sku, "id": FeeEstimate.id}
SHORT = and_(
    InboundShipment.status == "CLOSED",
    InboundShipmentLine.received < InboundShipmentLine.shipped,
)
SHIPMENT_STATES = {
    "WORKING": "Being made ready", "SHIPPED": "Shipped", "IN_TRANSIT": "On its way",
    "DELIVERED": "Delivered", "CHECKED_IN": "Checked in", "RECEIVING": "Being received",
    "CLOSED": "Closed", "CANCELLED": "Cancelled", "DELETED": "Deleted", "ERROR": "In error",
}  # fmt: skip
STATES = {"unknown": "No product of ours", "unsellable": "Some cannot be sold"}


def stock(
    *, search: str = "", connection_id: int | None = None, state: str = ""
) -> Select[MarketplaceStock]:
    """What lies there. `state` is one of STATES."""
    states = {
        "unknown": MarketplaceStock.product_id.is_(None),
        "unsellable": MarketplaceStock.unsellable > 0,
    }
    loaded = joinedload(MarketplaceStock.connection), joinedload(MarketplaceStock.product)
    return (
        select(MarketplaceStock)
        .options(*loaded)
        .where(
            _named(MarketplaceStock, search, "sku", "fnsku", "asin"),
            _of(MarketplaceStock, connection_id),
            states.get(state, EVERY),
        )
    )


def events(
    *, search: str = "", connection_id: int | None = None, event: str = "",
    since: date | None = None, until: date | None = None, unreconciled: bool = False,
) -> Select[LedgerEvent]:  # fmt: skip
    """Rows of ledgers; those that are `unreconciled` nobody has explained."""
    return _dated(LedgerEvent, search, connection_id, since, until).where(
        LedgerEvent.event == event if event else EVERY,
        LedgerEvent.unreconciled > 0 if unreconciled else EVERY,
    )


def days(
    *, search: str = "", connection_id: int | None = None,
    since: date | None = None, until: date | None = None,
) -> Select[LedgerDay]:  # fmt: skip
    """Days of SKUs."""
    return _dated(LedgerDay, search, connection_id, since, until)


def reimbursements(
    *, search: str = "", connection_id: int | None = None,
    since: date | None = None, until: date | None = None,
) -> Select[Reimbursement]:  # fmt: skip
    """What was paid for goods."""
    return _dated(
        Reimbursement, search, connection_id, since, until, "number", "case", "order_number"
    )


def returns(
    *, search: str = "", connection_id: int | None = None, disposition: str = "",
    since: date | None = None, until: date | None = None,
) -> Select[MarketplaceReturn]:  # fmt: skip
    """What buyers have sent back."""
    found = _dated(MarketplaceReturn, search, connection_id, since, until, "order_number")
    return found.where(MarketplaceReturn.disposition == disposition if disposition else EVERY)


def removals(
    *, search: str = "", connection_id: int | None = None,
    since: date | None = None, until: date | None = None,
) -> Select[Removal]:  # fmt: skip
    """What we had sent back or disposed of."""
    return _dated(Removal, search, connection_id, since, until, "order_number")


def shipment_lines(
    *, search: str = "", connection_id: int | None = None, status: str = "",
    short: bool = False,
) -> Select[Any]:  # fmt: skip
    """What is in shipments, with each one's name, warehouse and status; the last first."""
    shipment = and_(
        InboundShipment.connection_id == InboundShipmentLine.connection_id,
        InboundShipment.external_id == InboundShipmentLine.shipment,
    )
    columns = InboundShipment.name, InboundShipment.warehouse, InboundShipment.status
    found: Any = (
        select(InboundShipmentLine, *columns)
        .outerjoin(InboundShipment, shipment)
        .where(
            _named(InboundShipmentLine, search, "sku", "fnsku", "shipment"),
            _of(InboundShipmentLine, connection_id),
            InboundShipment.status == status if status else EVERY,
            SHORT if short else EVERY,
        )
    )
    return found


def fees(*, search: str = "", connection_id: int | None = None) -> Select[FeeEstimate]:
    """What sales are estimated to cost."""
    mine = select(FeeEstimate).options(joinedload(FeeEstimate.connection))
    return mine.where(
        _named(FeeEstimate, search, "sku", "fnsku", "asin"), _of(FeeEstimate, connection_id)
    )


def marketplace_connections() -> Select[Connection]:
    """Connections by which a marketplace tells of stock."""
    named = select(MarketplaceStock.connection_id).distinct()
    return select(Connection).where(Connection.id.in_(named)).order_by(Connection.id)


def of_system(query: Select[Any], model: Any, system: str) -> Select[Any]:
    """Those of the connections of one system."""
    mine = select(Connection.id).where(Connection.system == system)
    return query.where(model.connection_id.in_(mine))


def words_of(column: Any) -> Select[Any]:
    """The words that stand in a column, each once."""
    return select(column).distinct().order_by(column)


def _dated(
    model: Any, search: str, connection_id: int | None, since: date | None,
    until: date | None, *names: str,
) -> Select[Any]:  # fmt: skip
    return (
        select(model)
        .options(joinedload(model.connection))
        .where(
            _named(model, search, "sku", "fnsku", *names),
            _of(model, connection_id),
            model.day >= since if since else EVERY,
            model.day <= until if until else EVERY,
        )
    )


def _named(model: Any, search: str, *names: str) -> ColumnElement[bool]:
    """What is typed is a whole number or SKU, in letters of either case."""
    text = search.strip()
    if not text:
        return EVERY
    return or_(
        *(getattr(model, name).in_({text, text.upper(), text.lower()}) for name in names)
    )


def _of(model: Any, connection_id: int | None) -> ColumnElement[bool]:
    return EVERY if connection_id is None else model.connection_id == connection_id
