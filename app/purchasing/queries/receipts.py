"""Selects over what came of deliveries."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, Select, SQLColumnExpression, cast, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.catalog.models import Vendor
from app.core.codes import id_in
from app.core.search import has_part
from app.purchasing.models import (
    RECEIVED,
    GoodsReceipt,
    GoodsReceiptLine,
    PurchaseOrder,
)
from app.stock.models import Balance, Movement

RECEIPT = "goods_receipt"  # what movements of deliveries name as their document
RECEIPT_SORTS: dict[str, SQLColumnExpression[Any]] = {"number": GoodsReceipt.id}


def receipt_line(receipt_id: int, line_id: int) -> Select[GoodsReceiptLine]:
    """A line of a receipt."""
    of = GoodsReceiptLine
    return select(of).where(of.id == line_id, of.receipt_id == receipt_id)


def movement_decided(receipt_id: int, line: GoodsReceiptLine) -> Select[Movement]:
    """The movement by which a line of a receipt left where it was put aside, as it stands."""
    back = aliased(Movement)
    return (
        select(Movement)
        .where(
            Movement.document_type == RECEIPT,
            Movement.document_id == receipt_id,
            Movement.product_id == line.product_id,
            Movement.from_location_id == line.location_id,
            Movement.quantity == line.quantity,
            Movement.reverses_id.is_(None),
            Movement.id.not_in(
                select(back.reverses_id)
                .where(back.document_type == RECEIPT, back.document_id == receipt_id)
                .where(back.reverses_id.is_not(None))
            ),
        )
        .order_by(Movement.id.desc())
    )


def receipts(
    *,
    search: str = "",
    vendor_id: int | None = None,
    since: date | None = None,
    until: date | None = None,
    has_aside: bool = False,
    is_undecided: bool = False,
) -> Select[GoodsReceipt]:
    """Receipts that a search and all the filters given let through.

    `search` is our number or theirs: that of the order, or of the delivery.
    """
    query = (
        select(GoodsReceipt)
        .outerjoin(GoodsReceipt.order)
        .outerjoin(Vendor, Vendor.id == GoodsReceipt.vendor_id)
    )
    if term := search.strip():
        number = id_in(term, prefix="GR-")
        named = [
            has_part(
                term,
                codes=(PurchaseOrder.number, GoodsReceipt.delivery_note),
                names=(Vendor.name,),
            )
        ]
        if number is not None:
            named.append(GoodsReceipt.id == number)
        query = query.where(or_(*named))
    if vendor_id is not None:
        query = query.where(GoodsReceipt.vendor_id == vendor_id)
    if since:
        query = query.where(cast(GoodsReceipt.created_at, Date) >= since)
    if until:
        query = query.where(cast(GoodsReceipt.created_at, Date) <= until)
    if has_aside:
        query = query.where(GoodsReceipt.lines.any(GoodsReceiptLine.condition != "good"))
    if is_undecided:
        undecided = (GoodsReceiptLine.condition != "good") & GoodsReceiptLine.decision.is_(None)
        query = query.where(GoodsReceipt.lines.any(undecided), GoodsReceipt.undone_at.is_(None))
    return query


def receipt(receipt_id: int) -> Select[GoodsReceipt]:
    """One receipt with all that its page names."""
    return with_receipt_lines(select(GoodsReceipt)).where(GoodsReceipt.id == receipt_id)


def receipts_of(order_id: int) -> Select[GoodsReceipt]:
    """What came of an order, the newest first."""
    found = with_receipt_lines(select(GoodsReceipt)).where(GoodsReceipt.order_id == order_id)
    return found.order_by(GoodsReceipt.id.desc())


def receipt_with_key(key: str) -> Select[GoodsReceipt]:
    """The receipt that was made under a key."""
    return with_receipt_lines(select(GoodsReceipt)).where(GoodsReceipt.key == key)


def received_of(line_ids: Collection[int]) -> Select[int | None, Decimal]:
    """What has come of lines, counted from the receipts that are not undone."""
    return (
        select(GoodsReceiptLine.order_line_id, func.sum(GoodsReceiptLine.quantity))
        .join(GoodsReceiptLine.receipt)
        .where(
            GoodsReceiptLine.order_line_id.in_(line_ids),
            GoodsReceiptLine.condition.in_(RECEIVED),
            GoodsReceipt.undone_at.is_(None),
        )
        .group_by(GoodsReceiptLine.order_line_id)
    )


def receipt_orders(receipt_ids: Collection[int]) -> Select[int, str | None]:
    """Some receipts by id, each with the number of its order."""
    return (
        select(GoodsReceipt.id, PurchaseOrder.number)
        .outerjoin(GoodsReceipt.order)
        .where(GoodsReceipt.id.in_(receipt_ids))
    )


def left_of(
    product_ids: Collection[int], location_ids: Collection[int]
) -> Select[int, int, int | None, Decimal]:
    """What of products still lies at places and is not reserved, by lot."""
    left = func.sum(Balance.on_hand - Balance.reserved)
    return (
        select(Balance.product_id, Balance.location_id, Balance.lot_id, left.label("left"))
        .where(Balance.product_id.in_(product_ids), Balance.location_id.in_(location_ids))
        .group_by(Balance.product_id, Balance.location_id, Balance.lot_id)
    )


def with_receipt_lines(found: Select[GoodsReceipt]) -> Select[GoodsReceipt]:
    """Receipts with all that is said of their lines."""
    lines = selectinload(GoodsReceipt.lines)
    return found.options(
        lines.joinedload(GoodsReceiptLine.product),
        lines.joinedload(GoodsReceiptLine.location),
        lines.joinedload(GoodsReceiptLine.lot),
        lines.joinedload(GoodsReceiptLine.order_line),
        lines.joinedload(GoodsReceiptLine.decided_by),
        joinedload(GoodsReceipt.order),
        joinedload(GoodsReceipt.vendor),
        joinedload(GoodsReceipt.shipment),
        joinedload(GoodsReceipt.actor),
        joinedload(GoodsReceipt.undone_by),
    )
