"""Selects over returns to vendors. Nothing here executes: callers fetch or page."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.catalog.models import Product, Vendor, VendorPart
from app.core.codes import id_in
from app.core.search import has_part
from app.purchasing.models import GoodsReceipt, GoodsReceiptLine, PurchaseLine
from app.stock.models import Location, Movement
from app.vendor_returns.models import VendorReturn, VendorReturnLine

RETURN = "vendor_return"  # what movements of returns name as their document
SORTS: dict[str, SQLColumnExpression[Any]] = {"number": VendorReturn.id}


def returns(
    *, search: str = "", status: str = "", vendor_id: int | None = None
) -> Select[VendorReturn]:
    """Returns that a search and the filters let through, with all that lists name of them."""
    query = (
        select(VendorReturn)
        .join(VendorReturn.vendor)
        .options(
            joinedload(VendorReturn.vendor, innerjoin=True),
            joinedload(VendorReturn.warehouse, innerjoin=True),
            joinedload(VendorReturn.actor),
            selectinload(VendorReturn.lines).joinedload(
                VendorReturnLine.product, innerjoin=True
            ),
        )
    )
    if status:
        query = query.where(VendorReturn.status == status)
    if vendor_id is not None:
        query = query.where(VendorReturn.vendor_id == vendor_id)
    if term := search.strip():
        number = id_in(term, prefix="VR-")
        found = [
            has_part(
                term,
                codes=(VendorReturn.their_reference, VendorReturn.credit_note),
                names=(Vendor.name,),
            ),
            VendorReturn.lines.any(
                VendorReturnLine.product.has(has_part(term, codes=(Product.sku,)))
            ),
        ]
        if number is not None:
            found.append(VendorReturn.id == number)
        query = query.where(or_(*found))
    return query


def vendor_return(return_id: int) -> Select[VendorReturn]:
    """One return with its lines, and what those came by."""
    came = selectinload(VendorReturn.lines).joinedload(VendorReturnLine.receipt_line)
    return (
        returns()
        .options(came.joinedload(GoodsReceiptLine.receipt))
        .where(VendorReturn.id == return_id)
    )


def return_with_key(key: str) -> Select[VendorReturn]:
    """The return that was asked for by a key."""
    return select(VendorReturn).where(VendorReturn.key == key)


def receipt_lines(line_ids: Collection[int]) -> Select[GoodsReceiptLine]:
    """Lines of receipts with all that a return asks of them, locked."""
    return (
        select(GoodsReceiptLine)
        .options(
            joinedload(GoodsReceiptLine.receipt, innerjoin=True).joinedload(GoodsReceipt.order),
            joinedload(GoodsReceiptLine.product),
            joinedload(GoodsReceiptLine.order_line).joinedload(PurchaseLine.product),
            joinedload(GoodsReceiptLine.location),
        )
        .where(GoodsReceiptLine.id.in_(line_ids))
        .order_by(GoodsReceiptLine.id)
    )


def receipts_of(return_id: int) -> Select[GoodsReceipt]:
    """The receipts by which goods of a return came, by id: so that locks do not cross."""
    lines = select(GoodsReceiptLine.receipt_id).join(
        VendorReturnLine, VendorReturnLine.receipt_line_id == GoodsReceiptLine.id
    )
    mine = lines.where(VendorReturnLine.return_id == return_id)
    return select(GoodsReceipt).where(GoodsReceipt.id.in_(mine)).order_by(GoodsReceipt.id)


def lines_of_receipt(receipt_id: int) -> Select[int]:
    """The ids of a receipt's lines about products of ours."""
    of = GoodsReceiptLine
    return (
        select(of.id)
        .where(of.receipt_id == receipt_id, of.product_id.is_not(None))
        .order_by(of.id)
    )


def returned_of(line_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """How much of lines of receipts is in returns that stand, by line."""
    return _sums_of(line_ids, VendorReturn.status != "cancelled")


def gone_of(line_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """How much of lines of receipts has left for their vendor, by line."""
    return _sums_of(line_ids, VendorReturn.posting_id.is_not(None))


def _sums_of(line_ids: Collection[int], which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    of = VendorReturnLine
    return (
        select(of.receipt_line_id, func.sum(of.quantity))
        .join(of.vendor_return)
        .where(of.receipt_line_id.in_(line_ids), which)
        .group_by(of.receipt_line_id)
    )


def movements_of(found: VendorReturn) -> Select[Movement]:
    """What left by a return, from where."""
    return (
        select(Movement)
        .options(
            joinedload(Movement.product, innerjoin=True),
            joinedload(Movement.from_location, innerjoin=True),
        )
        .where(Movement.posting_id == found.posting_id)
        .order_by(Movement.id)
    )


def part_numbers(vendor_id: int, product_ids: Collection[int]) -> Select[int, str]:
    """What a vendor calls products, the usual number last."""
    of = VendorPart
    return (
        select(of.product_id, of.part_number)
        .where(of.vendor_id == vendor_id, of.product_id.in_(product_ids))
        .order_by(of.id.desc())
    )


def numbered(return_ids: Collection[int]) -> Select[int]:
    """Those of some ids that are returns to vendors."""
    return select(VendorReturn.id).where(VendorReturn.id.in_(return_ids))


def warehouses() -> Select[Location]:
    """The warehouses that goods may leave."""
    ours = Location.kind == "warehouse"
    return select(Location).where(ours, Location.is_active).order_by(Location.code)
