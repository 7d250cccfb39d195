"""Products are made, changed, deactivated and activated; nothing is deleted."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog import queries
from app.catalog.barcodes import is_wrong_gtin, parse_barcode
from app.catalog.events import ProductChanged
from app.catalog.models import (
    NOT_TRACKED,
    TRACKINGS,
    UNTRACKED,
    BarcodeLine,
    Product,
    Vendor,
    VendorPartLine,
)
from app.catalog.rules import Rule, needed, parse_code, parse_currency, parse_line, parse_text
from app.core.checks import checked, named_when_taken
from app.core.db import locked, transaction
from app.core.errors import AlreadyExists, Invalid
from app.core.events import publish
from app.core.settings import setting
from app.core.uses import ensure_unused


def _distinct(lines: Iterable[Any]) -> list[Any]:
    """Refuse two lines that mean the same."""
    kept: dict[Any, Any] = {}
    for line in lines:
        if line.key in kept:
            raise ValueError(f"{line} is there twice.")
        kept[line.key] = line
    return list(kept.values())


def _barcodes(lines: Iterable[BarcodeLine]) -> list[BarcodeLine]:
    parsed = [*map(_barcode, lines)]
    if any(line.units <= 0 for line in parsed):
        raise ValueError("A barcode is worth more than zero units.")
    return _distinct(parsed)


def _barcode(line: BarcodeLine) -> BarcodeLine:
    """Remember that a code is somebody's own only where it could be taken for a GTIN."""
    code = parse_barcode(line.code, is_own=line.is_own)
    return line._replace(code=code, is_own=is_wrong_gtin(code))


def _vendor_parts(lines: Iterable[VendorPartLine]) -> list[VendorPartLine]:
    part_number = needed(parse_code)
    return _distinct(line._replace(part_number=part_number(line.part_number)) for line in lines)


def _tracking(said: str) -> str:
    if said not in TRACKINGS:
        raise ValueError(f"Choose one of {', '.join(TRACKINGS)}.")
    return said


RULES: dict[str, Rule] = {
    "sku": needed(parse_code),
    "name": needed(parse_line),
    "description": parse_text,
    "category": parse_line,
    "currency": parse_currency,
    "unit": needed(parse_line),
    "tax_class": parse_line,
    "tracking": _tracking,
    "barcodes": _barcodes,
    "vendor_parts": _vendor_parts,
}
NO_LINES: dict[str, list[Any]] = {"barcodes": [], "vendor_parts": []}


@named_when_taken
def create_product(*, sku: str, name: str, **values: Any) -> Product:
    """Add a product. `barcodes` and `vendor_parts` are lists of their lines.

    Without a currency it is priced in the company's.

    Raises:
        AlreadyExists: Another product has the SKU or one of the barcodes.
        Invalid: A value does not fit.
    """
    values.setdefault("currency", setting("currency"))
    kept = checked({"sku": sku, "name": name, **values}, RULES)
    with transaction() as session:
        _refuse_strange(session, kept, product_id=None)
        product = Product(**(NO_LINES | kept))
        _refuse_expiry_of_untracked(product)
        session.add(product)
        session.flush()
        publish(ProductChanged(product_id=product.id))
    return product


@named_when_taken
def revise_product(product_id: int, *, version: int | None, **changes: Any) -> Product:
    """Change a product as it was in `version`, with its lines: what is not given stays.

    Raises:
        StaleVersion: Somebody else was faster.
        AlreadyExists: Another product has the SKU or one of the barcodes.
        Invalid: A value does not fit.
    """
    kept = checked(changes, RULES)
    with transaction() as session:
        product = session.scalars(locked(queries.product(product_id), Product)).one()
        with session.no_autoflush:
            new = product.revise(version=version, **kept)
            _refuse_expiry_of_untracked(product)
            if new.get("is_active") is False:
                ensure_unused(product)
            _refuse_strange(session, new, product_id=product.id)
        session.flush()
        if new:
            publish(ProductChanged(product_id=product.id))
    return product


def deactivate_product(product_id: int, *, version: int | None = None) -> Product:
    """Take a product out of use. What refers to it stays.

    Raises:
        InUse: It is reserved, or somebody still waits for it.
    """
    with transaction() as session:
        product = session.scalars(locked(queries.product(product_id), Product)).one()
        product.merge(version=version)  # decided of the product as it was seen
        return revise_product(product_id, version=None, is_active=False)


def activate_product(product_id: int, *, version: int | None = None) -> Product:
    """Take a product into use again."""
    return revise_product(product_id, version=version, is_active=True)


def _refuse_expiry_of_untracked(product: Product) -> None:
    if product.has_expiry and (product.tracking or NOT_TRACKED) == NOT_TRACKED:
        raise Invalid("has_expiry", UNTRACKED)


def _refuse_strange(session: Session, kept: dict[str, Any], *, product_id: int | None) -> None:
    """Refuse what belongs to another product, and vendors that are none."""
    if "sku" in kept:
        _refuse_sku(session, kept["sku"], product_id)
    if keys := [line.key for line in kept.get("barcodes", ())]:
        _refuse_barcodes(session, keys, product_id)
    if kept.get("supplier_id") is not None:
        _refuse_vendors(session, "supplier_id", {kept["supplier_id"]})
    if vendor_ids := {line.vendor_id for line in kept.get("vendor_parts", ())}:
        _refuse_vendors(session, "vendor_parts", vendor_ids)


def _refuse_sku(session: Session, sku: str, product_id: int | None) -> None:
    same = queries.other_products_with_sku(sku, product_id=product_id)
    if other := session.scalars(same).first():
        raise AlreadyExists("sku", f"{other.sku} is the SKU of {other.name} already.")


def _refuse_barcodes(session: Session, keys: list[str], product_id: int | None) -> None:
    same = queries.other_products_with_barcodes(keys, product_id=product_id)
    if taken := session.execute(same).first():
        code, other = taken
        raise AlreadyExists("barcodes", f"{code} belongs to {other} already.")


def _refuse_vendors(session: Session, field: str, vendor_ids: set[int]) -> None:
    known = set(session.scalars(select(Vendor.id).where(Vendor.id.in_(vendor_ids))))
    if unknown := vendor_ids - known:
        raise Invalid(field, f"There is no vendor {min(unknown)}.")
