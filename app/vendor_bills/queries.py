"""Selects over documents of vendors. Nothing here executes: callers fetch or page."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.core.words import has_words
from app.purchasing.models import GoodsReceipt, GoodsReceiptLine, PurchaseOrder
from app.purchasing.queries import with_lines
from app.vendor_bills.models import OrderMatch, VendorDocument

SORTS: dict[str, SQLColumnExpression[Any]] = {
    "id": VendorDocument.id,
    "date": VendorDocument.document_date,
}
STATES = {
    "proposed": "To decide",
    "matched": "Matched",
    "differs": "Differs",
    "unmatched": "Not matched",
    "apart": "About no order",
}


def documents(
    *, search: str = "", kind: str = "", state: str = "", vendor_id: int | None = None
) -> Select[VendorDocument]:
    """Documents of connected accounts that a search and all the filters given let through."""
    query = select(VendorDocument).where(VendorDocument.is_listed)
    if search.strip():
        query = query.where(has_words(VendorDocument.search, search))
    if kind:
        query = query.where(VendorDocument.kind == kind)
    if vendor_id is not None:
        query = query.where(VendorDocument.vendor_id == vendor_id)
    matches = selectinload(VendorDocument.matches)
    return _in_state(query, state).options(
        matches.joinedload(OrderMatch.order, innerjoin=True),
        matches.joinedload(OrderMatch.decided_by),
    )


def _in_state(query: Select[Any], state: str) -> Select[Any]:
    matched = VendorDocument.matches.any(OrderMatch.state == "matched")
    proposed = VendorDocument.matches.any(OrderMatch.state == "proposed")
    is_settled = VendorDocument.is_settled
    conditions = {
        "matched": (matched,),
        "differs": (
            matched,
            VendorDocument.is_different.is_(True),
            VendorDocument.is_active,
            ~VendorDocument.is_void,
        ),
        "proposed": (~is_settled, proposed),
        "unmatched": (~is_settled, ~proposed),
        "apart": (is_settled, ~matched),
    }
    return query.where(*conditions.get(state, ()))


def document(document_id: int) -> Select[VendorDocument]:
    """One document with its lines, and what it is about."""
    matches = selectinload(VendorDocument.matches)
    return (
        select(VendorDocument)
        .options(
            joinedload(VendorDocument.vendor),
            selectinload(VendorDocument.lines),
            matches.joinedload(OrderMatch.order, innerjoin=True),
            matches.joinedload(OrderMatch.decided_by),
        )
        .where(VendorDocument.id == document_id)
    )


def documents_of_order(order_id: int) -> Select[VendorDocument]:
    """Documents that are about an order, or may be; the newest first."""
    about = VendorDocument.matches.any(
        (OrderMatch.order_id == order_id) & (OrderMatch.state != "refused")
    )
    newest = VendorDocument.document_date.desc(), VendorDocument.id.desc()
    return documents().where(about).order_by(*newest)


def counts_of_vendor(vendor_id: int) -> Select[*tuple[Any, ...]]:
    """How many documents there are of a vendor, and how many somebody is asked about."""
    waiting = VendorDocument.matches.any(OrderMatch.state == "proposed")
    asked = ~VendorDocument.is_settled & waiting
    return select(func.count(), func.count().filter(asked)).where(
        VendorDocument.is_listed, VendorDocument.vendor_id == vendor_id
    )


def matched_of(
    *, document_ids: Collection[int] = (), order_ids: Collection[int] = ()
) -> Select[*tuple[Any, ...]]:
    """Which documents that count are about which orders: of some documents, or some orders."""
    of = OrderMatch
    named = of.document_id.in_(document_ids) | of.order_id.in_(order_ids)
    return (
        select(of.document_id, of.order_id, VendorDocument.kind)
        .join(of.document)
        .where(named, of.state == "matched", VendorDocument.is_active, ~VendorDocument.is_void)
        .where(VendorDocument.is_listed)
    )


def uncompared(*, most: int) -> Select[int]:
    """Documents that are new, or have changed since they were compared last."""
    of = VendorDocument
    return select(of.id).where(of.is_different.is_(None)).order_by(of.id).limit(most)


def beside(document_ids: Collection[int], order_ids: Collection[int]) -> Select[int]:
    """Documents, and all that have to do with the same orders, or with some orders."""
    mine = select(OrderMatch.order_id).where(OrderMatch.document_id.in_(document_ids))
    shared = OrderMatch.order_id.in_(mine) | OrderMatch.order_id.in_(order_ids)
    about = select(OrderMatch.document_id).where(shared)
    of = VendorDocument
    return select(of.id).where(of.id.in_(document_ids) | of.id.in_(about)).order_by(of.id)


def matched_after(document_id: int, *, most: int) -> Select[int]:
    """The next documents that are matched, in the order of their ids."""
    query = _in_state(select(VendorDocument.id), "matched")
    return query.where(VendorDocument.id > document_id).order_by(VendorDocument.id).limit(most)


def decided_for(order_id: int) -> Select[int]:
    """Whether anything is, or was, matched with an order: a row if so."""
    decided = select(OrderMatch.id).where(OrderMatch.order_id == order_id)
    return decided.where(OrderMatch.state != "proposed").limit(1)


def with_all_lines(document_ids: Collection[int]) -> Select[VendorDocument]:
    """Documents with their lines."""
    query = select(VendorDocument).options(selectinload(VendorDocument.lines))
    return query.where(VendorDocument.id.in_(document_ids))


def orders(order_ids: Collection[int]) -> Select[PurchaseOrder]:
    """Orders with their lines and products."""
    return with_lines(select(PurchaseOrder)).where(PurchaseOrder.id.in_(order_ids))


def received_lines(order_line_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """The lines of receipts that stand, by the line of the order that they are of."""
    of = GoodsReceiptLine
    return (
        select(of.id, of.order_line_id)
        .join(of.receipt)
        .where(of.order_line_id.in_(order_line_ids), GoodsReceipt.undone_at.is_(None))
    )


def twins_of(found: VendorDocument) -> Select[VendorDocument]:
    """Other documents of the same kind, vendor and number, however it is written."""
    of = VendorDocument
    return select(of).where(
        of.system == found.system,
        of.account == found.account,
        of.kind == found.kind,
        of.vendor_ref == found.vendor_ref,
        of.number_key == func.code_key(found.number),
        of.number_key != "",
        of.id != found.id,
        of.is_active,
        ~of.is_void,
    )


def order_match(document_id: int, order_id: int) -> Select[OrderMatch]:
    """What was said of a document and an order."""
    return select(OrderMatch).where(
        OrderMatch.document_id == document_id, OrderMatch.order_id == order_id
    )
