"""Labels of products: the name, and the SKU or a barcode as bars."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from stdnum import ean

from app.catalog import queries as catalog
from app.catalog.barcodes import barcode_key
from app.catalog.models import Barcode, Product
from app.core.db import db
from app.core.quantities import money
from app.labels.drawing.contents import LabelContent
from app.labels.subjects.definition import Contents, LabelOptions, Subject

EAN_LENGTHS = (12, 13)  # a UPC-A is an EAN-13 that begins with 0


class _Goods(NamedTuple):
    """What is known of a product; its barcodes in order, those of one unit first."""

    sku: str
    name: str
    price: str
    barcodes: list[str]


def contents(codes: Sequence[str], wanted: LabelOptions) -> Contents:
    """What the labels of these SKUs or barcodes say."""
    ids = _ids(codes)
    goods = _goods(set(ids.values()))
    return {code: _content(code, goods[number], wanted) for code, number in ids.items()}


def _ids(codes: Sequence[str]) -> dict[str, int]:
    """The products with these SKUs, or else barcodes."""
    rows = db.session.execute(catalog.products_with_skus(codes)) if codes else ()
    known = {code: product.id for code, product in rows}
    keys = {code: barcode_key(code) for code in codes if code not in known}
    scanned = select(Barcode.key, Barcode.product_id).where(
        Barcode.key.in_(keys.values()), Barcode.twin == 0
    )
    with_key = dict(db.session.execute(scanned).all())
    return known | {code: with_key[key] for code, key in keys.items() if key in with_key}


def _goods(ids: Iterable[int]) -> dict[int, _Goods]:
    codes = defaultdict[int, list[str]](list)
    printed = select(Barcode.product_id, Barcode.code).where(Barcode.product_id.in_(ids))
    for number, code in db.session.execute(printed.order_by(Barcode.units, Barcode.id)):
        codes[number].append(code)
    columns = (Product.id, Product.sku, Product.name, Product.price, Product.currency)
    rows = db.session.execute(select(*columns).where(Product.id.in_(ids)))
    return {
        row.id: _Goods(row.sku, row.name, f"{money(row.price)} {row.currency}", codes[row.id])
        for row in rows
    }


def _content(requested: str, goods: _Goods, wanted: LabelOptions) -> LabelContent | str:
    scanned = [code for code in goods.barcodes if barcode_key(code) == barcode_key(requested)]
    barcodes = scanned + goods.barcodes
    code = goods.sku
    if wanted.symbology == "ean13":
        eans = [found for found in map(_ean, barcodes) if found]
        if not eans:
            return f"{goods.sku} has no EAN-13 among its barcodes."
        code = eans[0]
    elif wanted.code == "barcode" and barcodes:
        code = barcodes[0]
    return LabelContent(
        code=code,
        title=goods.name,
        lines=() if code == goods.sku else (f"SKU {goods.sku}",),
        aside=goods.price if wanted.has_price else "",
    )


def _ean(code: str) -> str | None:
    is_ean = len(code) in EAN_LENGTHS and ean.is_valid(code)
    return code.zfill(max(EAN_LENGTHS)) if is_ean else None


def search(filters: Mapping[str, str]) -> Select[*tuple[Any, ...]]:
    """Products as their list filters them."""
    supplier = filters.get("supplier", "")
    state = {"": True, "inactive": False}.get(filters.get("state", ""))
    found = catalog.products(
        search=filters.get("search", ""),
        category=filters.get("category", ""),
        supplier_id=int(supplier) if supplier.isdecimal() else None,
        is_active=state,
    )
    return found.with_only_columns(Product.sku, Product.name).order_by(Product.sku)


PRODUCTS = Subject(
    field="sku",
    label="Products",
    noun="SKU or barcode",
    permission="products.view",
    contents=contents,
    search=search,
)
