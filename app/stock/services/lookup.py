"""From what people and programs say, codes and SKUs, to what the ledger takes."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select

from app.catalog.models import NOT_TRACKED, Product
from app.core.db import db
from app.core.errors import Invalid
from app.core.settings import setting
from app.stock import queries
from app.stock.ledger.statements import run
from app.stock.models import OTHER_ENDS, VIRTUAL, Location


class LotDraft(NamedTuple):
    """What somebody says of a lot, or of a piece by its serial number."""

    code: str = ""
    expires_on: date | None = None
    made_on: date | None = None
    vendor_id: int | None = None

    @property
    def is_said(self) -> bool:
        """Tell whether it says anything."""
        return bool(self.code) or self.expires_on is not None


NO_LOT = LotDraft()


class Target(NamedTuple):
    """What is adjusted: a product at a location, against the place at the other end."""

    product_id: int
    location_id: int
    against_id: int
    is_tracked: bool = False  # its goods say their lot or serial number
    lot: LotDraft = NO_LOT

    @property
    def from_id(self) -> int:
        """Where goods are taken from, if they are."""
        return self.location_id


class Route(NamedTuple):
    """What is carried from where to where."""

    product_id: int
    source_id: int
    destination_id: int
    is_inside: bool  # both ends are in one warehouse
    is_tracked: bool = False  # its goods say their lot or serial number
    lot: LotDraft = NO_LOT

    @property
    def from_id(self) -> int:
        """Where goods are taken from."""
        return self.source_id


def find_target(
    *,
    reason: str,
    product_id: int | None = None,
    sku: str | None = None,
    location_id: int | None = None,
    location: str | None = None,
    lot: LotDraft = NO_LOT,
) -> Target:
    """Find what an adjustment is about, in one query.

    The product is named by id or SKU, the location by id, code or barcode. Without one it
    is the product's home, or else the company's default location.

    Raises:
        Invalid: There is no such product or location.
    """
    place, where = _place(location_id, location)
    values = {
        "product": sku if product_id is None else product_id,
        "location": where,
        "default": setting("default_location"),
        "other_end": OTHER_ENDS.get(reason, "adjustment"),
    }
    row = run(queries.target(by_sku=product_id is None, place=place), values).one_or_none()
    if row is None:
        raise _no_product(sku)
    if row.location_id is None and where is not None:
        raise Invalid("location", f"There is no location {where}.")
    _refuse_virtual("location", row.code, row.kind)
    location_id = row.location_id or default_location()  # which says what is wrong with it
    return Target(row.id, location_id, row.against_id, row.tracking != NOT_TRACKED, lot)


def find_route(
    *,
    source: str,
    destination: str,
    product_id: int | None = None,
    sku: str | None = None,
    lot: str = "",
) -> Route:
    """Find what is carried from where to where; locations are named by code or barcode.

    Raises:
        Invalid: There is no such product or location.
    """
    ends = queries.locations_found(source), queries.locations_found(destination)
    row = db.session.execute(queries.route(_product(product_id, sku), *ends)).one_or_none()
    if row is None:
        raise _no_product(sku)
    if row.source_id is None:
        raise Invalid("source", f"There is no location {source}.")
    if row.destination_id is None:
        raise Invalid("destination", f"There is no location {destination}.")
    _refuse_virtual("source", row.source_code, row.source_kind)
    _refuse_virtual("destination", row.destination_code, row.destination_kind)
    is_inside = _warehouse(row.source_path) == _warehouse(row.destination_path)
    return Route(
        row.id,
        row.source_id,
        row.destination_id,
        is_inside,
        row.tracking != NOT_TRACKED,
        LotDraft(lot),
    )


def find_location(code: str) -> int:
    """Find a location by its code or barcode, as it was typed or scanned.

    Raises:
        Invalid: There is none.
    """
    found = db.session.scalar(queries.locations_found(code))
    if found is None:
        raise Invalid("location", f"There is no location {code}.")
    return found


def default_location() -> int:
    """Give the place for goods of which nobody says where they go.

    Raises:
        Invalid: The company's default location does not exist, or is not in use.
    """
    code = str(setting("default_location"))
    found = db.session.scalar(queries.locations_found(code).where(Location.is_active))
    if found is None:
        advice = "Say where, or change the settings."
        raise Invalid("location", f"The default location {code} does not exist. {advice}")
    return found


def virtual_location(kind: str) -> int:
    """Give the place that stands for all customers, all suppliers or all adjustments.

    Raises:
        Invalid: There is none: `flask setup` makes them.
    """
    places = select(Location.id).where(Location.kind == kind).order_by(Location.id).limit(1)
    found = db.session.scalar(places)
    if found is None:
        raise Invalid("location", f"There is no location for the {kind}.")
    return found


def _product(product_id: int | None, sku: str | None) -> ColumnElement[bool]:
    return Product.id == (func.product_with_sku(sku) if product_id is None else product_id)


def _place(location_id: int | None, code: str | None) -> tuple[str, int | str | None]:
    """How the place is named, and its name."""
    if location_id is not None:
        return "id", location_id
    return ("code", code) if code else ("home", None)


def _no_product(sku: str | None) -> Invalid:
    if sku is None:
        return Invalid("product_id", "There is no such product.")
    return Invalid("sku", f"There is no product {sku}.")


def _refuse_virtual(field: str, code: str | None, kind: str | None) -> None:
    if kind in VIRTUAL:
        raise Invalid(field, f"{code} stands for what is outside: choose a bin.")


def _warehouse(path: str) -> str:
    return path.partition("/")[0]
