"""The columns of a file of orders: one row for each line."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Date, Numeric

from app.catalog.rules import parse_country, parse_currency, parse_line, parse_text
from app.imports.definition import Field
from app.imports.parsers import amount, code, quantity
from app.orders.models import ADDRESS

MOST_PERCENT = 100
OF_LINE = ("sku", "description", "quantity", "unit_price", "line_tax_rate")


def day(text: str) -> date:
    """A date as ISO 8601 writes it; of a spreadsheet's moment, its day."""
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise ValueError("Write the date as 2026-03-31.") from None


def percent(text: str) -> Decimal:
    """A rate in percent."""
    rate = amount(text.removesuffix("%").strip())
    if rate > MOST_PERCENT:
        raise ValueError("A tax rate is from 0 to 100 percent.")
    return rate


FIELDS = (
    Field(
        name="number",
        label="Order number",
        parse=code(parse_line),
        aliases=("order", "order no", "number", "order id", "so number", "increment id"),
        hint="Rows with the same number are one order.",
    ),
    Field(
        name="customer",
        label="Customer",
        parse=parse_line,
        aliases=("customer code", "client", "sold to", "customer name"),
        hint="Their code, or their name if only one has it.",
    ),
    Field(
        name="order_date",
        label="Order date",
        parse=day,
        type=Date(),
        aliases=("date", "ordered on"),
    ),
    Field(
        name="delivery_date",
        label="Delivery date",
        parse=day,
        type=Date(),
        aliases=("deliver on", "due date", "requested date"),
    ),
    Field(
        name="customer_po",
        label="Customer PO",
        parse=parse_line,
        aliases=("po", "po number", "their order number", "reference"),
    ),
    Field(name="currency", label="Currency", parse=parse_currency, aliases=("currency code",)),
    Field(name="notes", label="Notes", parse=parse_text, aliases=("note", "comment")),
    Field(
        name="tax_rate",
        label="Order tax rate",
        parse=percent,
        type=Numeric(7, 4),
        is_number=True,
        hint="In percent; the usual rate of its lines.",
    ),
    Field(
        name="sku",
        label="SKU",
        parse=code(parse_line),
        aliases=("product", "item", "item code", "article", "product code"),
    ),
    Field(name="description", label="Description", parse=parse_line, aliases=("product name",)),
    Field(
        name="quantity",
        label="Quantity",
        parse=quantity,
        type=Numeric(14, 3),
        is_number=True,
        aliases=("qty", "units", "ordered"),
    ),
    Field(
        name="unit_price",
        label="Unit price",
        parse=amount,
        type=Numeric(14, 4),
        is_number=True,
        aliases=("price", "net price"),
        hint="Without it, the product's.",
    ),
    Field(
        name="line_tax_rate",
        label="Tax rate",
        parse=percent,
        type=Numeric(7, 4),
        is_number=True,
        aliases=("tax", "vat", "vat rate"),
        hint="In percent; without it, the order's.",
    ),
    *(
        Field(
            name=name,
            label=f"Ship to {name.removeprefix('ship_')}",
            parse={"ship_street": parse_text, "ship_country": parse_country}.get(
                name, parse_line
            ),
            aliases=(f"shipping {name.removeprefix('ship_')}",),
        )
        for name in ADDRESS
    ),
)
OF_ORDER = tuple(f.name for f in FIELDS if f.name not in {"number", *OF_LINE})
