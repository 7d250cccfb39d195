"""The columns of a file of purchase orders: one row for each line."""

from datetime import date

from sqlalchemy import Boolean, Date, Numeric

from app.catalog.rules import parse_code, parse_currency, parse_line, parse_text
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
from app.purchasing.prices import COSTS

FIELDS = (
    Field(
        name="number",
        label="Purchase order",
        parse=code(parse_code),
        parse_own=own_code(parse_code),
        aliases=(
            *("po", "po number", "purchase order number", "purchase order no", "order number"),
            *("order no", "number", "order reference", "Bestellnummer", "N° commande"),
        ),
        hint="Rows with the same number are one order.",
    ),
    Field(
        name="vendor",
        label="Vendor",
        parse=parse_line,
        aliases=("vendor code", "vendor name", "supplier", "supplier name", "Lieferant"),
        hint="Their code, or their name if only one has it.",
    ),
    Field(
        name="vendor_reference",
        label="Their order number",
        **no_number(parse_line),
        aliases=("vendor reference", "supplier reference", "reference"),
    ),
    Field(
        name="warehouse",
        label="Deliver to",
        parse=parse_line,
        aliases=("warehouse", "location", "ship to"),
        hint="The code of a warehouse; without it, the usual one.",
    ),
    Field(
        name="order_date",
        label="Order date",
        parse=date.fromisoformat,
        type=Date(),
        is_date=True,
        aliases=("date", "ordered on", "Bestelldatum"),
    ),
    Field(
        name="expected_on",
        label="Expected on",
        parse=date.fromisoformat,
        type=Date(),
        is_date=True,
        aliases=("due date", "expected date", "delivery date", "receipt date", "need by"),
        hint="Of the line.",
    ),
    Field(name="currency", label="Currency", parse=parse_currency, aliases=("currency code",)),
    Field(name="notes", label="Notes", parse=parse_text, aliases=("note", "comment", "memo")),
    Field(
        name="tax_rate",
        label="Tax rate",
        parse=percent,
        type=Numeric(7, 4),
        is_number=True,
        is_percent=True,
        aliases=("tax", "vat", "vat rate"),
        hint="In percent, of the line.",
    ),
    Field(
        name="sku",
        label="SKU",
        parse=code(parse_code),
        parse_own=own_code(parse_code),
        aliases=("product", "item", "item code", "article", "product code", "part number"),
        hint="Ours, a barcode, or what the vendor calls it.",
    ),
    Field(
        name="description",
        label="Description",
        parse=parse_line,
        aliases=("product name", "item name", "item description"),
    ),
    Field(
        name="quantity",
        label="Quantity",
        parse=quantity,
        type=Numeric(14, 3),
        is_number=True,
        aliases=("qty", "units", "ordered", "order qty", "order quantity", "Menge"),
        hint="In the unit of purchase.",
    ),
    Field(
        name="purchase_unit",
        label="Unit of purchase",
        parse=parse_line,
        aliases=("unit", "uom", "purchase uom"),
    ),
    Field(
        name="pack_quantity",
        label="Pack of",
        parse=quantity,
        type=Numeric(14, 3),
        is_number=True,
        aliases=("pack size", "pack quantity", "units per pack", "case size"),
        hint="How many pieces one unit of purchase holds.",
    ),
    Field(
        name="unit_price",
        label="Unit price",
        parse=amount,
        type=Numeric(14, 4),
        is_number=True,
        is_money=True,
        aliases=("price", "cost", "unit cost", "net price", "rate", "Einzelpreis"),
        hint="Of one unit of purchase; without it, by the vendor's terms.",
        permission=COSTS,
    ),
    Field(
        name="is_free",
        label="Free line",
        parse=yes_or_no,
        type=Boolean(),
        hint="Yes, if the line is about no product of ours, such as a service.",
    ),
)
OF_ORDER = ("vendor", "vendor_reference", "warehouse", "order_date", "currency", "notes")
OF_LINE = (
    *("sku", "description", "quantity", "purchase_unit", "pack_quantity", "unit_price"),
    *("tax_rate", "expected_on", "is_free"),
)
