"""The columns of a file of orders: one row for each line."""

from datetime import date
from typing import Any

from sqlalchemy import Boolean, Date, Numeric

from app.catalog.rules import parse_code, parse_line
from app.documents.models import parse_discount
from app.imports.definition import Field
from app.imports.parsers import (
    amount,
    code,
    no_number,
    own_code,
    percent,
    quantity,
    yes_or_no,
)
from app.orders.head import ADDRESS_FIELDS, HEAD, READ, HeadField, Kind
from app.orders.importers.foreign_columns import ORDERS as ELSEWHERE

OF_LINE = (
    "sku",
    "description",
    "quantity",
    "unit_price",
    "line_tax_rate",
    "line_discount",
    "is_free",
)


AMOUNT: dict[str, Any] = {"parse": amount, "type": Numeric(14, 4), "is_number": True}
# What a column holds, by the kind of its field; the others are read by the rule of theirs.
COLUMNS: dict[Kind, dict[str, Any]] = {
    Kind.DAY: {"parse": date.fromisoformat, "type": Date(), "is_date": True},
    Kind.MONEY: AMOUNT | {"is_money": True},
    Kind.PERCENT: {
        "parse": percent,
        "type": Numeric(7, 4),
        "is_number": True,
        "is_percent": True,
    },
    Kind.DISCOUNT: {
        "parse": parse_discount,
        "is_number": True,
        "is_money": True,
        "is_percent": True,
    },
}
NO_NUMBERS = {"customer_po", "ship_postcode", "ship_phone"}


def _read_as(one: HeadField) -> dict[str, Any]:
    if one.name in NO_NUMBERS:
        return no_number(READ[one.kind])
    return COLUMNS.get(one.kind) or {"parse": READ[one.kind]}


def _as_column(one: HeadField) -> Field:
    return Field(
        name=one.name,
        label=one.in_files or one.label,
        aliases=(*one.aliases, *ELSEWHERE.get(one.name, ())),
        hint=one.hint,
        **_read_as(one),
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
    *map(_as_column, HEAD),
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
    *map(_as_column, ADDRESS_FIELDS),
)
OF_ORDER = tuple(f.name for f in FIELDS if f.name not in {"number", *OF_LINE})
