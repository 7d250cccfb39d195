"""Returns to vendors for programs."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import marshmallow as ma

from app.catalog.api.fields import Cost
from app.catalog.services.matching import find_products
from app.core.api import Blueprint, PageQuery, Sort, page_of, page_schema
from app.core.db import db, retried
from app.core.errors import Invalid, in_row
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.web import one_or_404
from app.purchasing.prices import COSTS
from app.stock.api.fields import Quantity
from app.vendor_returns import queries, services
from app.vendor_returns.models import CAUSES, STATES, VendorReturn

bp = Blueprint(
    "vendor_returns_api",
    __name__,
    url_prefix="/api/v1/vendor-returns",
    description="Goods that go back to their vendors, and the credit for them",
)
VIEW, EDIT, SEND = "vendor_returns.view", "vendor_returns.edit", "vendor_returns.send"
WRONG_STATE = "It is in a state in which this is not done (not_allowed)"
TEXT = ma.validate.Length(max=500)


class VendorReturnItemSchema(ma.Schema):
    """So much of a product, or of a line of a goods receipt, that goes back.

    `unit_price` is the credit expected of one; without it what was ordered at, else the cost.
    """

    sku = ma.fields.Str(validate=ma.validate.Length(1, 100))
    product_id = ma.fields.Int(strict=True)
    receipt_item_id = ma.fields.Int(strict=True)
    quantity = Quantity(required=True)
    unit_price = Cost()

    @ma.validates_schema
    def _one_name(self, body: dict[str, Any], **_rest: Any) -> None:
        if sum(name in body for name in ("sku", "product_id", "receipt_item_id")) != 1:
            reason = "Give one of sku, product_id and receipt_item_id."
            raise ma.ValidationError(reason, "sku")


class NewVendorReturnSchema(ma.Schema):
    """What goes back; without a warehouse, out of the one that it came to."""

    vendor_id = ma.fields.Int(strict=True, required=True)
    warehouse_id = ma.fields.Int(strict=True)
    cause = ma.fields.Str(load_default="other", validate=ma.validate.OneOf(CAUSES))
    their_reference = ma.fields.Str(load_default="", validate=TEXT)
    note = ma.fields.Str(load_default="", validate=TEXT)
    items = ma.fields.List(
        ma.fields.Nested(VendorReturnItemSchema),
        required=True,
        validate=ma.validate.Length(1, 200),
    )


class VendorReturnLineSchema(ma.Schema):
    """A line; `put_aside`: it was, and leaves from there."""

    id = ma.fields.Int()
    product_id = ma.fields.Int()
    sku = ma.fields.Str(attribute="product.sku")
    receipt_item_id = ma.fields.Int(attribute="receipt_line_id", allow_none=True)
    put_aside = ma.fields.Bool(attribute="is_aside")
    quantity = Quantity()
    unit_price = Cost()


class VendorReturnSchema(ma.Schema):
    """A return to a vendor, and the credit that is expected and granted, without tax."""

    id = ma.fields.Int()
    number = ma.fields.Str()
    vendor_id = ma.fields.Int()
    vendor_name = ma.fields.Str(attribute="vendor.name")
    warehouse_id = ma.fields.Int()
    status = ma.fields.Str(validate=ma.validate.OneOf(STATES))
    from_customer = ma.fields.Bool(
        attribute="is_direct", metadata={"description": "It went back without coming to us"}
    )
    cause = ma.fields.Str(validate=ma.validate.OneOf(CAUSES))
    their_reference = ma.fields.Str()
    note = ma.fields.Str()
    currency = ma.fields.Str()
    expected_credit = Cost()
    granted_credit = Cost()
    credit_note = ma.fields.Str()
    credited_on = ma.fields.Date(allow_none=True)
    sent_at = ma.fields.DateTime(allow_none=True)
    created_at = ma.fields.DateTime()
    items = ma.fields.List(ma.fields.Nested(VendorReturnLineSchema), attribute="lines")


class VendorReturnQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(queries.SORTS)
    q = ma.fields.Str(load_default="", metadata={"description": "Number, vendor, SKU"})
    status = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *STATES]))
    vendor = ma.fields.Int(load_default=None, metadata={"description": "Its id"})


class VendorReturnCreditSchema(ma.Schema):
    """What the vendor has granted: zero is a refusal."""

    amount = Cost(required=True, is_needed=True)
    credit_note = ma.fields.Str(load_default="", validate=TEXT)
    credited_on = ma.fields.Date(load_default=None, allow_none=True)


@bp.get("")
@requires(VIEW)
@bp.arguments(VendorReturnQuery, location="query")
@bp.response(200, page_schema(VendorReturnSchema))
def list_vendor_returns(query: dict[str, Any]) -> dict[str, Any]:
    """List returns to vendors, by `sort=number`."""
    paging = {name: query.pop(name) for name in ("page", "per_page", "sort")}
    found = queries.returns(
        search=query.pop("q"), vendor_id=query.pop("vendor"), status=query.pop("status")
    )
    return page_of(found, paging, sorts=queries.SORTS)


@bp.post("")
@requires(EDIT)
@retried
@idempotent
@bp.arguments(NewVendorReturnSchema)
@bp.response(201, VendorReturnSchema)
def create_vendor_return(body: dict[str, Any]) -> VendorReturn:
    """Write down what goes back to a vendor: nothing moves yet."""
    items = [_item(row, item) for row, item in enumerate(body.pop("items"))]
    made = services.create_return(items=items, key=f"api:return:{uuid4()}", **body)
    return _fresh(made.id)


@bp.get("/<int:return_id>")
@requires(VIEW)
@bp.response(200, VendorReturnSchema)
def get_vendor_return(return_id: int) -> VendorReturn:
    """Show a return to a vendor."""
    return _fresh(return_id)


@bp.post("/<int:return_id>/send")
@requires(SEND)
@retried
@idempotent
@bp.response(200, VendorReturnSchema)
@bp.alt_response(409, description=f"{WRONG_STATE}, or too few are available")
def send_vendor_return(return_id: int) -> VendorReturn:
    """Let the goods leave: what was put aside from there, the rest as it is picked."""
    _fresh(return_id)
    services.send_return(return_id)
    return _fresh(return_id)


@bp.post("/<int:return_id>/reversal")
@requires(SEND)
@retried
@idempotent
@bp.response(200, VendorReturnSchema)
@bp.alt_response(409, description=WRONG_STATE)
def undo_vendor_return(return_id: int) -> VendorReturn:
    """Undo that a return has left: its goods lie again where they lay."""
    _fresh(return_id)
    services.undo_sending(return_id)
    return _fresh(return_id)


@bp.post("/<int:return_id>/credit")
@requires(COSTS)
@retried
@idempotent
@bp.arguments(VendorReturnCreditSchema)
@bp.response(200, VendorReturnSchema)
@bp.alt_response(409, description=WRONG_STATE)
def credit_vendor_return(body: dict[str, Any], return_id: int) -> VendorReturn:
    """Note what the vendor has granted."""
    _fresh(return_id)
    services.credit_return(return_id, **body)
    return _fresh(return_id)


@bp.post("/<int:return_id>/reopen")
@requires(COSTS)
@retried
@idempotent
@bp.response(200, VendorReturnSchema)
@bp.alt_response(409, description=WRONG_STATE)
def reopen_vendor_return(return_id: int) -> VendorReturn:
    """Take a credit back that was noted wrongly: it is expected again."""
    _fresh(return_id)
    services.reopen_return(return_id)
    return _fresh(return_id)


@bp.post("/<int:return_id>/cancel")
@requires(EDIT)
@retried
@idempotent
@bp.response(200, VendorReturnSchema)
@bp.alt_response(409, description=WRONG_STATE)
def cancel_vendor_return(return_id: int) -> VendorReturn:
    """Cancel a return that has not left."""
    _fresh(return_id)
    services.cancel_return(return_id)
    return _fresh(return_id)


def _fresh(return_id: int) -> VendorReturn:
    db.session.flush()
    query = queries.vendor_return(return_id).execution_options(populate_existing=True)
    return one_or_404(query)


def _item(row: int, item: Mapping[str, Any]) -> services.ReturnItem:
    product_id = item.get("product_id")
    if "sku" in item:
        found = find_products([item["sku"]])
        with in_row("items", row):
            if item["sku"] not in found.matches:
                raise Invalid("sku", f"There is no product {item['sku']}.")
        product_id = found.matches[item["sku"]].product.id
    return services.ReturnItem(
        item["quantity"],
        product_id=product_id,
        receipt_line_id=item.get("receipt_item_id"),
        unit_price=item.get("unit_price"),
    )
