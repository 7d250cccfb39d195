"""What people type or scan, and the warehouse, product or place they mean by it."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from app.catalog.services.matching import find_products
from app.core.db import db
from app.core.errors import Invalid
from app.purchasing.services import find_warehouse
from app.stock import services as stock
from app.stock.models import Location
from app.transfers import queries
from app.transfers.models import Transfer, transfer_number


def find_product(code: str) -> int:
    """Find a product by its SKU or a barcode.

    Raises:
        Invalid: There is none, or more than one.
    """
    found = find_products([code])
    if code in found.doubtful:
        raise Invalid("sku", f"Several products have the code {code}: choose one.")
    if code not in found.matches:
        raise Invalid("sku", f"There is no product {code}.")
    return found.matches[code].product.id


def warehouse_called(field: str, code: str) -> int:
    """Find a warehouse by its code, or that of anything in it; `field` is what names it.

    Raises:
        Invalid: There is none.
    """
    try:
        return find_warehouse(code)
    except Invalid as error:
        raise Invalid(field, f"There is no warehouse {code}.") from error


def place_in(warehouse: Location, code: str) -> int | None:
    """Find where in a warehouse something is put; None where nobody says it.

    Raises:
        Invalid: There is no such location, or it is elsewhere.
    """
    if not code:
        return None
    found = stock.find_location(code)
    if db.session.scalar(queries.bin_in(warehouse, found)) is None:
        raise Invalid("location", f"{code} is no place in {warehouse.code}.")
    return found


def numbers_of(transfer_ids: Collection[int]) -> Mapping[int, str]:
    """Give the numbers of some transfers, by id."""
    known = db.session.scalars(select(Transfer.id).where(Transfer.id.in_(transfer_ids)))
    return {number: transfer_number(number) for number in known}
