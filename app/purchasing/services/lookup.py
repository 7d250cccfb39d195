"""What people type or scan, and the vendor, warehouse or product they mean by it."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import func, select

from app.catalog.models import Product, Vendor, VendorPart
from app.catalog.services import find_contact
from app.catalog.services.matching import ProductMatch, find_products, named_products
from app.core.codes import normal_code
from app.core.db import db
from app.core.errors import Invalid
from app.purchasing import queries
from app.purchasing.models import receipt_number
from app.purchasing.services.sharing import ReceivedItem
from app.stock import queries as stock_queries
from app.stock import services as stock
from app.stock.models import Location


class FoundParts(NamedTuple):
    """Products by the codes that mean them to a vendor, and the codes that could mean several.

    `numbers` are the vendor's part numbers by product, the one that is usual first.
    """

    matches: dict[str, ProductMatch]
    doubtful: set[str]
    numbers: dict[int, list[VendorPart]]

    def part_of(self, product_id: int, code: str = "") -> VendorPart | None:
        """Give the vendor's number for a product: the one that was typed, or the usual one."""
        parts = self.numbers.get(product_id, [])
        typed = (one for one in parts if normal_code(one.part_number) == normal_code(code))
        return next(typed, parts[0] if parts else None)


def find_parts(
    vendor_id: int | None,
    codes: Collection[str],
    product_ids: Collection[int] = (),
    *,
    is_typed: bool = False,
) -> FoundParts:
    """Find products by SKU, barcode, or what a vendor calls them, in at most five queries.

    A code that is the SKU of one product and the vendor's number of another is doubtful. What
    a person has typed may be in other letters, and without dashes.
    """
    found = find_products(codes) if is_typed else named_products(codes)
    parts = _with_numbers(vendor_id, {*codes} - found.doubtful)
    matches, doubtful = dict(found.matches), set(found.doubtful)
    for code, products in parts.items():
        known = {matches[code].product.id} if code in matches else set()
        if len(known | products.keys()) > 1:
            doubtful.add(code)
            matches.pop(code, None)
        elif not known:
            [product] = products.values()
            matches[code] = ProductMatch(product)
    ids = {match.product.id for match in matches.values()} | {*product_ids}
    return FoundParts(matches, doubtful, _numbers_of(vendor_id, ids))


def find_vendor(name: str) -> Vendor:
    """Find a vendor by their code, or by their name if only one has it.

    Raises:
        Invalid: There is none, or more than one.
    """
    return find_contact(Vendor, name)


def find_warehouse(code: str) -> int:
    """Find a warehouse by the code of it, or of anything in it.

    Raises:
        Invalid: There is none.
    """
    location = db.session.get(Location, stock.find_location(code))
    root = location.path.partition("/")[0] if location else ""
    found = db.session.scalar(stock_queries.locations_found(root))
    place = db.session.get(Location, found) if found else None
    if place is None or place.kind != "warehouse":
        raise Invalid("warehouse", f"{code} is in no warehouse.")
    if not place.is_active:
        raise Invalid("warehouse", f"{place.code} is not in use any more.")
    return place.id


def default_warehouse() -> int:
    """Give the warehouse of the company's default location.

    Raises:
        Invalid: There is no such location, or it lies in no warehouse.
    """
    place = db.session.get(Location, stock.default_location())
    return find_warehouse(place.code if place else "")


def numbers_of(order_ids: Collection[int]) -> dict[int, str]:
    """Give the numbers of some orders, by id."""
    return dict(db.session.execute(queries.numbers(order_ids)).all())


def item_called(code: str, quantity: Decimal, **more: Any) -> ReceivedItem:
    """Give what has come by the code on it: of a carton all pieces that it holds.

    What no product of ours is called, or several are, is kept by its code.
    """
    match = find_products([code]).matches.get(code)
    if match is None:
        return ReceivedItem(quantity, code=code, **more)
    if match.product.is_tracked and not more.get("lot", stock.NO_LOT).code:
        more["lot"] = stock.LotDraft(code)  # a GS1 code says it, too
    return ReceivedItem(quantity * match.units, product_id=match.product.id, **more)


def receipt_numbers_of(receipt_ids: Collection[int]) -> dict[int, str]:
    """Give what some receipts are called, with the orders that they are of."""
    rows = db.session.execute(queries.receipt_orders(receipt_ids))
    return {
        number: f"{order} ({receipt_number(number)})" if order else receipt_number(number)
        for number, order in rows
    }


def _with_numbers(
    vendor_id: int | None, codes: Collection[str]
) -> dict[str, dict[int, Product]]:
    if vendor_id is None or not codes:
        return {}
    normal = {normal_code(code): code for code in codes}
    query = (
        select(func.normal_code(VendorPart.part_number), Product)
        .join(VendorPart.product)
        .where(VendorPart.vendor_id == vendor_id)
        .where(func.normal_code(VendorPart.part_number).in_(normal))
    )
    found: dict[str, dict[int, Product]] = {}
    for number, product in db.session.execute(query):
        found.setdefault(normal[number], {})[product.id] = product
    return found


def _numbers_of(vendor_id: int | None, ids: Collection[int]) -> dict[int, list[VendorPart]]:
    if vendor_id is None or not ids:
        return {}
    query = (
        select(VendorPart)
        .where(VendorPart.vendor_id == vendor_id, VendorPart.product_id.in_(ids))
        .order_by(VendorPart.id)
    )
    found: dict[int, list[VendorPart]] = {}
    for part in db.session.scalars(query):
        found.setdefault(part.product_id, []).append(part)
    return found
