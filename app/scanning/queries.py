"""What a scanned code stands for. Nothing here executes."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    func,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import joinedload

from app.catalog.barcodes import barcode_key
from app.catalog.models import Barcode, Product
from app.scanning.models import Scan
from app.stock.models import HOLDS_STOCK, Location, Lot

FEW = 5  # more than two are as doubtful
BARCODE, SKU, ALIKE = 1, 2, 3  # how a code leads to a product, the surest first


def products_scanned(code: str, raw: str) -> Select[Product, Any, int]:
    """Products with a barcode or a SKU, how many units the code is worth, and how it leads.

    `raw` is the code as it came: a SKU may look like a barcode.
    """
    every = _every(code, raw)
    return (
        select(Product, every.c.units, every.c.how)
        .join(every, every.c.product_id == Product.id)
        .order_by(every.c.how, Product.id)
        .limit(FEW)
    )


def scanned(code: str, raw: str) -> Select[*tuple[Any, ...]]:
    """The place that `raw` names, if there is one, beside each of `products_scanned`.

    One row at least; without a product its columns are None.
    """
    every, asked = _every(code, raw), select(literal(raw).label("code")).subquery()
    is_place = (Location.id == func.location_with_code(asked.c.code)) & Location.kind.in_(
        HOLDS_STOCK
    )
    return (
        select(Location, Product, every.c.units, every.c.how)
        .select_from(asked)
        .outerjoin(Location, is_place)
        .outerjoin(every, true())
        .outerjoin(Product, Product.id == every.c.product_id)
        .order_by(every.c.how, Product.id)
        .limit(FEW)
    )


def _every(code: str, raw: str) -> Subquery:
    """Whatever a code may be of products, each as `product_id`, `units` and `how`."""
    by_barcode = select(Barcode.product_id, Barcode.units, literal(BARCODE).label("how")).where(
        Barcode.key.in_({barcode_key(code), barcode_key(raw)})
    )
    same = func.normal_code(Product.sku) == func.normal_code(raw)
    alike = (Product.sku_key == func.code_key(raw)) & (Product.sku_key != "")
    return union_all(by_barcode, _by_sku(SKU, same), _by_sku(ALIKE, alike & ~same)).subquery()


def _by_sku(how: int, condition: ColumnElement[bool]) -> Select[int, int, int]:
    columns = Product.id.label("product_id"), literal(1).label("units"), literal(how)
    return select(*columns).where(condition)


def locations_scanned(code: str) -> Select[Location]:
    """Places that hold goods, by their code in any case, or else by their barcode."""
    return select(Location).where(
        Location.id == func.location_with_code(code), Location.kind.in_(HOLDS_STOCK)
    )


def lots_scanned(code: str, product_ids: Collection[int]) -> Select[Lot]:
    """Lots and pieces of some products by their number, with the product."""
    return (
        select(Lot)
        .options(joinedload(Lot.product, innerjoin=True))
        .where(
            Lot.product_id.in_(product_ids),
            func.normal_code(Lot.code) == func.normal_code(code),
        )
        .limit(FEW)
    )


def scans_of(task_type: str, task_id: int) -> Select[Scan]:
    """The scans of a task, the newest first."""
    return (
        select(Scan)
        .where(Scan.task_type == task_type, Scan.task_id == task_id)
        .order_by(Scan.created_at.desc(), Scan.id)
    )
