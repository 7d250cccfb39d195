"""The shape of purchase orders for programs. Numbers travel as decimal strings."""

from typing import Any

import marshmallow as ma

from app.catalog.api.fields import Cost, Number
from app.catalog.rules import parse_code, parse_currency, parse_line, parse_text
from app.core.api import PageQuery, Sort
from app.core.quantities import MONEY_DECIMALS, QUANTITY_DECIMALS
from app.core.schemas import Text
from app.purchasing import queries
from app.purchasing.models import CHANNELS, STATUSES, PurchaseDraft
from app.purchasing.queries import STATES_OF_LIST
from app.purchasing.services.items import LONGEST_UNIT
from app.stock.api.fields import NamesProduct

MOST_LINES = 1_000
REASON = ma.validate.Length(max=500)


class Quantity(Number):
    """A quantity of zero or more."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(decimals=QUANTITY_DECIMALS, **kwargs)


class Percent(Number):
    """A rate in percent: 19 is nineteen of a hundred."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(decimals=MONEY_DECIMALS, **kwargs)


class PurchaseItemSchema(ma.Schema):
    """A line. What is sent names the product by its id, SKU, barcode or the vendor's number.

    `quantity` and `unit_price` are in the unit of purchase: `pack_quantity` of the product's
    own unit. What has come and what is open are in the product's own unit. Without `unit_price`
    it is the one of the vendor's terms; `total` is without tax.
    """

    id = ma.fields.Int(strict=True, metadata={"description": "Of the line: it is kept"})
    product_id = ma.fields.Int(strict=True, allow_none=True)
    sku = Text(parse_code)
    part_number = Text(parse_code, metadata={"description": "What the vendor calls it"})
    description = Text(parse_line)
    quantity = Quantity(required=True)
    purchase_unit = Text(parse_line, validate=ma.validate.Length(max=LONGEST_UNIT))
    pack_quantity = Quantity(
        metadata={"description": "How many of its own unit one of them holds; without it, 1"}
    )
    unit_price = Cost()
    tax_rate = Percent(metadata={"description": "In percent; without it, the order's"})
    expected_on = ma.fields.Date(allow_none=True)
    is_free = ma.fields.Bool(
        metadata={"description": "The line is about no product of ours, whatever its SKU"}
    )
    confirmed_on = ma.fields.Date(dump_only=True, allow_none=True)
    total = Cost(dump_only=True)
    ordered = Quantity(attribute="units_ordered", dump_only=True)
    received = Quantity(attribute="units_received", dump_only=True)
    cancelled = Quantity(attribute="units_cancelled", dump_only=True)
    open = Quantity(attribute="units_open", dump_only=True)

    @ma.post_load
    def _draft(self, values: dict[str, Any], **_rest: Any) -> PurchaseDraft:
        return PurchaseDraft(**values)


class PurchaseOrderSchema(ma.Schema):
    """A purchase order. Its amounts follow from its lines, rounded line by line."""

    id = ma.fields.Int(dump_only=True)
    number = ma.fields.Str(dump_only=True)
    vendor_id = ma.fields.Int(strict=True, required=True)
    vendor_name = ma.fields.Str(dump_only=True)
    vendor_reference = Text(parse_line, metadata={"description": "Their number for it"})
    warehouse_id = ma.fields.Int(
        strict=True,
        metadata={"description": "Where it is delivered; without it, the usual one"},
    )
    delivery_address = ma.fields.Str(
        dump_only=True,
        metadata={"description": "Of the customer to whom the vendor delivers; else empty"},
    )
    status = ma.fields.Str(dump_only=True, validate=ma.validate.OneOf(STATUSES))
    order_date = ma.fields.Date()
    expected_on = ma.fields.Date(allow_none=True)
    due_on = ma.fields.Date(
        dump_only=True,
        allow_none=True,
        metadata={"description": "The first day on which something open of it is due"},
    )
    currency = Text(parse_currency)
    tax_rate = Percent()
    items = ma.fields.List(
        ma.fields.Nested(PurchaseItemSchema),
        attribute="lines",
        validate=ma.validate.Length(max=MOST_LINES),
    )
    subtotal = Cost(dump_only=True)
    tax = Cost(dump_only=True)
    total_amount = Cost(attribute="total", dump_only=True)
    notes = Text(parse_text)
    cancel_reason = ma.fields.Str(dump_only=True)
    channel = ma.fields.Str(dump_only=True, validate=ma.validate.OneOf(CHANNELS))
    external_number = Text(parse_line, allow_none=True)
    approved_at = ma.fields.DateTime(dump_only=True, allow_none=True)
    sent_at = ma.fields.DateTime(dump_only=True, allow_none=True)
    confirmed_at = ma.fields.DateTime(dump_only=True, allow_none=True)
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})
    created_at = ma.fields.DateTime(dump_only=True)
    updated_at = ma.fields.DateTime(dump_only=True)

    @ma.post_load
    def _columns(self, values: dict[str, Any], **_rest: Any) -> dict[str, Any]:
        drafts = {"items": values.pop("lines")} if "lines" in values else {}
        return values | drafts


class PurchaseOrderQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(queries.SORTS)
    q = ma.fields.Str(load_default="", metadata={"description": "Number, vendor, their number"})
    status = ma.fields.Str(
        load_default="", validate=ma.validate.OneOf(["", *STATES_OF_LIST, *STATUSES])
    )
    vendor = ma.fields.Int(load_default=None, metadata={"description": "Its id"})
    since = ma.fields.Date(data_key="from", load_default=None)
    until = ma.fields.Date(data_key="to", load_default=None)


class PurchaseOrderSendingSchema(ma.Schema):
    """How it goes out: by e-mail, or by ways of your own. What is left out is as usual."""

    without_email = ma.fields.Bool(
        load_default=False, metadata={"description": "The vendor has got it by other ways"}
    )
    to = ma.fields.Str(data_key="to")
    subject = ma.fields.Str()
    text = ma.fields.Str()


class PurchaseOrderPartSchema(NamesProduct):
    """A line, by its id or by its product."""

    sku = ma.fields.Str(validate=ma.validate.Length(min=1))
    line_id = ma.fields.Int(strict=True)

    @ma.validates_schema
    def _one_name(self, body: dict[str, Any], **_rest: Any) -> None:
        if sum(name in body for name in ("sku", "product_id", "line_id")) != 1:
            reason = "Give one of line_id, sku and product_id."
            raise ma.ValidationError(reason, "line_id")


class ConfirmedLineSchema(PurchaseOrderPartSchema):
    """When a line comes."""

    confirmed_on = ma.fields.Date(required=True)


class PurchaseOrderConfirmationSchema(ma.Schema):
    """What the vendor says: for all lines that are open, or for single ones."""

    vendor_reference = Text(parse_line)
    confirmed_on = ma.fields.Date()
    items = ma.fields.List(ma.fields.Nested(ConfirmedLineSchema))
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})


class ClosedLineSchema(PurchaseOrderPartSchema):
    """So much of a line, in the product's own unit."""

    quantity = Quantity(required=True)


class PurchaseOrderClosureSchema(ma.Schema):
    """What is taken for enough; without items, all that is open."""

    items = ma.fields.List(ma.fields.Nested(ClosedLineSchema))
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})


class PurchaseOrderCancellationSchema(ma.Schema):
    """Why it is cancelled."""

    reason = ma.fields.Str(load_default="", validate=REASON)


class ApprovalLimitSchema(ma.Schema):
    """Up to which amount people of a role approve purchase orders in a currency."""

    id = ma.fields.Int(dump_only=True)
    role_id = ma.fields.Int(strict=True, required=True)
    currency = Text(parse_currency, required=True)
    amount = Number(decimals=MONEY_DECIMALS, required=True)
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})


class ChangedLimitSchema(ma.Schema):
    """Another amount: another role or currency is another limit."""

    id = ma.fields.Int(dump_only=True)
    role_id = ma.fields.Int(dump_only=True)
    currency = ma.fields.Str(dump_only=True)
    amount = Number(decimals=MONEY_DECIMALS)
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})
