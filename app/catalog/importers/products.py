"""Products from a file, with their barcodes and vendor part numbers, and into one."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, Boolean, Numeric, Select, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from app.catalog import queries
from app.catalog.costs import COSTS
from app.catalog.importers.barcodes import parse_barcodes, parse_own_barcodes, written_barcode
from app.catalog.importers.filters import is_in_use, searched, text
from app.catalog.importers.foreign_columns import PRODUCTS as ELSEWHERE
from app.catalog.importers.product_upsert import ProductUpsert
from app.catalog.models import TRACKINGS, Barcode, Product, Vendor, VendorPart
from app.catalog.rules import parse_code, parse_currency, parse_line, parse_text
from app.core.db import Money
from app.imports.definition import ASK_OWN_CODES, Field, Importer
from app.imports.parsers import amount, code, days, own_code, quantity, yes_or_no

GTIN = ("gtin", "gtin14", "gtin13", "ean", "ean13", "ean code", "upc", "upca", "upc code")


def _tracking(text: str) -> str:
    """Read how a product is tracked, by our word for it or what the form says."""
    words = {said.casefold(): word for word, said in TRACKINGS.items()}
    word = words.get(text.casefold(), text.casefold())
    if word not in TRACKINGS:
        raise ValueError(f"Write one of {', '.join(TRACKINGS)}.")
    return word


FIELDS = (
    Field(
        name="sku",
        label="SKU",
        parse=code(parse_code),
        parse_own=own_code(parse_code),
        aliases=(
            *ELSEWHERE["sku"],  # beside it, eBay's "Item number" is that of an offer
            *("product number", "item number", "item code", "product code", "stock code"),
            *("article number", "item no", "article no", "Artikelnummer", "Référence", "code"),
            *("part number", *GTIN),
        ),
        hint="How products are matched; every product has another one.",
    ),
    Field(
        name="name",
        label="Name",
        parse=parse_line,
        aliases=(
            "product name",
            "item name",
            "product",
            "item",
            "title",
            "Bezeichnung",
            *ELSEWHERE["name"],
        ),
        hint="A new product needs one.",
    ),
    Field(
        name="description",
        label="Description",
        parse=parse_text,
        aliases=(
            "product description",
            "item description",
            "long description",
            *ELSEWHERE["description"],
        ),
    ),
    Field(
        name="category",
        label="Category",
        parse=parse_line,
        aliases=(
            "product category",
            "group",
            "product group",
            "department",
            *ELSEWHERE["category"],
        ),
    ),
    Field(
        name="price",
        label="Price",
        parse=amount,
        type=Money,
        is_number=True,
        is_money=True,
        aliases=(
            "list price",
            "unit price",
            "sales price",
            "selling price",
            "retail price",
            *ELSEWHERE["price"],
        ),
    ),
    Field(
        name="cost",
        label="Cost",
        permission=COSTS,
        parse=amount,
        type=Money,
        is_number=True,
        is_money=True,
        aliases=(
            "standard cost",
            "unit cost",
            "cost price",
            "purchase price",
            *ELSEWHERE["cost"],
        ),
    ),
    Field(name="currency", label="Currency", parse=parse_currency, aliases=("currency code",)),
    Field(
        name="unit",
        label="Unit",
        parse=parse_line,
        aliases=("unit of measure", "uom", "units", *ELSEWHERE["unit"]),
    ),
    Field(name="tax_class", label="Tax class", parse=parse_line, aliases=("tax code", "tax")),
    Field(
        name="supplier",
        label="Supplier",
        parse=parse_line,
        aliases=(
            "vendor",
            "supplier code",
            "vendor code",
            "supplier name",
            "vendor name",
            *ELSEWHERE["supplier"],
        ),
        hint="The code or the name of a vendor that exists.",
    ),
    Field(
        name="vendor_part_number",
        label="Vendor part number",
        parse=code(parse_code),
        parse_own=own_code(parse_code),
        aliases=("supplier part number", "vendor sku", "supplier sku", "manufacturer part no"),
        hint="What the supplier calls the product.",
    ),
    Field(
        name="weight",
        label="Weight",
        parse=quantity,
        type=Numeric(14, 3),
        is_number=True,
        aliases=("weight kg", "gross weight", *ELSEWHERE["weight"]),
        hint="In kilograms.",
    ),
    Field(
        name="reorder_point",
        label="Reorder point",
        parse=quantity,
        type=Numeric(14, 3),
        is_number=True,
        aliases=("reorder level", "minimum stock", "min stock", *ELSEWHERE["reorder_point"]),
    ),
    Field(
        name="reorder_quantity",
        label="Reorder quantity",
        parse=quantity,
        type=Numeric(14, 3),
        is_number=True,
        aliases=("reorder qty", "order quantity"),
    ),
    Field(
        name="maximum_stock",
        label="Maximum stock",
        parse=quantity,
        type=Numeric(14, 3),
        is_number=True,
        aliases=("maximum", "max stock"),
    ),
    Field(
        name="safety_stock",
        label="Safety stock",
        parse=quantity,
        type=Numeric(14, 3),
        is_number=True,
        aliases=("safety", "buffer stock"),
    ),
    Field(
        name="lead_time_days",
        label="Lead time in days",
        parse=days,
        type=BigInteger(),
        is_number=True,
        aliases=("lead time", "lead time days"),
    ),
    Field(
        name="tracking",
        label="Tracked",
        parse=_tracking,
        aliases=("tracking", "tracked by", "lot or serial"),
        hint="none, lot or serial.",
    ),
    Field(
        name="has_expiry",
        label="Has expiry dates",
        parse=yes_or_no,
        type=Boolean(),
        aliases=("expiry", "expires", "perishable", "use expiration date"),
    ),
    Field(
        name="is_active",
        label="Active",
        parse=yes_or_no,
        type=Boolean(),
        aliases=("status", "enabled", "is active", *ELSEWHERE["is_active"]),
    ),
    Field(
        name="barcodes",
        label="Barcodes",
        parse=code(parse_barcodes),
        parse_own=own_code(parse_own_barcodes),
        type=JSONB(),
        aliases=("barcode", *GTIN, *ELSEWHERE["barcodes"]),
        hint="Several are parted by ; and a carton's units follow a star: 14006381333938*12.",
    ),
)


def export(filters: Mapping[str, str]) -> Select[Any]:
    """The products that the filters of their list let through, in the order of the fields."""
    lines = func.string_agg(written_barcode(), aggregate_order_by(literal("; "), Barcode.id))
    barcodes = select(lines).where(Barcode.product_id == Product.id)
    part_number = (
        select(VendorPart.part_number)
        .where(VendorPart.product_id == Product.id, VendorPart.vendor_id == Product.supplier_id)
        .order_by(VendorPart.id)
        .limit(1)
    )
    other = {
        "supplier": Vendor.code,
        "vendor_part_number": part_number.scalar_subquery(),
        "barcodes": barcodes.scalar_subquery(),
    }
    columns: list[Any] = [other.get(f.name, getattr(Product, f.name, None)) for f in FIELDS]
    supplier = filters.get("supplier") or filters.get("supplier_id") or ""
    found = queries.products(
        search=searched(filters),
        category=text(filters, "category"),
        supplier_id=int(supplier) if supplier.isdecimal() else None,
        is_active=is_in_use(filters),
    )
    found = found.outerjoin(Vendor, Vendor.id == Product.supplier_id)
    return found.with_only_columns(*columns).order_by(Product.sku)


PRODUCTS = Importer(
    kind="products",
    label="Products",
    permission="products.import",
    fields=FIELDS,
    key=("sku",),
    load=lambda staging: ProductUpsert(staging)(),
    export=export,
    options=ASK_OWN_CODES,
    scratch={"supplier_id": BigInteger(), "part_vendor_id": BigInteger()},
)
