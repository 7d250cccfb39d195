"""Finding for programs: the command bar, and the indexes of the QuickBooks search service."""

from typing import Any

import marshmallow as ma
from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue

from app.core.api import Blueprint
from app.core.errors import Invalid
from app.core.permissions import SIGNED_IN, ensure, may, requires
from app.search import command_bar, indexes

DEFAULT_LIMIT, LARGEST_LIMIT = 15, 100
TYPES = "item, customer, vendor, invoice, order, or the kind of a document of the books"

bp = Blueprint("search_api", __name__, url_prefix="/api", description="Search")


class HitSchema(ma.Schema):
    """A record found; products have a sku and a price, customers and vendors the rest."""

    id = ma.fields.Int()
    name = ma.fields.Str()
    type = ma.fields.Str(
        metadata={"description": "item, customer, vendor, invoice, order, ..."}
    )
    active = ma.fields.Bool()
    sku = ma.fields.Str()
    unit_price = ma.fields.Float()
    company = ma.fields.Str()
    email = ma.fields.Str()
    number = ma.fields.Str(metadata={"description": "Of an invoice or order, as what follows"})
    customer = ma.fields.Str()
    customer_po = ma.fields.Str()
    date = ma.fields.Date()
    currency = ma.fields.Str()
    total = ma.fields.Float()
    balance = ma.fields.Float(
        allow_none=True, metadata={"description": "What is still to be paid; null of an order"}
    )


class HitsSchema(ma.Schema):
    """What was found, the best first."""

    query = ma.fields.Str()
    results = ma.fields.List(ma.fields.Nested(HitSchema))
    total = ma.fields.Int(metadata={"description": "How many results this answer has"})


class SearchQuery(ma.Schema):
    """What is looked for."""

    q = ma.fields.Str(
        required=True,
        validate=ma.validate.Length(min=1),
        metadata={"description": "Words, a number, a code or a barcode"},
    )


class FoundSchema(ma.Schema):
    """A record that was found, as the command bar shows it."""

    area = ma.fields.Str(
        attribute="group.area",
        metadata={"description": "products, customers, orders, invoices, book_documents, ..."},
    )
    id = ma.fields.Int()
    title = ma.fields.Str(attribute="result.title")
    code = ma.fields.Str(attribute="result.code")
    detail = ma.fields.Str(attribute="result.detail")
    is_exact = ma.fields.Bool(
        metadata={"description": "What was sent is its whole code, number or barcode"}
    )
    page_url = ma.fields.Str(
        attribute="result.href", metadata={"description": "Where people look at it"}
    )


class AllFoundSchema(ma.Schema):
    """What is named exactly, then the best of each area."""

    items = ma.fields.List(ma.fields.Nested(FoundSchema), required=True)


class IndexStatusSchema(ma.Schema):
    """How much each index looks through."""

    indexes = ma.fields.Dict(keys=ma.fields.Str(), values=ma.fields.Int())
    total_indexed_items = ma.fields.Int()
    available_indexes = ma.fields.List(ma.fields.Str())


TERM = {"in": "query", "name": "q", "required": True, "schema": {"type": "string"}}
LIMIT = {
    "in": "query",
    "name": "limit",
    "description": f"At most {LARGEST_LIMIT}",
    "schema": {"type": "integer", "default": DEFAULT_LIMIT, "maximum": LARGEST_LIMIT},
}


@bp.get("/v1/search")
@requires(SIGNED_IN)
@bp.arguments(SearchQuery, location="query")
@bp.response(200, AllFoundSchema)
def find(query: dict[str, Any]) -> dict[str, Any]:
    """Find records of all areas that the caller may see, up to six of each.

    What has exactly this number, code or barcode comes first.
    """
    term = indexes.tidied(query["q"])
    if not term:
        raise Invalid("q", "Say what to search for.")
    return {"items": [*command_bar.records(term)]}


@bp.get("/search/<index>")
@requires(SIGNED_IN)
@bp.doc(parameters=[TERM, LIMIT])
@bp.alt_response(200, schema=HitsSchema)
@bp.alt_response(400, description="No term, or a limit that is no number")
@bp.alt_response(404, description="No such index")
def search(index: str) -> ResponseReturnValue:
    """Search one index; `total` counts the results of this answer, not all there are."""
    if index not in indexes.INDEXES:
        abort(404, f"There is no index {index}.")
    _ensure_any(indexes.INDEXES[index])
    term = request.args.get("q", "")
    if not indexes.tidied(term):
        abort(400, "Say what to search for: q is empty.")
    results = indexes.find(index, term, most=_limit())
    return jsonify(query=term, results=results, total=len(results))


@bp.get("/indexes/status")
@requires(SIGNED_IN)
@bp.alt_response(200, schema=IndexStatusSchema)
def status() -> ResponseReturnValue:
    """Count what each index looks through, of those the caller may search."""
    seen = {
        name: [table for table, permission in index.tables.items() if may(permission)]
        for name, index in indexes.INDEXES.items()
    }
    counts = {
        table: indexes.count(table) for table in {t for tables in seen.values() for t in tables}
    }
    sizes = {name: sum(counts[t] for t in tables) for name, tables in seen.items() if tables}
    return jsonify(
        indexes=sizes, total_indexed_items=sum(counts.values()), available_indexes=[*sizes]
    )


def _ensure_any(index: indexes.Index) -> None:
    """Let somebody search who may see one of the tables; of the others nothing is shown."""
    if not any(may(permission) for permission in index.tables.values()):
        ensure(index.permission)


def _limit() -> int:
    text = request.args.get("limit") or str(DEFAULT_LIMIT)
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        abort(400, "limit is a number from 1.")
    return min(int(text), LARGEST_LIMIT)
