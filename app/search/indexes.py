"""The named indexes: what each looks through, who may, and the rows it gives.

The work is done by SQL functions (migration 0007) that find ids in stages; here each is one
statement that never changes, so that neither SQLAlchemy nor we build anything per request.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.core.permissions import may
from app.core.search import fetch
from app.core.texts import tidy_search
from app.invoices.models import BookDocument
from app.invoices.search import found_documents

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
# Their order numbers, on invoices and on our own orders: those that are equal first.
_INVOICE_POS = """SELECT invoice.id, customer_po AS name, 'invoice' AS type,
    is_active AS active, number, customer_name AS customer, customer_po,
    invoice_date::text AS date, currency, total::float8 AS total, balance::float8 AS balance,
    po_key <> code_key(%(term)s) AS is_other
FROM search_client_pos(%(term)s, %(most)s) WITH ORDINALITY AS hit (id, place)
JOIN invoice ON invoice.id = hit.id ORDER BY place
"""
_ORDER_POS = """WITH hit AS (
    (SELECT id, 1 AS stage FROM sales_order WHERE po_key = nullif(code_key(%(term)s), '')
        ORDER BY id DESC LIMIT %(most)s)
    UNION ALL
    (SELECT id, 2 FROM sales_order WHERE code_key(%(term)s) <> ''
        AND po_key ~>=~ code_key(%(term)s) AND po_key ~<~ (code_key(%(term)s) || chr(1114111))
        ORDER BY po_key USING ~<~ LIMIT %(most)s)
    UNION ALL
    (SELECT found.id, 3 FROM search_orders(%(term)s, 4 * %(most)s) AS found (id)
        JOIN sales_order ON sales_order.id = found.id AND po_key IS NOT NULL)
)
SELECT sales_order.id, customer_po AS name, 'order' AS type, status <> 'cancelled' AS active,
    number, customer_name AS customer, customer_po, order_date::text AS date,
    currency, total::float8 AS total, NULL::float8 AS balance, stage <> 1 AS is_other
FROM (SELECT id, min(stage) AS stage FROM hit GROUP BY id) AS best
JOIN sales_order ON sales_order.id = best.id ORDER BY stage, sales_order.id DESC LIMIT %(most)s
"""
# Exact as long as counting is cheap; beyond that what the planner last saw.
_COUNT = """SELECT CASE WHEN seen > {most} THEN greatest(reltuples::bigint, seen) ELSE seen END
FROM (SELECT count(*) AS seen FROM (SELECT FROM {rows} LIMIT {most} + 1) AS rows) AS counted,
    pg_class WHERE oid = '{table}'::regclass
"""


class Index(NamedTuple):
    """A named index: the table it gives rows of, and the function that finds their ids.

    One without a function is looked through by the slice that has the table.
    """

    table: str
    function: str = ""
    name: str = "name"  # the column that a row is called by
    beside: str = ""  # another table that it looks through

    @property
    def permission(self) -> str:
        """What searching it takes."""
        return AREAS.get(self.table, f"{self.table}s.view")

    @property
    def tables(self) -> dict[str, str]:
        """The tables that it looks through, and what each takes."""
        more = {self.beside: AREAS[self.beside]} if self.beside else {}
        return {self.table: self.permission} | more

    @property
    def statement(self) -> str:
        """The one statement that answers a search."""
        shape = SHAPES.get(self.table, _CONTACT)
        return shape.format(table=self.table, function=self.function, name=self.name)


AREAS = {"sales_order": "orders.view", "book_document": "invoices.view"}
SHAPES = {"product": _ITEM, "invoice": _INVOICE}
INDEXES: Mapping[str, Index] = {
    "client_names": Index("customer", "search_customers"),
    "vendor_names": Index("vendor", "search_vendors"),
    "product_names": Index("product", "search_products"),
    "product_descriptions": Index("product", "search_descriptions"),
    "part_names": Index("product", "search_products"),
    "part_numbers": Index("product", "search_parts"),
    "client_pos": Index("invoice", "search_client_pos", "customer_po", "sales_order"),
    "invoices": Index("invoice", "search_invoices", "number"),
    "book_documents": Index("book_document"),
}
LISTED = {"invoice", "book_document"}  # where what is not listed is not found
STATEMENTS = {name: index.statement for name, index in INDEXES.items() if index.function}


def tidied(term: str) -> str:
    """Take what somebody typed as one line of composed letters, without what nobody sees."""
    return tidy_search(term)[:LONGEST_TERM]


def find(name: str, term: str, *, most: int) -> list[dict[str, Any]]:
    """Look a term up in a named index; rows as the API shows them, the best first."""
    if INDEXES[name].beside:
        return _client_pos(tidied(term), most)
    if name not in STATEMENTS:
        return [_document(one) for one in found_documents(tidied(term), most=most)]
    return _rows(STATEMENTS[name], tidied(term), most)


def _client_pos(term: str, most: int) -> list[dict[str, Any]]:
    """Look through the records of each table that the person asking may see."""
    statements = {"invoices.view": _INVOICE_POS, "orders.view": _ORDER_POS}
    asked = [one for permission, one in statements.items() if may(permission)]
    found = [row for statement in asked for row in _rows(statement, term, most)]
    found.sort(key=lambda row: bool(row.pop("is_other")))
    return found[:most]


def _document(one: BookDocument) -> dict[str, Any]:
    """Write a document of the books as the others are."""
    return {
        "id": one.id,
        "name": one.number,
        "type": one.kind,
        "active": one.is_active,
        "number": one.number,
        "customer": one.customer_name,
        "customer_po": one.reference,
        "date": one.document_date.isoformat(),
        "currency": one.currency,
        "total": float(one.total),
        "balance": float(one.balance),
    }


def _rows(statement: str, term: str, most: int) -> list[dict[str, Any]]:
    rows = fetch(statement, term=term, most=most)
    columns = tuple(rows.keys())
    return [dict(zip(columns, row, strict=True)) for row in rows]


def count(table: str) -> int:
    """Count what the indexes over a table look through."""
    rows = f"{table} WHERE is_listed" if table in LISTED else table
    return int(fetch(_COUNT.format(table=table, rows=rows, most=EXACT_COUNT)).scalar_one())
