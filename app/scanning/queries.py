"""What a scanned code stands for. Nothing here executes."""

from typing import Any

from sqlalchemy import Select, func, literal, select, union_all

from app.catalog.barcodes import barcode_key
from app.catalog.models import Barcode, Product
from app.scanning.models import Scan
from app.stock.models import HOLDS_STOCK, Location


def products_scanned(code: str, raw: str) -> Select[Product, Any]:
    """Products with a barcode, or else with a SKU, and how many units the code is worth.

    `raw` is the code as it came: a SKU may look like a barcode.
    """
    by_barcode = select(Barcode.product_id, Barcode.units, literal(1).label("place")).where(
        Barcode.key.in_({barcode_key(code), barcode_key(raw)})
    )
    by_sku = select(
        Product.id.label("product_id"), literal(1).label("units"), literal(2).label("place")
    ).where(Product.sku_key == func.code_key(raw), Product.sku_key != "")
    same = union_all(by_barcode, by_sku).subquery()
    return (
        select(Product, same.c.units)
        .join(same, same.c.product_id == Product.id)
        .order_by(same.c.place, Product.id)
        .limit(1)
    )


def locations_scanned(code: str) -> Select[Location]:
    """Places that hold goods, by their code in any case, or else by their barcode."""
    return select(Location).where(
        Location.id == func.location_with_code(code), Location.kind.in_(HOLDS_STOCK)
    )


def scans_of(task_type: str, task_id: int) -> Select[Scan]:
    """The scans of a task, the newest first."""
    return (
        select(Scan)
        .where(Scan.task_type == task_type, Scan.task_id == task_id)
        .order_by(Scan.created_at.desc(), Scan.id)
    )
