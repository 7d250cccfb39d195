"""Labels of lots and pieces: the product, the number and the last day.

Where the product has a GTIN the symbol is a GS1 one with the GTIN (01), the last day (17) and
the lot (10) or serial number (21), which scanners of any company read (GS1 General
Specifications, 3.2). Elsewhere, and where the number is longer than GS1 allows or of other
letters, it is the number alone.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, String, func, select, tuple_
from sqlalchemy.orm import joinedload

from app.catalog.models import Barcode, Product
from app.catalog.scan_codes import FNC1
from app.core.codes import normal_code
from app.core.days import today
from app.core.db import db
from app.core.settings import setting
from app.labels.drawing.contents import LabelContent
from app.labels.subjects.definition import Contents, LabelOptions, Subject
from app.stock import queries as stock
from app.stock.models import Lot

GTIN = 14
# What a lot and a serial number may hold (GS1 General Specifications, 7.11, figure 7.11-1).
NUMBER = re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}")
NO_ROOM = "An EAN-13 has no room for a lot: choose Code 128 or Data Matrix."


def contents(codes: Sequence[str], wanted: LabelOptions) -> Contents:
    """What the labels of these lots say, each named as `SKU/lot`."""
    if wanted.symbology == "ean13":
        return dict.fromkeys(codes, NO_ROOM)
    lots = _lots(codes)
    gtins = _gtins({lot.product_id for lot in lots.values()})
    return {code: _content(lot, gtins.get(lot.product_id)) for code, lot in lots.items()}


def _lots(codes: Sequence[str]) -> dict[str, Lot]:
    """Lots by what was asked for; a SKU and a number may hold the stroke that parts them."""
    parted = {
        (normal_code(code[:cut]), normal_code(code[cut + 1 :])): code
        for code in codes
        for cut, letter in enumerate(code)
        if letter == "/"
    }
    if not parted:
        return {}
    sku, number = func.normal_code(Product.sku), func.normal_code(Lot.code)
    found = (
        select(sku, number, Lot)
        .join(Lot.product)
        .options(joinedload(Lot.product, innerjoin=True))
        .where(tuple_(sku, number).in_(parted))
        .order_by(Lot.id.desc())
    )
    rows = db.session.execute(found)
    return {parted[of_sku, of_lot]: lot for of_sku, of_lot, lot in rows}


def _gtins(product_ids: set[int]) -> dict[int, str]:
    """The GTIN of a single piece of each product, with 14 digits."""
    keyed = (
        select(Barcode.product_id, Barcode.key)
        .where(
            Barcode.product_id.in_(product_ids),
            Barcode.units == 1,
            Barcode.twin == 0,
            Barcode.key.regexp_match(f"^[0-9]{{{GTIN}}}$"),
        )
        .order_by(Barcode.id.desc())
    )
    return dict(db.session.execute(keyed).all())


def _content(lot: Lot, gtin: str | None) -> LabelContent:
    days = [
        f"{word} {day}"
        for word, day in (("Made", lot.made_on), ("Expires", lot.expires_on))
        if day is not None
    ]
    return LabelContent(
        code=_code(lot, gtin),
        title=lot.product.name,
        lines=(f"SKU {lot.product.sku}", lot.label, *([", ".join(days)] if days else [])),
    )


def _code(lot: Lot, gtin: str | None) -> str:
    if gtin is None or not NUMBER.fullmatch(lot.code):
        return lot.code
    day = f"17{lot.expires_on:%y%m%d}" if lot.expires_on else ""
    return f"{FNC1}01{gtin}{day}{'21' if lot.is_serial else '10'}{lot.code}"


def search(filters: Mapping[str, str]) -> Select[*tuple[Any, ...]]:
    """Lots as their list filters them, what expires first first."""
    day = today()
    found = stock.lots(
        search=filters.get("search", ""),
        shown=filters.get("shown", ""),
        day=day,
        until=day + timedelta(days=setting("lot_alert_days")),
    )
    named = (Product.sku + "/" + Lot.code).cast(String), Product.name
    return found.with_only_columns(*named, maintain_column_froms=True).order_by(
        Lot.expires_on, Lot.id
    )


LOTS = Subject(
    field="lot",
    label="Lots and serial numbers",
    noun="lot (SKU/lot)",
    permission="stock.view",
    contents=contents,
    search=search,
)
