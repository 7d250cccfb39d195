"""The columns of a file of orders: one row for each line."""

from datetime import date

from sqlalchemy import Boolean, Date, Numeric

from app.catalog.rules import parse_code, parse_country, parse_currency, parse_line, parse_text
from app.documents.models import parse_discount
from app.imports.definition import Field
from app.imports.parsers import amount, code, own_code, percent, quantity, yes_or_no
from app.orders.importers.foreign_columns import ORDERS as ELSEWHERE
from app.orders.models import ADDRESS

OF_LINE = (
    "sku",
    "description",
    "quantity",
    "unit_price",
    "line_tax_rate",
    "line_discount",
    "is_free",
)


FIELDS = (
    Field(
        name="number",
        label="Order number",
        parse=code(parse_code),
        parse_own=own_code(parse_code),
        aliases=(
            "order",
            "order no",
            "number",
            "order id",
            "so number",
            "increment id",
            *ELSEWHERE["number"],
        ),
        beside={"Name": "Lineitem sku"},
        hint="Rows with the same number are one order.",
    ),
    Field(
        name="customer",
        label="Customer",
        parse=parse_line,
        aliases=("customer code", "client", "sold to", "customer name", *ELSEWHERE["customer"]),
        hint="Their code, or their name if only one has it.",
    ),
    Field(
        name="order_date",
        label="Order date",
        parse=date.fromisoformat,
        type=Date(),
        is_date=True,
        aliases=("date", "ordered on", *ELSEWHERE["order_date"]),
    ),
    Field(
        name="delivery_date",
        label="Delivery date",
        parse=date.fromisoformat,
        type=Date(),
        is_date=True,
        aliases=("deliver on", "due date", "requested date"),
    ),
    Field(
        name="customer_po",
        label="Customer PO",
        parse=parse_line,
        aliases=(
            "po",
            "po number",
            "their order number",
            "reference",
            *ELSEWHERE["customer_po"],
        ),
    ),
    Field(name="currency", label="Currency", parse=parse_currency, aliases=("currency code",)),
    Field(name="notes", label="Notes", parse=parse_text, aliases=("note", "comment")),
    Field(
        name="tax_rate",
        label="Order tax rate",
        parse=percent,
        type=Numeric(7, 4),
        is_number=True,
        is_percent=True,
        hint="In percent; the usual rate of its lines.",
    ),
    Field(
        name="discount",
        label="Order discount",
        parse=parse_discount,
        is_number=True,
        is_money=True,
        is_percent=True,
        aliases=("discount on the order", "whole order discount"),
        hint="Off all lines: 10%, or an amount. A cell with a percentage is one.",
    ),
    Field(
        name="shipping_amount",
        label="Shipping",
        parse=amount,
        type=Numeric(14, 4),
        is_number=True,
        is_money=True,
        aliases=("shipping cost", "shipping charge", *ELSEWHERE["shipping_amount"]),
        hint="Without tax.",
    ),
    Field(
        name="shipping_tax_rate",
        label="Tax on shipping",
        parse=percent,
        type=Numeric(7, 4),
        is_number=True,
        is_percent=True,
        hint="In percent; without it, the order's.",
    ),
    Field(
        name="sku",
        label="SKU",
        parse=code(parse_code),
        parse_own=own_code(parse_code),
        aliases=("product", "item", "item code", "article", "product code", *ELSEWHERE["sku"]),
    ),
    Field(
        name="description",
        label="Description",
        parse=parse_line,
        aliases=("product name", *ELSEWHERE["description"]),
    ),
    Field(
        name="quantity",
        label="Quantity",
        parse=quantity,
        type=Numeric(14, 3),
        is_number=True,
        aliases=("qty", "units", "ordered", *ELSEWHERE["quantity"]),
    ),
    Field(
        name="unit_price",
        label="Unit price",
        parse=amount,
        type=Numeric(14, 4),
        is_number=True,
        is_money=True,
        aliases=("price", "net price", *ELSEWHERE["unit_price"]),
        hint="Without it, the product's.",
    ),
    Field(
        name="line_discount",
        label="Discount",
        parse=parse_discount,
        is_number=True,
        is_money=True,
        is_percent=True,
        aliases=("line discount", *ELSEWHERE["line_discount"]),
        hint="Off the line: 10%, or an amount.",
    ),
    Field(
        name="line_tax_rate",
        label="Tax rate",
        parse=percent,
        type=Numeric(7, 4),
        is_number=True,
        is_percent=True,
        aliases=("tax", "vat", "vat rate", *ELSEWHERE["line_tax_rate"]),
        hint="In percent; without it, the order's.",
    ),
    Field(
        name="is_free",
        label="Free line",
        parse=yes_or_no,
        type=Boolean(),
        hint="Yes, if the line is about no product of ours, such as a service.",
    ),
    *(
        Field(
            name=name,
            label=f"Ship to {name.removeprefix('ship_')}",
            parse={"ship_street": parse_text, "ship_country": parse_country}.get(
                name, parse_line
            ),
            aliases=(f"shipping {name.removeprefix('ship_')}", *ELSEWHERE[name]),
        )
        for name in ADDRESS
    ),
)
OF_ORDER = tuple(f.name for f in FIELDS if f.name not in {"number", *OF_LINE})
