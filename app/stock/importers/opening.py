"""Opening balances: what was counted, of which product and lot, where.

A file states what is on hand, so the same file twice moves nothing the second time.
"""

from datetime import date

from sqlalchemy import BigInteger, Date, Numeric

from app.catalog.rules import parse_code
from app.imports.definition import ASK_OWN_CODES, Field, Importer
from app.imports.parsers import code, own_code, quantity
from app.stock.importers.balances import CREATE_LOCATIONS, BalanceLoad

FIELDS = (
    Field(
        name="sku",
        label="SKU",
        parse=code(parse_code),
        parse_own=own_code(parse_code),
        aliases=(
            *("product number", "item number", "item code", "product code", "stock code"),
            *("article number", "item no", "Artikelnummer", "product", "item"),
        ),
        hint="Of a product that is in the catalogue.",
    ),
    Field(
        name="location",
        label="Location",
        parse=code(parse_code),
        parse_own=own_code(parse_code),
        aliases=("location code", "bin", "bin code", "shelf", "place", "Lagerplatz"),
        hint="The code of a bin; without one it is the company's default location.",
    ),
    Field(
        name="quantity",
        label="Quantity",
        parse=quantity,
        type=Numeric(14, 3),
        is_number=True,
        aliases=("qty", "on hand", "quantity on hand", "counted", "stock", "count", "Menge"),
        hint="How much was counted: it becomes what is on hand.",
    ),
    Field(
        name="lot",
        label="Lot or serial number",
        parse=code(parse_code),
        parse_own=own_code(parse_code),
        aliases=(
            *("lot", "lot number", "lot no", "batch", "batch number", "batch no", "Charge"),
            *("serial", "serial number", "serial no", "Seriennummer"),
        ),
        hint="Of products that are tracked: one row for each lot, or each piece.",
    ),
    Field(
        name="expires_on",
        label="Expires on",
        parse=date.fromisoformat,
        type=Date(),
        is_date=True,
        aliases=("expiry", "expiry date", "expiration date", "best before", "use by", "MHD"),
        hint="Of lots that have an expiry date.",
    ),
)

STOCK = Importer(
    kind="stock",
    label="Opening balances",
    permission="stock.import",
    fields=FIELDS,
    key=("sku", "quantity"),
    load=lambda staging: BalanceLoad(staging)(),
    options={CREATE_LOCATIONS: "Create missing locations as bins beside the default one"}
    | ASK_OWN_CODES,
    scratch={"location_id": BigInteger(), "lot_id": BigInteger()},
)
