"""Selects over transfers. Nothing here executes: callers fetch or page."""

from datetime import date
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, Text, cast, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.catalog.models import Product
from app.core.codes import id_in
from app.core.search import has_part
from app.stock.models import HOLDS_STOCK, TRANSIT, Location
from app.transfers.models import STATES, Transfer, TransferLine, TransferPart, TransferStep

TRANSFER = "transfer"  # what movements of transfers name as their document
STATES_OF_LIST = ("open", "late")  # beside the single states
SORTS: dict[str, SQLColumnExpression[Any]] = {
    "number": Transfer.id,
    "expected": Transfer.expected_on,
}
_NUMBER = cast(Transfer.id, Text)
WIDTH = func.greatest(6, func.length(_NUMBER))
WRITTEN = func.concat("TR-", func.lpad(_NUMBER, WIDTH, "0"))  # as `transfer_number`
ON_THE_WAY = TransferLine.sent + TransferLine.found - TransferLine.received - TransferLine.lost
# As the index says it.
IS_ON_THE_WAY = TransferLine.sent + TransferLine.found > (
    TransferLine.received + TransferLine.lost
)


def transfers(
    *,
    search: str = "",
    status: str = "",
    source_id: int | None = None,
    destination_id: int | None = None,
    today: date | None = None,
) -> Select[Transfer]:
    """Transfers that a search and all the filters let through, with what lists name of them.

    `status` is one of them, `open` for all that is on the way, or `late` for what of that
    should have come before `today`.
    """
    query = select(Transfer).options(
        joinedload(Transfer.source, innerjoin=True),
        joinedload(Transfer.destination, innerjoin=True),
        joinedload(Transfer.actor),
        selectinload(Transfer.lines).joinedload(TransferLine.product, innerjoin=True),
    )
    if source_id is not None:
        query = query.where(Transfer.source_id == source_id)
    if destination_id is not None:
        query = query.where(Transfer.destination_id == destination_id)
    if status in STATES_OF_LIST:
        query = query.where(Transfer.status.in_(STATES.open))
        if status == "late":
            query = query.where(Transfer.expected_on < today)
    elif status:
        query = query.where(Transfer.status == status)
    return _searched(query, search.strip()) if search.strip() else query


def _searched(query: Select[Transfer], term: str) -> Select[Transfer]:
    number = id_in(term, prefix="TR-")
    product = TransferLine.product.has(
        has_part(term, codes=(Product.sku,), names=(Product.name,))
    )
    found = [Transfer.lines.any(product)]
    if number is not None:
        found.append(Transfer.id == number)
    return query.where(or_(*found))


def transfer(transfer_id: int) -> Select[Transfer]:
    """One transfer with its lines and its steps, and all that its page names."""
    parts = selectinload(Transfer.steps).selectinload(TransferStep.parts)
    return (
        transfers()
        .options(
            selectinload(Transfer.steps).joinedload(TransferStep.actor),
            selectinload(Transfer.steps).joinedload(TransferStep.undone_by),
            parts.joinedload(TransferPart.location, innerjoin=True),
            parts.joinedload(TransferPart.lot),
            parts.joinedload(TransferPart.line, innerjoin=True).joinedload(
                TransferLine.product, innerjoin=True
            ),
        )
        .where(Transfer.id == transfer_id)
    )


def transfer_with_key(key: str) -> Select[Transfer]:
    """The transfer that was asked for by a key."""
    return select(Transfer).where(Transfer.key == key)


def step_with_key(key: str) -> Select[TransferStep]:
    """The step that was asked for by a key."""
    return select(TransferStep).where(TransferStep.key == key)


def step(transfer_id: int, step_id: int) -> Select[TransferStep]:
    """A step of a transfer."""
    return select(TransferStep).where(
        TransferStep.id == step_id, TransferStep.transfer_id == transfer_id
    )


def counted_of(transfer_id: int) -> Select[*tuple[Any, ...]]:
    """What the steps of a transfer that stand come to: line, kind, word, quantity."""
    return (
        select(
            TransferPart.line_id,
            TransferStep.kind,
            TransferPart.word,
            func.sum(TransferPart.quantity),
        )
        .join(TransferPart.step)
        .where(TransferStep.transfer_id == transfer_id, TransferStep.undone_at.is_(None))
        .group_by(TransferPart.line_id, TransferStep.kind, TransferPart.word)
    )


def transit_of(source_id: int, destination_id: int) -> Select[int | None]:
    """Where the goods lie that are on their way from one warehouse to another."""
    return (
        select(Transfer.transit_id)
        .where(
            Transfer.source_id == source_id,
            Transfer.destination_id == destination_id,
            Transfer.transit_id.is_not(None),
        )
        .order_by(Transfer.id.desc())
        .limit(1)
    )


def warehouses() -> Select[Location]:
    """The warehouses between which goods may go."""
    ours = Location.kind == "warehouse"
    return select(Location).where(ours, Location.is_active).order_by(Location.code)


def bin_in(warehouse: Location, location_id: int) -> Select[int]:
    """A location in a warehouse that takes goods."""
    return select(Location.id).where(
        Location.id == location_id,
        Location.kind.in_(HOLDS_STOCK),
        Location.kind != TRANSIT,
        Location.path.startswith(warehouse.path, autoescape=True),
    )


def incoming() -> Select[*tuple[Any, ...]]:
    """What is on the way, as `app.stock.incoming` wants it."""
    return (
        select(
            TransferLine.product_id,
            ON_THE_WAY.label("quantity"),
            Transfer.expected_on.label("due_on"),
            Transfer.destination_id.label("warehouse_id"),
            Transfer.id.label("document_id"),
            WRITTEN.label("document"),
            func.concat("/transfer-orders/", Transfer.id).label("href"),
        )
        .join(TransferLine.transfer)
        .where(IS_ON_THE_WAY)
    )


def unfinished_with(product_id: int) -> Select[int]:
    """Transfers of which some of a product is on the way, or is to be sent."""
    some = TransferLine.product_id == product_id
    rest = or_(IS_ON_THE_WAY, Transfer.status == "draft")
    return select(Transfer.id).join(Transfer.lines).where(some, rest).order_by(Transfer.id)


def unfinished_at(location_id: int) -> Select[int]:
    """Transfers from or to a warehouse that are not finished."""
    either = or_(Transfer.source_id == location_id, Transfer.destination_id == location_id)
    unfinished = Transfer.status.in_(("draft", *STATES.open))
    return select(Transfer.id).where(either, unfinished).order_by(Transfer.id)
