"""What calls about goods at marketplaces give."""

from typing import Any

import marshmallow as ma

from app.core.api import PageQuery, Sort, page_schema
from app.integrations.marketplaces import queries
from app.invoices.api import Amount


class Row(ma.Schema):
    """What all of them say."""

    id = ma.fields.Int()
    connection_id = ma.fields.Int()
    sku = ma.fields.Str()
    fnsku = ma.fields.Str(metadata={"description": "The label of the marketplace"})


class MarketplaceStockSchema(Row):
    """A SKU as a marketplace said last that it stands."""

    asin = ma.fields.Str()
    name = ma.fields.Str()
    condition = ma.fields.Str()
    product_id = ma.fields.Int(
        allow_none=True, metadata={"description": "Ours, if it is known"}
    )
    fulfillable = ma.fields.Int()
    reserved = ma.fields.Int()
    unsellable = ma.fields.Int()
    researching = ma.fields.Int(metadata={"description": "Being looked for"})
    inbound = ma.fields.Int()
    receiving = ma.fields.Int()
    total = ma.fields.Int()
    changed_at = ma.fields.AwareDateTime(allow_none=True)


class LedgerEventSchema(Row):
    """A row of a marketplace's ledger; two that are equal are two events."""

    day = ma.fields.Date()
    event = ma.fields.Str()
    quantity = ma.fields.Int(metadata={"description": "With its sign for the stock"})
    reason = ma.fields.Str()
    disposition = ma.fields.Str()
    reference = ma.fields.Str()
    warehouse = ma.fields.Str()
    country = ma.fields.Str()
    reconciled = ma.fields.Int(allow_none=True)
    unreconciled = ma.fields.Int(allow_none=True)


class LedgerDaySchema(Row):
    """A SKU's day."""

    day = ma.fields.Date()
    disposition = ma.fields.Str()
    country = ma.fields.Str()
    opening = ma.fields.Int()
    receipts = ma.fields.Int()
    shipments = ma.fields.Int()
    returns = ma.fields.Int()
    removals = ma.fields.Int()
    found = ma.fields.Int()
    lost = ma.fields.Int()
    damaged = ma.fields.Int()
    disposed = ma.fields.Int()
    closing = ma.fields.Int()


class ReimbursementSchema(Row):
    """What was paid, or given in pieces; what was taken back is negative."""

    day = ma.fields.Date()
    number = ma.fields.Str()
    case = ma.fields.Str()
    order_number = ma.fields.Str()
    reason = ma.fields.Str()
    currency = ma.fields.Str()
    amount = Amount()
    paid_quantity = ma.fields.Int()
    given_quantity = ma.fields.Int()
    original_number = ma.fields.Str()


class MarketplaceReturnSchema(Row):
    """What a buyer has sent back."""

    day = ma.fields.Date()
    order_number = ma.fields.Str()
    quantity = ma.fields.Int()
    disposition = ma.fields.Str()
    reason = ma.fields.Str()
    status = ma.fields.Str()
    warehouse = ma.fields.Str()


class RemovalSchema(Row):
    """What we had sent back or disposed of."""

    day = ma.fields.Date()
    order_number = ma.fields.Str()
    kind = ma.fields.Str()
    status = ma.fields.Str()
    disposition = ma.fields.Str()
    requested = ma.fields.Int()
    cancelled = ma.fields.Int()
    disposed = ma.fields.Int()
    shipped = ma.fields.Int()
    in_process = ma.fields.Int()
    fee = Amount(allow_none=True)
    currency = ma.fields.Str()


class ShipmentLineSchema(Row):
    """What is in a shipment to a marketplace."""

    shipment = ma.fields.Str()
    name = ma.fields.Str(allow_none=True)
    warehouse = ma.fields.Str(allow_none=True)
    status = ma.fields.Str(allow_none=True)
    shipped = ma.fields.Int()
    received = ma.fields.Int()


class FeeEstimateSchema(Row):
    """What a sale of a SKU is estimated to cost."""

    asin = ma.fields.Str()
    currency = ma.fields.Str()
    price = Amount(allow_none=True)
    total = Amount(allow_none=True)
    referral = Amount(allow_none=True)
    fulfilment = Amount(allow_none=True)
    size_tier = ma.fields.Str()


StockPageSchema = page_schema(MarketplaceStockSchema)  # one, for all calls that list them
FeePageSchema = page_schema(FeeEstimateSchema)


class Wanted(PageQuery):
    """What is common to all of these lists."""

    search = ma.fields.Str(
        load_default="", metadata={"description": "A whole SKU, FNSKU or number"}
    )
    connection_id = ma.fields.Int(data_key="connection", load_default=None)


class Spanned(Wanted):
    """Days, as the marketplace counts them."""

    since = ma.fields.Date(data_key="from", load_default=None)
    until = ma.fields.Date(data_key="to", load_default=None)


class StockQuery(Wanted):
    """Filters of stock."""

    sort = Sort(queries.STOCK_SORTS, default="sku")
    state = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *queries.STATES]))


class FeeQuery(Wanted):
    """Filters of fees."""

    sort = Sort(queries.FEE_SORTS, default="sku")


class EventQuery(Spanned):
    """Filters of the ledger."""

    sort = Sort(queries.EVENT_SORTS, default="-day")
    event = ma.fields.Str(load_default="")
    unreconciled = ma.fields.Bool(load_default=False)


class DayQuery(Spanned):
    """Filters of days."""

    sort = Sort(queries.DAY_SORTS, default="-day")


class ReimbursementQuery(Spanned):
    """Filters of reimbursements."""

    sort = Sort(queries.REIMBURSEMENT_SORTS, default="-day")


class ReturnQuery(Spanned):
    """Filters of returns."""

    sort = Sort(queries.RETURN_SORTS, default="-day")
    disposition = ma.fields.Str(load_default="")


class RemovalQuery(Spanned):
    """Filters of removals."""

    sort = Sort(queries.REMOVAL_SORTS, default="-day")


class ShipmentQuery(Wanted):
    """Filters of shipments."""

    sort = Sort(queries.LINE_SORTS, default="-shipment")
    status = ma.fields.Str(
        load_default="", validate=ma.validate.OneOf(["", *queries.SHIPMENT_STATES])
    )
    short = ma.fields.Bool(
        load_default=False, metadata={"description": "Closed, and less received than was sent"}
    )


def asked(query: dict[str, Any]) -> dict[str, Any]:
    """Take the filters out of a query: what is left is the page that is wanted."""
    of_page = {"page", "per_page", "sort", "cursor"}
    return {name: query.pop(name) for name in [*query] if name not in of_page}
