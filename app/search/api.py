"""The named indexes for programs, as the QuickBooks search service had them."""

import marshmallow as ma
from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue

from app.core.api import Blueprint
from app.core.permissions import SIGNED_IN, ensure, may, requires
from app.search import indexes

DEFAULT_LIMIT, LARGEST_LIMIT = 15, 100

bp = Blueprint("search_api", __name__, url_prefix="/api", description="Search")


class HitSchema(ma.Schema):
    """A record found; products have a sku and a price, customers and vendors the rest."""

    id = ma.fields.Int()
    name = ma.fields.Str()
    type = ma.fields.Str(metadata={"description": "item, customer, vendor or invoice"})
    active = ma.fields.Bool()
    sku = ma.fields.Str()
    unit_price = ma.fields.Float()
    company = ma.fields.Str()
    email = ma.fields.Str()
    number = ma.fields.Str(metadata={"description": "Of an invoice, as all that follows"})
    customer = ma.fields.Str()
    customer_po = ma.fields.Str()
    date = ma.fields.Date()
    currency = ma.fields.Str()
    total = ma.fields.Float()
    balance = ma.fields.Float()


class HitsSchema(ma.Schema):
    """What was found, the best first."""

    query = ma.fields.Str()
    results = ma.fields.List(ma.fields.Nested(HitSchema))
    total = ma.fields.Int(metadata={"description": "How many results this answer has"})


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
    ensure(indexes.INDEXES[index].permission)
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
    names = [name for name, index in indexes.INDEXES.items() if may(index.permission)]
    counts = {
        table: indexes.count(table) for table in {indexes.INDEXES[n].table for n in names}
    }
    sizes = {name: counts[indexes.INDEXES[name].table] for name in names}
    return jsonify(
        indexes=sizes, total_indexed_items=sum(counts.values()), available_indexes=names
    )


def _limit() -> int:
    text = request.args.get("limit") or str(DEFAULT_LIMIT)
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        abort(400, "limit is a number from 1.")
    return min(int(text), LARGEST_LIMIT)
