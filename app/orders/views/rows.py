"""The lines of an order while they are typed: products found, prices filled in, sums."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from app.catalog.figures import figures_of
from app.catalog.models import Customer, Product
from app.core.db import db
from app.core.pages.lines import Column, LineEditor, put
from app.core.permissions import may
from app.core.quantities import LARGEST_QUANTITY
from app.core.settings import setting
from app.documents.models import (
    Amounts,
    DocumentAmounts,
    LineTerms,
    Shipping,
    document_amounts,
    parse_discount,
    read_discount,
)
from app.orders import services
from app.orders.forms import ItemRow, OrderForm

ZERO = Decimal(0)


EDITOR = LineEditor(
    rows="items",
    columns=(
        Column("sku", choices="order-products"),
        Column("description"),
        Column("quantity", is_number=True),
        Column("unit_price", is_number=True),
        Column("discount", is_short=True),
        Column("tax_rate", unit="%", is_number=True),
    ),
    hidden=("id", "known"),
    says=("sku", "description", "quantity", "unit_price", "discount"),
    quantity="quantity",
    endpoint="orders.complete_lines",
    figures="orders/_line_figures.html",
    totals="orders/_line_totals.html",
    flags=("is_free",),
)


class Row(NamedTuple):
    """A row as it is shown: its fields, the product that its code means, and its figures."""

    fields: ItemRow
    match: services.ProductMatch | None
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


class OrderLinesView(NamedTuple):
    """All rows, their sums, and whom and in which currency they are for."""

    rows: Sequence[Row]
    sums: DocumentAmounts
    currency: str
    customer: str

    @property
    def legend(self) -> str:
        """What stands above the lines."""
        return f"Lines for {self.customer}" if self.customer else "Lines"


def complete(form: OrderForm, *, fixed: tuple[str, str] | None = None) -> OrderLinesView:
    """Fill in what the products say, and add up.

    A row whose product has just been named gets its SKU, description, price, and the units
    that a carton's code is worth; one whose product has changed gets the new one's.
    `fixed` are currency and customer of an order in which they do not change any more.
    """
    currency, customer = fixed or _terms(form)
    fields = [row.form for row in form.items]
    named = services.find_products({row.sku.data for row in fields if row.sku.data})
    matches = [
        None if row.is_free.data else named.matches.get(row.sku.data or "") for row in fields
    ]
    problems = [_problem(row, found, named) for row, found in zip(fields, matches, strict=True)]
    for row, found in zip(fields, matches, strict=True):
        if found and row.known.data != found.product.sku:
            _fill(row, found, currency)
    terms = [_terms_of(row, _rate(form)) for row in fields]
    sums = document_amounts(
        [one for one in terms if one],
        currency=currency,
        discount=read_discount(_discount(form.discount)),
        shipping=_shipping(form),
    )
    priced = iter(sums.lines)
    amounts = [next(priced) if one else None for one in terms]
    rows = _rows(fields, matches, problems, amounts)
    return OrderLinesView(rows, sums, currency, customer)


def _rows(
    fields: Sequence[ItemRow],
    matches: Sequence[services.ProductMatch | None],
    problems: Sequence[str],
    amounts: Sequence[Amounts | None],
) -> list[Row]:
    ids = [found.product.id for found in matches if found]
    figures = figures_of(ids) if may("stock.view") else {}
    return [
        Row(
            row,
            found,
            problem,
            figures[found.product.id].available if found and figures else None,
            priced,
        )
        for row, found, problem, priced in zip(fields, matches, problems, amounts, strict=True)
    ]


def _problem(
    row: ItemRow, found: services.ProductMatch | None, named: services.FoundProducts
) -> str:
    """Say what is wrong with a code; the text of it stays as it was typed."""
    if not row.sku.data or row.is_free.data:
        return ""
    if row.sku.data in named.doubtful:
        return "Several products have such a code: choose one"
    if found is None:
        return "Unknown product"
    return "" if found.product.is_active else "Not in use any more"


def _terms(form: OrderForm) -> tuple[str, str]:
    """The currency that prices are in, and the name of the customer."""
    customer = db.session.get(Customer, form.customer.data) if form.customer.data else None
    usual = customer.currency if customer else str(setting("currency"))
    return form.currency.data or usual, customer.name if customer else ""


def _rate(form: OrderForm) -> Decimal:
    rate: Decimal | None = form.tax_rate.data
    return Decimal(setting("tax_rate")) if rate is None else rate


def _fill(row: ItemRow, found: services.ProductMatch, currency: str) -> None:
    product, is_other = found.product, bool(row.known.data)
    put(row.sku, product.sku)
    put(row.known, product.sku)
    if is_other or not row.description.data:
        put(row.description, product.name)
    if is_other or row.unit_price.data is None:
        put(row.unit_price, product.price if product.currency == currency else None)
    if row.quantity.data is None and not any(row.quantity.raw_data or ()):
        put(row.quantity, found.units)


def _terms_of(row: ItemRow, rate: Decimal) -> LineTerms | None:
    """None as long as quantity or price are missing, or no numbers that fit."""
    own, quantity, price = row.tax_rate.data, row.quantity.data, row.unit_price.data
    rate = rate if own is None else own
    if not all(_fits(number) for number in (quantity, price, rate)):
        return None
    return LineTerms(quantity, price, rate, read_discount(_discount(row.discount)))


def _shipping(form: OrderForm) -> Shipping:
    """Give nothing as long as its amount is missing, or no number that fits."""
    amount, rate = form.shipping_amount.data, form.shipping_tax_rate.data
    rate = _rate(form) if rate is None else rate
    return Shipping(amount, rate) if _fits(amount) and _fits(rate) else Shipping()


def _fits(number: Decimal | None) -> bool:
    return number is not None and number.is_finite() and 0 <= number < LARGEST_QUANTITY


def _discount(field: Any) -> str:
    """What is off, as far as it can be read by now."""
    try:
        return parse_discount(field.data)
    except ValueError:
        return ""
