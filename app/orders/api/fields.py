"""The shape of orders for programs: see API.md. Numbers travel as decimal strings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

import marshmallow as ma

from app.catalog.api.fields import Number
from app.catalog.rules import parse_code, parse_line
from app.core.api import PageQuery, Sort
from app.core.quantities import MONEY_DECIMALS, QUANTITY_DECIMALS
from app.core.schemas import Text
from app.documents.models import parse_discount
from app.orders.head import ADDRESS_FIELDS, AS_SAID, HEAD, READ, HeadField, Kind, by_kind
from app.orders.models import (
    CONDITIONS,
    RETURN_REASONS,
    STATUSES,
    ItemDraft,
    OrderLine,
    SalesOrder,
)
from app.orders.queries import SORTS, STATES_OF_LIST
from app.orders.services import with_bundles
from app.stock.api.fields import NamesProduct

MOST_LINES = 1_000
REASON = ma.validate.Length(max=500)


WHENCE = "hand, api, import, or the name of the system that it came from"


class Quantity(Number):
    """A quantity of zero or more."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(decimals=QUANTITY_DECIMALS, **kwargs)


class Money(Number):
    """An amount of zero or more, in the currency of the order."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(decimals=MONEY_DECIMALS, **kwargs)


class Percent(Money):
    """A rate in percent: 19 is nineteen of a hundred."""


class OrderComponentSchema(ma.Schema):
    """What a bundle of a line consists of, and how far it has got."""

    line_id = ma.fields.Int(attribute="id", metadata={"description": "Ships or returns it"})
    product_id = ma.fields.Int(allow_none=True)
    sku = ma.fields.Str()
    description = ma.fields.Str()
    per_bundle = Quantity()
    quantity = Quantity()
    reserved = Quantity()
    from_vendor = Quantity(attribute="quantity_direct")
    picked = Quantity(attribute="quantity_picked")
    shipped = Quantity(attribute="quantity_shipped")
    cancelled = Quantity(attribute="quantity_cancelled")
    returned = Quantity(attribute="quantity_returned")


class OrderItemSchema(ma.Schema):
    """A line. In what is sent, the product is named by its id, its SKU or a barcode."""

    id = ma.fields.Int(strict=True, metadata={"description": "Of the line: it is kept"})
    product_id = ma.fields.Int(strict=True, allow_none=True)
    sku = Text(parse_code)
    description = Text(parse_line)
    quantity = Quantity(required=True)
    unit_price = Money(metadata={"description": "Without it, the product's"})
    tax_rate = Percent(metadata={"description": "In percent; without it, the order's"})
    discount = Text(parse_discount, metadata={"description": f"Off the line: {AS_SAID}"})
    is_free = ma.fields.Bool(
        metadata={
            "description": "The line is about no product of ours, whatever its SKU: it is "
            "charged and leaves with the goods, and nobody picks it"
        },
    )
    components = ma.fields.List(
        ma.fields.Nested(OrderComponentSchema),
        dump_only=True,
        metadata={"description": "Of a bundle: what is reserved, picked and shipped for it"},
    )
    total = Money(dump_only=True, metadata={"description": "Without tax"})
    reserved = Quantity(dump_only=True)
    from_vendor = Quantity(
        attribute="quantity_direct",
        dump_only=True,
        metadata={"description": "What a vendor is still to deliver to the customer"},
    )
    picked = Quantity(attribute="quantity_picked", dump_only=True)
    shipped = Quantity(attribute="quantity_shipped", dump_only=True)
    cancelled = Quantity(attribute="quantity_cancelled", dump_only=True)
    returned = Quantity(attribute="quantity_returned", dump_only=True)

    @ma.post_load
    def _draft(self, values: dict[str, Any], **_rest: Any) -> ItemDraft:
        return ItemDraft(**values)


def _text(one: HeadField, **more: Any) -> Text:
    about = {"description": one.description} if one.description else {}
    return Text(READ[one.kind], metadata=about, **more)


def _number(of: type[Money]) -> Callable[[HeadField], Money]:
    def made(one: HeadField) -> Money:
        return of(metadata={"description": one.description} if one.description else {})

    return made


# How programs send and get a field of the head, by its kind.
KINDS = dict.fromkeys(Kind, _text) | {
    Kind.DAY: lambda one: ma.fields.Date(allow_none=one.is_optional),
    Kind.PERCENT: _number(Percent),
    Kind.MONEY: _number(Money),
}


class OrderAddressSchema(ma.Schema):
    """Where it goes; the street has as many lines as it needs."""

    class Meta:
        """Its fields, as an order has them."""

        include: ClassVar = {
            one.name: _text(one, data_key=one.name.removeprefix("ship_"))
            for one in ADDRESS_FIELDS
        }


class OrderSchema(ma.Schema):
    """A sales order. Its amounts follow from lines, discounts and shipping, rounded by line."""

    class Meta:
        """What people decide about all of it."""

        include: ClassVar = by_kind(HEAD, KINDS)

    id = ma.fields.Int(dump_only=True)
    order_number = ma.fields.Str(attribute="number", dump_only=True)
    customer_id = ma.fields.Int(strict=True, required=True)
    status = ma.fields.Str(dump_only=True, validate=ma.validate.OneOf(STATUSES))
    ship_by = ma.fields.AwareDateTime(allow_none=True)
    items = ma.fields.List(
        ma.fields.Nested(OrderItemSchema), validate=ma.validate.Length(max=MOST_LINES)
    )
    discount_amount = Money(
        dump_only=True,
        metadata={"description": "What the discount on the order comes to"},
    )
    subtotal = Money(
        dump_only=True, metadata={"description": "The sum of the lines, without tax"}
    )
    tax = Money(dump_only=True)
    total_amount = Money(attribute="total", dump_only=True)
    hold_reason = ma.fields.Str(dump_only=True)
    channel = ma.fields.Str(dump_only=True, metadata={"description": WHENCE})
    external_number = Text(parse_line, allow_none=True)
    split_from_id = ma.fields.Int(dump_only=True, allow_none=True)
    shipping_address = ma.fields.Nested(OrderAddressSchema, attribute="address")
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})
    created_at = ma.fields.DateTime(dump_only=True)
    updated_at = ma.fields.DateTime(dump_only=True)

    @ma.post_load
    def _columns(self, values: dict[str, Any], **_rest: Any) -> dict[str, Any]:
        return values | values.pop("address", {})


class OrderQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(SORTS)
    q = ma.fields.Str(load_default="", metadata={"description": "Number, PO or customer"})
    status = ma.fields.Str(
        load_default="", validate=ma.validate.OneOf(["", *STATES_OF_LIST, *STATUSES])
    )
    customer = ma.fields.Int(load_default=None, metadata={"description": "Its id"})
    since = ma.fields.Date(data_key="from", load_default=None)
    until = ma.fields.Date(data_key="to", load_default=None)


class OrderHoldSchema(ma.Schema):
    """Why it waits, or that it waits no more."""

    reason = ma.fields.Str(load_default="", validate=REASON)
    release = ma.fields.Bool(load_default=False)


class OrderCancellationSchema(ma.Schema):
    """Why it is cancelled."""

    reason = ma.fields.Str(load_default="", validate=REASON)


class OrderPartSchema(NamesProduct):
    """So much of a line, which is named by its id, or by its product."""

    sku = ma.fields.Str(validate=ma.validate.Length(min=1))
    line_id = ma.fields.Int(strict=True)
    quantity = Quantity(required=True)

    @ma.validates_schema
    def _one_name(self, body: dict[str, Any], **_rest: Any) -> None:
        if sum(name in body for name in ("sku", "product_id", "line_id")) != 1:
            reason = "Give one of line_id, sku and product_id."
            raise ma.ValidationError(reason, "line_id")


class ReturnedPartSchema(OrderPartSchema):
    """So much of a line that came back; of what is tracked, of which lot or which pieces."""

    lot = ma.fields.Str(
        validate=ma.validate.Length(max=20_000),
        metadata={"description": "Serial numbers of several pieces are parted by blanks"},
    )


class OrderShipmentSchema(ma.Schema):
    """What is shipped; without items, all that is reserved."""

    items = ma.fields.List(ma.fields.Nested(OrderPartSchema))


class ShippedPartSchema(ma.Schema):
    """What left of a product, and from where."""

    sku = ma.fields.Str(attribute="product.sku")
    lot = ma.fields.Str(
        attribute="lot.code", allow_none=True, metadata={"description": "Or serial number"}
    )
    quantity = Quantity()
    location = ma.fields.Str(attribute="from_location.code")


class ShipmentSchema(ma.Schema):
    """What left in one go."""

    posting_id = ma.fields.Int()
    shipped_at = ma.fields.DateTime()
    items = ma.fields.List(ma.fields.Nested(ShippedPartSchema))
    refusal = ma.fields.Str(metadata={"description": "Why it cannot be undone, if so"})


class OrderReturnSchema(ma.Schema):
    """What came back, and where it was put; without a location, the default one."""

    items = ma.fields.List(
        ma.fields.Nested(ReturnedPartSchema), required=True, validate=ma.validate.Length(min=1)
    )
    reason = ma.fields.Str(required=True, validate=ma.validate.OneOf(RETURN_REASONS))
    condition = ma.fields.Str(load_default="good", validate=ma.validate.OneOf(CONDITIONS))
    location = ma.fields.Str(validate=ma.validate.Length(min=1))
    note = ma.fields.Str(load_default="", validate=REASON)


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line with what is reserved for it, as one thing to show."""

    line: OrderLine
    reserved: Decimal
    components: Sequence["ShownLine"] = ()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.line, name)


@dataclass(frozen=True, slots=True)
class ShownOrder:
    """An order with its lines as they are shown."""

    order: SalesOrder
    items: list[ShownLine]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.order, name)


def shown(order: SalesOrder, reserved: Mapping[int, Decimal]) -> ShownOrder:
    """Put an order and what is reserved for its lines together."""
    held = with_bundles(order, reserved)
    lines = [_shown(line, held) for line in order.lines]
    return ShownOrder(order, lines)


def _shown(line: OrderLine, reserved: Mapping[int, Decimal]) -> ShownLine:
    parts = [_shown(one, reserved) for one in line.components] if line.is_bundle else []
    return ShownLine(line, reserved.get(line.id, Decimal(0)), parts)
