"""What marketplaces say, into our tables: set-based, the same again changes nothing.

The rows of a statement are one parameter, as JSON: a thousand parameters take PostgreSQL as
long as what they say.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import TextClause, delete, text
from sqlalchemy.dialects import postgresql

from app.core.db import Model, transaction

Row = Mapping[str, Any]

OURS = {"id", "created_at", "connection_id", "product_id"}  # not said by the marketplace
# Ours is who bears the SKU, else whose barcode the label is; of two, a person has to choose.
MATCH = text("""
UPDATE marketplace_stock one SET product_id = found.product_id
FROM (
    SELECT stock.id, coalesce(
        (SELECT CASE WHEN count(*) = 1 THEN min(id) END FROM product
         WHERE normal_code(product.sku) = normal_code(stock.sku)),
        (SELECT CASE WHEN count(DISTINCT product_id) = 1 THEN min(product_id) END FROM barcode
         WHERE barcode_key(barcode.code) = barcode_key(stock.fnsku))
    ) AS product_id
    FROM marketplace_stock stock
    WHERE stock.connection_id = :connection_id AND stock.product_id IS NULL
) AS found
WHERE one.id = found.id AND found.product_id IS NOT NULL
""")


def write_rows(
    model: type[Model], connection_id: int, rows: Sequence[Row], *, gone: Sequence[str] = ()
) -> None:
    """Keep rows by their external ids; those that are gone are forgotten."""
    table: Any = model
    with transaction() as session:
        if rows:
            given = {"connection_id": connection_id, "rows": _written(rows)}
            session.execute(_upsert(model), given)
        if gone:
            mine = table.connection_id == connection_id, table.external_id.in_([*gone])
            session.execute(
                delete(model).where(*mine), execution_options={"synchronize_session": False}
            )


def _written(rows: Sequence[Row]) -> str:
    """Decimals are written as they are, digit for digit."""
    return msgspec.json.encode(rows).decode()


@cache
def _upsert(model: type[Model]) -> TextClause:
    table: Any = model.__table__
    columns = [one for one in table.columns if one.name not in OURS]
    names = [one.name for one in columns]
    dialect = postgresql.dialect()
    shape = ", ".join(f"{one.name} {one.type.compile(dialect)}" for one in columns)
    changed = ", ".join(f"{name} = excluded.{name}" for name in names if name != "external_id")
    return text(
        f"INSERT INTO {table.name} (connection_id, {', '.join(names)}) "  # noqa: S608
        f"SELECT :connection_id, {', '.join(f'row.{name}' for name in names)} "
        f"FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS row ({shape}) "
        f"ON CONFLICT (connection_id, external_id) DO UPDATE SET {changed}"
    )


def match_products(connection_id: int) -> int:
    """Find our products of SKUs that have none; give how many were found.

    What is matched stays so.
    """
    with transaction() as session:
        found: Any = session.execute(MATCH, {"connection_id": connection_id})
        return int(found.rowcount)
