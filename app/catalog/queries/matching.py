"""Selects for who types or scans lines: the product that a code means."""

from collections.abc import Collection
from decimal import Decimal

from sqlalchemy import Select, Text, func, select
from sqlalchemy.dialects.postgresql import array

from app.catalog.barcodes import barcode_key
from app.catalog.models import Barcode, Product


def barcodes_called(codes: Collection[str]) -> Select[str, Product, Decimal]:
    """Products by barcode: the key of the code, the product, and how many units it is worth."""
    keys = {barcode_key(code) for code in codes}
    rows = select(Barcode.key, Product, Barcode.units).join(Barcode.product)
    return rows.where(Barcode.key.in_(keys))


def products_alike(codes: Collection[str]) -> Select[str, Product]:
    """Codes, each with the products whose SKU is the same but for case, blanks and dashes."""
    asked = func.unnest(array(codes, type_=Text())).table_valued("code").render_derived()
    same = (Product.sku_key == func.code_key(asked.c.code)) & (Product.sku_key != "")
    return select(asked.c.code, Product).join(Product, same).order_by(Product.sku)
