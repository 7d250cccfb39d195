"""What has gone back of receipts, what may still, and how returns are called."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from app.core.db import db, locked
from app.purchasing.models import GoodsReceiptLine
from app.vendor_returns import queries
from app.vendor_returns.models import VendorReturn, return_number

ZERO = Decimal(0)


class Returnable(NamedTuple):
    """A line of a receipt, and how much of it may still go back."""

    line: GoodsReceiptLine
    quantity: Decimal
    is_aside: bool


def returnable_of(receipt_id: int) -> list[Returnable]:
    """Say of the lines of a receipt, as far as they are products, how much may go back."""
    ids = [*db.session.scalars(queries.lines_of_receipt(receipt_id))]
    return [one for one in lines_that_came(ids).values() if one.quantity > 0]


def reserved_of_receipts(line_ids: Collection[int]) -> Mapping[int, Decimal]:
    """Say how much of lines of receipts is in returns that are not cancelled."""
    rows: dict[Any, Any] = dict(db.session.execute(queries.returned_of(line_ids)).all())
    return rows


def returns_of_posting(posting_id: int) -> list[VendorReturn]:
    """Give the returns whose goods went back by a posting."""
    query = queries.returns().where(VendorReturn.posting_id == posting_id)
    return [*db.session.scalars(query.order_by(VendorReturn.id))]


def returned_of(line_ids: Collection[int]) -> Mapping[int, Decimal]:
    """Say how much of lines of receipts has left for their vendor, as `purchasing` asks it."""
    rows: dict[Any, Any] = dict(db.session.execute(queries.gone_of(line_ids)).all())
    return rows


def numbers_of(return_ids: Collection[int]) -> Mapping[int, str]:
    """Give the numbers of some returns, by id."""
    known = db.session.scalars(queries.numbered(return_ids))
    return {number: return_number(number) for number in known}


def lines_that_came(line_ids: Collection[int]) -> dict[int, Returnable]:
    """Lines of receipts, locked, with what of them is not in another return."""
    ids = sorted({*line_ids})
    lines = db.session.scalars(locked(queries.receipt_lines(ids), GoodsReceiptLine)).all()
    returned: dict[Any, Any] = dict(db.session.execute(queries.returned_of(ids)).all())
    found = {}
    for line in lines:
        is_gone = line.receipt.is_undone or line.decision in ("sent_back", "written_off")
        left = ZERO if is_gone else line.quantity - returned.get(line.id, ZERO)
        is_aside = line.condition != "good" and line.decision is None
        found[line.id] = Returnable(line, left, is_aside)
    return found
