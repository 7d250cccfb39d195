"""What the books say beside what we ordered and received, product by product.

Documents and orders that hang together are compared as one: two bills of one order, one bill
of two. A purchase order of the books is held against what was ordered; bills against what has
come, at the prices that were ordered. What is not billed yet is no difference, nor is what was
sent back and has been billed: the vendor's credit follows. Credits do not come from the books,
so where goods went back it is said that nobody has compared those.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from app.core.db import db
from app.purchasing.models import PurchaseLine, PurchaseOrder
from app.purchasing.returning import returned_of
from app.vendor_bills import queries
from app.vendor_bills.models import VendorDocument, VendorDocumentLine
from app.vendor_bills.services.products import Compared, Product, compared_others

ZERO = Decimal(0)
CENT = Decimal("0.01")
CREDITS_UNKNOWN = (
    "Some of these goods went back. What the vendor credits for them does not come from the "
    "books: compare it there with what the returns expect."
)
Edge = tuple[int, tuple[str, int]]  # a document; its kind, and an order


class Comparison(NamedTuple):
    """Everything that some documents and orders have in common, and what differs.

    `remarks` say what nobody has compared, though the two sides may agree in all that was.
    """

    rows: Sequence[Compared]
    notes: Sequence[str]
    remarks: Sequence[str]
    currency: str

    @property
    def is_different(self) -> bool:
        """Tell whether the two sides disagree in anything."""
        return bool(self.notes) or any(row.says for row in self.rows)


class _Group(NamedTuple):
    """Documents of one kind and orders that hang together."""

    documents: Sequence[VendorDocument]
    orders: Sequence[PurchaseOrder]

    @property
    def currency(self) -> str:
        """That of the orders."""
        return self.orders[0].currency

    @property
    def lines(self) -> list[VendorDocumentLine]:
        """What the books say, without parts of bundles: the whole is charged."""
        return [line for one in self.documents for line in one.lines if not line.is_part]

    @property
    def is_billed(self) -> bool:
        """Tell whether it is about bills: those follow what has come."""
        return any(one.kind == "bill" for one in self.documents)


def compare(document_ids: Collection[int]) -> Mapping[int, Comparison]:
    """Compare documents that are matched with their orders: by document, with few queries."""
    found: dict[int, Comparison] = {}
    groups = [*_groups(document_ids)]
    returned = _returned([order for group in groups for order in group.orders])
    for group in groups:
        comparison = _compared(group, returned)
        found |= {one.id: comparison for one in group.documents}
    return {one: found[one] for one in document_ids if one in found}


def _groups(document_ids: Collection[int]) -> Iterator[_Group]:
    left = _edges(document_ids)
    documents = {
        one.id: one
        for one in db.session.scalars(queries.with_all_lines({one for one, _order in left}))
    }
    wanted = queries.orders({order for _one, (_kind, order) in left})
    orders = {one.id: one for one in db.session.scalars(wanted)}
    while left:
        first = min(left)
        here, there = {first[0]}, {first[1]}
        while joined := {edge for edge in left if edge[0] in here or edge[1] in there}:
            left -= joined
            here |= {one for one, _order in joined}
            there |= {order for _one, order in joined}
        yield _Group(
            [documents[one] for one in sorted(here)],
            [orders[order] for _kind, order in sorted(there)],
        )


def _edges(document_ids: Collection[int]) -> set[Edge]:
    """Follow documents to their orders, on to the documents of those, and so forth."""
    edges: set[Edge] = set()
    asked: dict[str, Collection[int]] = {"document_ids": document_ids}
    while True:
        rows = db.session.execute(queries.matched_of(**asked)).all()
        new = {(row.document_id, (row.kind, row.order_id)) for row in rows} - edges
        if not new:
            break
        edges |= new
        asked = {
            "document_ids": {one for one, _order in new},
            "order_ids": {order for _one, (_kind, order) in new},
        }
    return edges


def _returned(orders: Sequence[PurchaseOrder]) -> Mapping[int, Decimal]:
    """Give how much of each line of orders has gone back to its vendor."""
    lines = [line.id for order in orders for line in order.lines]
    of: dict[int, int] = dict(db.session.execute(queries.received_lines(lines)).all())
    returned: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for receipt_line_id, quantity in returned_of(of).items():
        returned[of[receipt_line_id]] += quantity
    return returned


def _compared(group: _Group, returned: Mapping[int, Decimal]) -> Comparison:
    theirs: dict[int | None, list[VendorDocumentLine]] = defaultdict(list)
    ours: dict[int | None, list[PurchaseLine]] = defaultdict(list)
    for said in group.lines:
        theirs[said.product_id].append(said)
    for line in (line for order in group.orders for line in order.lines):
        ours[line.product_id].append(line)
    products = [one for one in dict.fromkeys([*ours, *theirs]) if one is not None]
    rows = [
        Product(
            theirs[one],
            ours[one],
            is_billed=group.is_billed,
            returned=sum((returned.get(line.id, ZERO) for line in ours[one]), ZERO),
            currency=group.currency,
        ).compared
        for one in products
    ]
    rows += compared_others(theirs[None], ours[None], is_billed=group.is_billed)
    is_returned = group.is_billed and any(row.returned for row in rows)
    remarks = [CREDITS_UNKNOWN] if is_returned else []
    return Comparison(rows, [*_notes(group)], remarks, group.currency)


def _notes(group: _Group) -> Iterator[str]:
    """Say what differs between the heads of both sides."""
    for order in group.orders:
        if order.status == "cancelled":
            yield f"{order.number} is cancelled."
        for one in group.documents:
            if one.vendor_id not in {order.vendor_id, None}:
                yield f"{one} is of {one.vendor_name}, {order.number} of {order.vendor_name}."
            if one.currency != order.currency:
                yield f"{one} is in {one.currency}, {order.number} in {order.currency}."
    total = sum((one.total for one in group.documents), ZERO)
    ordered = sum((order.total for order in group.orders), ZERO)
    if not group.is_billed and abs(total - ordered) > CENT:
        yield f"In all {total:,.2f} there, {ordered:,.2f} here, with tax."
