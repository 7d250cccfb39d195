"""What others ask of returns: what is in them of a receipt, and what they are called."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from app.core.db import db
from app.vendor_returns import queries
from app.vendor_returns.models import VendorReturn, return_number


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
