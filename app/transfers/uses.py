"""What of transfers needs products and warehouses."""

from collections.abc import Sequence

from sqlalchemy import Select

from app.core.db import db
from app.transfers import queries
from app.transfers.models import transfer_number

NAMED = 3  # by number; the rest is counted


def uses_of_product(product_id: int) -> Sequence[str]:
    """Transfers by which some of a product goes from one warehouse to another."""
    return _said(queries.unfinished_with(product_id))


def uses_of_location(location_id: int) -> Sequence[str]:
    """Transfers from or to a warehouse that are not finished."""
    return _said(queries.unfinished_at(location_id))


def _said(transfers: Select[int]) -> list[str]:
    found = [transfer_number(number) for number in db.session.scalars(transfers)]
    if not found:
        return []
    more = f" and {len(found) - NAMED:,} more" if len(found) > NAMED else ""
    noun = "transfer" if len(found) == 1 else "transfers"
    return [f"{len(found)} unfinished {noun} ({', '.join(found[:NAMED])}{more})"]
