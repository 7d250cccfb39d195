"""What a database holds, in figures that are equal only if every row is.

Of each table: how many rows, and the sum of a fingerprint of each row's text. The text says
every column but those that PostgreSQL computes from the others; of bytes, their SHA-256.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, text

Totals = dict[str, tuple[int, str]]

# What makes the text of a value independent of who asks, and where.
PLAIN = (
    "SET LOCAL TIME ZONE 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)
TABLES = """
SELECT format('%I.%I', n.nspname, c.relname) AS name,
       array_agg(format(CASE WHEN a.atttypid = 'bytea'::regtype THEN 'sha256(%I)' ELSE '%I' END,
                        a.attname) ORDER BY a.attname) AS columns
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND a.attgenerated = ''
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
GROUP BY 1 ORDER BY 1
"""


def count(connection: Connection) -> Totals:
    """Count every table within the transaction that the connection is in."""
    for setting in PLAIN:
        connection.execute(text(setting))
    return {name: _count(connection, name, columns) for name, columns in _tables(connection)}


def differing(one: Mapping[str, object], other: Mapping[str, object]) -> list[str]:
    """Name the tables whose totals are not the same; one of a database alone is among them."""
    names = sorted({*one, *other})
    return [name for name in names if one.get(name) != other.get(name)]


def rows_of(totals: Totals) -> int:
    """Give the number of rows of all tables."""
    return sum(rows for rows, _fingerprint in totals.values())


def _tables(connection: Connection) -> list[tuple[str, list[str]]]:
    return [(row.name, row.columns) for row in connection.execute(text(TABLES))]


def _count(connection: Connection, name: str, columns: list[str]) -> tuple[int, str]:
    row = f"ROW({', '.join(columns)})::text"
    print_of = f"('x' || left(md5({row}), 15))::bit(60)::bigint"
    # The names come from PostgreSQL's catalogue, quoted by it.
    query = f"SELECT count(*), coalesce(sum({print_of}), 0)::text FROM {name}"  # noqa: S608
    rows, fingerprint = connection.execute(text(query.replace(":", r"\:"))).one()
    return rows, fingerprint
