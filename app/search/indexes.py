"""The named indexes: what each looks through, who may, and the rows it gives.

The work is done by SQL functions (migration 0007) that find ids in stages; here each is one
statement that never changes, so that neither SQLAlchemy nor we build anything per request.
"""

import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

from app.core.search import fetch

LONGEST_TERM = 200  # what follows no longer narrows anything down
EXACT_COUNT = 100_000

_ITEM = """SELECT product.id, name, 'item' AS type, is_active AS active, sku,
    price::float8 AS unit_price
FROM {function}(%(term)s, %(most)s) WITH ORDINALITY AS hit (id, place)
JOIN product ON product.id = hit.id ORDER BY place
"""
_CONTACT = """SELECT {table}.id, name, '{table}' AS type, is_active AS active, company, email
FROM {function}(%(term)s, %(most)s) WITH ORDINALITY AS hit (id, place)
JOIN {table} ON {table}.id = hit.id ORDER BY place
"""
_INVOICE = """SELECT invoice.id, {name} AS name, 'invoice' AS type, is_active AS active,
    number, customer_name AS customer, customer_po, invoice_date::text AS date,
    currency, total::float8 AS total, balance::float8 AS balance
FROM {function}(%(term)s, %(most)s) WITH ORDINALITY AS hit (id, place)
JOIN invoice ON invoice.id = hit.id ORDER BY place
"""
# Exact as long as counting is cheap; beyond that what the planner last saw.
_COUNT = """SELECT CASE WHEN seen > {most} THEN greatest(reltuples::bigint, seen) ELSE seen END
FROM (SELECT count(*) AS seen FROM (SELECT FROM {rows} LIMIT {most} + 1) AS rows) AS counted,
    pg_class WHERE oid = '{table}'::regclass
"""


class Index(NamedTuple):
    """A named index: the table it gives rows of, and the function that finds their ids."""

    table: str
    function: str
    name: str = "name"  # the column that a row is called by

    @property
    def permission(self) -> str:
        """What searching it takes."""
        return f"{self.table}s.view"

    @property
    def statement(self) -> str:
        """The one statement that answers a search."""
        shape = SHAPES.get(self.table, _CONTACT)
        return shape.format(table=self.table, function=self.function, name=self.name)


SHAPES = {"product": _ITEM, "invoice": _INVOICE}
INDEXES: Mapping[str, Index] = {
    "client_names": Index("customer", "search_customers"),
    "vendor_names": Index("vendor", "search_vendors"),
    "product_names": Index("product", "search_products"),
    "product_descriptions": Index("product", "search_descriptions"),
    "part_names": Index("product", "search_products"),
    "part_numbers": Index("product", "search_parts"),
    "client_pos": Index("invoice", "search_client_pos", "customer_po"),
    "invoices": Index("invoice", "search_invoices", "number"),
}
STATEMENTS = {name: index.statement for name, index in INDEXES.items()}


def tidied(term: str) -> str:
    """Take what somebody typed as one line of composed letters, without what cannot be kept."""
    return " ".join(unicodedata.normalize("NFC", term.replace("\0", " ")).split())[
        :LONGEST_TERM
    ]


def find(name: str, term: str, *, most: int) -> list[dict[str, Any]]:
    """Look a term up in a named index; rows as the API shows them, the best first."""
    rows = fetch(STATEMENTS[name], term=tidied(term), most=most)
    columns = tuple(rows.keys())
    return [dict(zip(columns, row, strict=True)) for row in rows]


def count(table: str) -> int:
    """Count what the indexes over a table look through."""
    rows = f"{table} WHERE is_listed" if table == "invoice" else table
    return int(fetch(_COUNT.format(table=table, rows=rows, most=EXACT_COUNT)).scalar_one())
