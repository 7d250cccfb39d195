"""The lines of a purchase order while they are typed: products found, prices, sums."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from app.catalog.figures import figures_of
from app.catalog.models import Product, Vendor, VendorPart
from app.catalog.services.matching import ProductMatch
from app.core.db import db
from app.core.pages.lines import Column, LineEditor, put
from app.core.permissions import may
from app.core.quantities import LARGEST_QUANTITY
from app.core.settings import setting
from app.documents.models import Amounts, DocumentAmounts, LineTerms, document_amounts
from app.purchasing import services
from app.purchasing.forms import PurchaseOrderForm, PurchaseRow
from app.purchasing.prices import may_see_prices

EDITOR = LineEditor(
    rows="items",
    columns=(
        Column("sku", choices="purchase-products"),
        Column("description"),
        Column("quantity", is_number=True),
        Column("purchase_unit", is_short=True),
        Column("pack_quantity", is_number=True),
        Column("unit_price", is_number=True),
        Column("expected_on"),
    ),
    hidden=("id", "known", "part_number", "tax_rate"),
    says=("sku", "description", "quantity", "unit_price", "pack_quantity"),
    quantity="quantity",
    endpoint="purchase_orders.complete_lines",
    figures="purchasing/_line_figures.html",
    totals="purchasing/_line_totals.html",
    flags=("is_free",),
)
UNPRICED = replace(EDITOR, columns=tuple(c for c in EDITOR.columns if c.name != "unit_price"))


class Row(NamedTuple):
    """A row as it is shown: its fields, the product that its code means, and its figures."""

    fields: PurchaseRow
    match: ProductMatch | None
    problem: str
    available: Decimal | None
    amounts: Amounts | None

    @property
    def product(self) -> Product | None:
        """The product, if its code is known."""
        return self.match.product if self.match else None

    @property
    def units(self) -> Decimal | None:
        """How much one scan of the code is worth."""
        return self.match.units if self.match else None

    @property
    def pieces(self) -> Decimal | None:
        """What it comes to in the product's own unit, where that is not what is ordered."""
        quantity, pack = self.fields.quantity.data, self.fields.pack_quantity.data
        if not (_fits(quantity) and _fits(pack)) or pack == 1:
            return None
        pieces: Decimal = quantity * pack
        return pieces


class PurchaseLinesView(NamedTuple):
    """All rows, their sums, and from whom and in which currency they are."""

    rows: Sequence[Row]
    sums: DocumentAmounts
    currency: str
    vendor: str
    has_prices: bool

    @property
    def legend(self) -> str:
        """What stands above the lines."""
        return f"Lines from {self.vendor}" if self.vendor else "Lines"


def editor() -> LineEditor:
    """Give the editor as the person asking may see it."""
    return EDITOR if may_see_prices() else UNPRICED


def complete(form: PurchaseOrderForm) -> PurchaseLinesView:
    """Fill in what the products and the vendor's terms say, and add up.

    A row whose product has just been named gets its SKU, description and terms; one whose
    product has changed gets the new one's.
    """
    vendor = db.session.get(Vendor, form.vendor.data) if form.vendor.data else None
    currency = form.currency.data or (vendor.currency if vendor else str(setting("currency")))
    fields = [row.form for row in form.items]
    codes = {row.sku.data for row in fields if row.sku.data and not row.is_free.data}
    found = services.find_parts(vendor.id if vendor else None, codes, is_typed=True)
    matches = [None if row.is_free.data else found.matches.get(row.sku.data) for row in fields]
    problems = [_problem(row, one, found) for row, one in zip(fields, matches, strict=True)]
    for row, match in zip(fields, matches, strict=True):
        if match and row.known.data != match.product.sku:
            _fill(row, match, found, vendor, currency)
    terms = [_terms_of(row, form) for row in fields]
    sums = document_amounts([one for one in terms if one], currency=currency)
    priced = iter(sums.lines)
    amounts = [next(priced) if one else None for one in terms]
    rows = _rows(fields, matches, problems, amounts)
    name = vendor.name if vendor else ""
    return PurchaseLinesView(rows, sums, currency, name, may_see_prices())


def _rows(
    fields: Sequence[PurchaseRow],
    matches: Sequence[ProductMatch | None],
    problems: Sequence[str],
    amounts: Sequence[Amounts | None],
) -> list[Row]:
    ids = [match.product.id for match in matches if match]
    figures = figures_of(ids) if may("stock.view") else {}
    return [
        Row(
            row,
            match,
            problem,
            figures[match.product.id].available if match and figures else None,
            priced,
        )
        for row, match, problem, priced in zip(fields, matches, problems, amounts, strict=True)
    ]


def _problem(row: PurchaseRow, match: ProductMatch | None, found: services.FoundParts) -> str:
    """Say what is wrong with a code; the text of it stays as it was typed."""
    if not row.sku.data or row.is_free.data:
        return ""
    if row.sku.data in found.doubtful:
        return "Several products have such a code: choose one"
    if match is None:
        return "Unknown product"
    return "" if match.product.is_active else "Not in use any more"


def _fill(
    row: PurchaseRow,
    match: ProductMatch,
    found: services.FoundParts,
    vendor: Vendor | None,
    currency: str,
) -> None:
    product, is_other = match.product, bool(row.known.data)
    part = found.part_of(product.id, row.sku.data or "")
    put(row.sku, product.sku)
    put(row.known, product.sku)
    put(row.part_number, part.part_number if part else "")
    if is_other or not row.description.data:
        put(row.description, product.name)
    if is_other or row.pack_quantity.data is None:
        put(row.pack_quantity, part.pack_quantity if part else Decimal(1))
        put(row.purchase_unit, part.purchase_unit if part else "")
    if row.quantity.data is None and not any(row.quantity.raw_data or ()):
        put(row.quantity, match.units)
    if "unit_price" in row and (is_other or row.unit_price.data is None):
        put(row.unit_price, _usual_price(row, product, part, vendor, currency))


def _usual_price(
    row: PurchaseRow,
    product: Product,
    part: VendorPart | None,
    vendor: Vendor | None,
    currency: str,
) -> Decimal | None:
    """What one pack of the row costs; more lines of a product may reach a better break."""
    pack, quantity = row.pack_quantity.data, row.quantity.data
    if not (_fits(pack) and _fits(quantity) and pack):
        return None
    return services.usual_price(
        product,
        part,
        pack=pack,
        units=quantity * pack,
        currency=currency,
        vendor_currency=vendor.currency if vendor else currency,
    )


def _terms_of(row: PurchaseRow, form: PurchaseOrderForm) -> LineTerms | None:
    """None as long as quantity or price are missing, or no numbers that fit."""
    if "unit_price" not in row:
        return None
    own, quantity, price = row.tax_rate.data, row.quantity.data, row.unit_price.data
    rate = own if own is not None else form.tax_rate.data or Decimal(0)
    if not all(_fits(number) for number in (quantity, price, rate)):
        return None
    return LineTerms(quantity, price, rate)


def _fits(number: Decimal | None) -> bool:
    return number is not None and number.is_finite() and 0 <= number < LARGEST_QUANTITY
