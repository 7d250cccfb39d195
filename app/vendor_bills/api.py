"""Bills and purchase orders of the books for programs. They are changed in the books."""

from typing import Any

import marshmallow as ma

from app.catalog.api.fields import Cost
from app.core.api import Blueprint, PageQuery, Sort, page_of, page_schema
from app.core.db import db, retried
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.web import one_or_404
from app.stock.api.fields import Quantity
from app.vendor_bills import queries, services
from app.vendor_bills.models import KINDS, MATCHES, VendorDocument

VIEW, MATCH = "vendor_bills.view", "vendor_bills.match"
IN_THE_BOOKS = "As the books call the record"

bp = Blueprint(
    "vendor_bills_api",
    __name__,
    url_prefix="/api/v1/vendor-bills",
    description="Bills and purchase orders as the books have them, matched with ours",
)


class OrderMatchSchema(ma.Schema):
    """An order of ours that a document is about, may be, or is not."""

    order_id = ma.fields.Int()
    order_number = ma.fields.Str(attribute="order.number")
    state = ma.fields.Str(validate=ma.validate.OneOf(MATCHES))
    reason = ma.fields.Str()
    decided_by = ma.fields.Str(attribute="decided_by.name", dump_default=None, allow_none=True)
    decided_at = ma.fields.DateTime(
        allow_none=True, metadata={"description": "Null: nobody was asked"}
    )


class VendorBillLineSchema(ma.Schema):
    """A line as the books have it."""

    product_id = ma.fields.Int(allow_none=True, metadata={"description": "Where it is ours"})
    item = ma.fields.Str()
    description = ma.fields.Str()
    quantity = Quantity(allow_none=True)
    price = Cost()
    amount = Cost()
    is_part = ma.fields.Bool(metadata={"description": "Of the bundle above it"})


class ComparedSchema(ma.Schema):
    """One product as the books and we have it, of all that hangs together."""

    product_id = ma.fields.Int(allow_none=True)
    name = ma.fields.Str()
    quantity = Quantity(attribute="theirs", allow_none=True)
    our_quantity = Quantity(
        attribute="ours",
        allow_none=True,
        metadata={"description": "Ordered; of a bill, received. In the product's unit"},
    )
    returned = Quantity(metadata={"description": "Of what was received"})
    amount = Cost()
    our_amount = Cost(attribute="amount_ours")
    difference = ma.fields.Str(attribute="says", metadata={"description": "Empty: none"})


class VendorBillHeadSchema(ma.Schema):
    """A bill or a purchase order of the books without its lines."""

    id = ma.fields.Int()
    kind = ma.fields.Str(validate=ma.validate.OneOf(KINDS))
    system = ma.fields.Str(metadata={"description": "Which books they are"})
    account = ma.fields.Str(metadata={"description": "Which company there"})
    external_id = ma.fields.Str(metadata={"description": IN_THE_BOOKS})
    number = ma.fields.Str(metadata={"description": "Empty where the books gave none"})
    vendor_id = ma.fields.Int(allow_none=True, metadata={"description": "Where it is ours"})
    vendor_ref = ma.fields.Str(metadata={"description": f"{IN_THE_BOOKS} of the vendor"})
    vendor_name = ma.fields.Str()
    document_date = ma.fields.Date()
    due_date = ma.fields.Date(allow_none=True)
    state = ma.fields.Str(metadata={"description": "As the books say it; may be empty"})
    currency = ma.fields.Str()
    total = Cost()
    balance = Cost()
    tax = Cost()
    note = ma.fields.Str()
    is_void = ma.fields.Bool()
    is_active = ma.fields.Bool(metadata={"description": "False: deleted in the books"})
    is_listed = ma.fields.Bool(
        metadata={"description": "False while its books are not connected: it may be old"}
    )
    is_settled = ma.fields.Bool(metadata={"description": "Nobody is asked about it"})
    is_different = ma.fields.Bool(
        allow_none=True,
        metadata={
            "description": "Whether it and our orders disagreed when they were compared last, "
            "which follows each change; null: they are to be compared"
        },
    )
    created_at = ma.fields.DateTime(metadata={"description": "When it came here"})
    updated_at = ma.fields.DateTime(
        allow_none=True, metadata={"description": "When it was changed in the books"}
    )
    matches = ma.fields.List(ma.fields.Nested(OrderMatchSchema))


class VendorBillSchema(VendorBillHeadSchema):
    """A bill or a purchase order of the books, beside what we ordered and received."""

    match_state = ma.fields.Str(validate=ma.validate.OneOf(services.LABELS))
    items = ma.fields.List(ma.fields.Nested(VendorBillLineSchema), attribute="lines")
    comparison = ma.fields.List(
        ma.fields.Nested(ComparedSchema), metadata={"description": "Empty: it is not matched"}
    )
    remarks = ma.fields.List(
        ma.fields.Str(), metadata={"description": "What nobody has compared, and why"}
    )
    differences = ma.fields.List(
        ma.fields.Str(), metadata={"description": "What differs beside single products"}
    )


class VendorBillQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(queries.SORTS)
    q = ma.fields.Str(load_default="", metadata={"description": "Number, vendor or note"})
    kind = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *KINDS]))
    state = ma.fields.Str(
        load_default="",
        validate=ma.validate.OneOf(["", *queries.STATES]),
        metadata={"description": "`matched` has those that differ, too; `differs` these alone"},
    )
    vendor = ma.fields.Int(load_default=None, metadata={"description": "Its id"})


class NewOrderMatchSchema(ma.Schema):
    """Which order of ours it is about."""

    order_number = ma.fields.Str(required=True, validate=ma.validate.Length(1, 100))


@bp.get("")
@requires(VIEW)
@bp.arguments(VendorBillQuery, location="query")
@bp.response(200, page_schema(VendorBillHeadSchema))
def list_vendor_bills(query: dict[str, Any]) -> dict[str, Any]:
    """List bills and purchase orders of the books that are connected."""
    paging = {name: query.pop(name) for name in ("page", "per_page", "sort")}
    found = queries.documents(search=query.pop("q"), vendor_id=query.pop("vendor"), **query)
    return page_of(found, paging, sorts=queries.SORTS)


@bp.get("/<int:document_id>")
@requires(VIEW)
@bp.response(200, VendorBillSchema)
def get_vendor_bill(document_id: int) -> dict[str, Any]:
    """Show a bill or a purchase order of the books, and how it stands with our orders."""
    return _said(document_id)


@bp.post("/<int:document_id>/matches")
@requires(MATCH)
@retried
@idempotent
@bp.arguments(NewOrderMatchSchema)
@bp.response(200, VendorBillSchema)
@bp.alt_response(409, description="It does not count any more (not_allowed)")
def match_vendor_bill(body: dict[str, Any], document_id: int) -> dict[str, Any]:
    """Say that it is about an order of ours; it may be about several."""
    one_or_404(queries.document(document_id))
    order = services.find_order(body["order_number"], field="order_number")
    services.match_document(document_id, order_id=order.id)
    return _said(document_id)


@bp.delete("/<int:document_id>/matches/<int:order_id>")
@requires(MATCH)
@retried
@idempotent
@bp.response(200, VendorBillSchema)
@bp.alt_response(409, description="It is not matched to that order (not_allowed)")
def unmatch_vendor_bill(document_id: int, order_id: int) -> dict[str, Any]:
    """Say that it is not about an order, which was matched or proposed."""
    one_or_404(queries.order_match(document_id, order_id))
    services.unmatch_document(document_id, order_id=order_id)
    return _said(document_id)


@bp.post("/<int:document_id>/separation")
@requires(MATCH)
@retried
@idempotent
@bp.response(200, VendorBillSchema)
@bp.alt_response(409, description="It is matched (not_allowed)")
def set_vendor_bill_apart(document_id: int) -> dict[str, Any]:
    """Say that it is about no order of ours: nobody is asked any more."""
    one_or_404(queries.document(document_id))
    services.set_apart(document_id)
    return _said(document_id)


def _said(document_id: int) -> dict[str, Any]:
    db.session.flush()
    query = queries.document(document_id).execution_options(populate_existing=True)
    document: VendorDocument = one_or_404(query)
    [state] = services.states_of([document])
    found = services.compare([document_id]).get(document_id)
    own = {
        name: getattr(document, field.attribute or name)
        for name, field in VendorBillHeadSchema().fields.items()
    }
    return own | {
        "match_state": state.word,
        "lines": document.lines,
        "comparison": found.rows if found else [],
        "differences": found.notes if found else [],
        "remarks": found.remarks if found else [],
    }
