"""Codes that two records have since before that was refused: people tell them apart."""

from typing import NamedTuple

from sqlalchemy import text

from app.core.alerts import close_alert, raise_alert
from app.core.db import db, transaction

KEY = "catalog:twins"
MOST = 500

# What is one code: the table, its column, and everything that makes two of them one.
KINDS = {
    "product": ("sku", "normal_code({0}.sku)"),
    "barcode": ("code", "barcode_key({0}.code)"),
    "location": ("barcode", "barcode_key({0}.barcode)"),
    "vendor_part": (
        "part_number",
        "({0}.vendor_id, normal_code({0}.part_number), {0}.product_id)",
    ),
}
# A twin that is left alone is none any more.
_ALONE = """UPDATE {table} SET twin = 0 WHERE twin > 0 AND NOT EXISTS (
    SELECT FROM {table} AS other WHERE other.id <> {table}.id AND {theirs} = {ours})
"""
_FOUND = """
SELECT 'SKU' AS kind, one.sku AS code, one.sku || ' ' || one.name AS owner, one.id,
    'product' AS record, normal_code(one.sku) AS same
FROM product AS one WHERE normal_code(one.sku) IN (
    SELECT normal_code(sku) FROM product WHERE twin > 0)
UNION ALL SELECT 'Barcode', one.code, product.sku || ' ' || product.name, product.id,
    'product', one.key
FROM barcode AS one JOIN product ON product.id = one.product_id WHERE one.key IN (
    SELECT key FROM barcode WHERE twin > 0)
UNION ALL SELECT 'Barcode of a location', one.barcode, one.code, one.id, 'location',
    barcode_key(one.barcode)
FROM location AS one WHERE barcode_key(one.barcode) IN (
    SELECT barcode_key(barcode) FROM location WHERE twin > 0)
UNION ALL SELECT 'Part number', one.part_number, product.sku || ' ' || product.name,
    product.id, 'product', normal_code(one.part_number)
FROM vendor_part AS one JOIN product ON product.id = one.product_id
WHERE (one.vendor_id, normal_code(one.part_number), one.product_id) IN (
    SELECT vendor_id, normal_code(part_number), product_id FROM vendor_part WHERE twin > 0)
ORDER BY kind, same, id LIMIT :most
"""


class Twin(NamedTuple):
    """A code that another record has too: whose it is, and where it is changed."""

    kind: str
    code: str
    owner: str
    id: int
    record: str  # "product" or "location"


def twins() -> list[Twin]:
    """List what has one code, side by side."""
    rows = db.session.execute(text(_FOUND), {"most": MOST})
    return [Twin(row.kind, row.code, row.owner, row.id, row.record) for row in rows]


def check_twins() -> dict[str, int]:
    """Forget the twins that have been told apart, and remind people of the others."""
    with transaction() as session:
        for table, (_code, same) in KINDS.items():
            theirs, ours = same.format("other"), same.format(table)
            session.execute(text(_ALONE.format(table=table, theirs=theirs, ours=ours)))
        left = len(twins())
        if left:
            _tell()
        else:
            close_alert(KEY)
    return {"twins": left}


def _tell() -> None:
    raise_alert(
        kind="codes.twins",
        key=KEY,
        title="Codes that are there twice",
        text="Some codes differ only in capitals or in what cannot be seen. Nobody can tell "
        "which one a scan or a file means: give all but one of them another code.",
        href="/stock/twins",
    )
