"""From what somebody wants to lines: products are found, what was left out is filled in."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select

from app.catalog.models import Product
from app.catalog.rules import parse_code, parse_line
from app.core.codes import normal_code
from app.core.currencies import digits_of
from app.core.db import db
from app.core.errors import Invalid, InvalidRow, in_row
from app.core.quantities import (
    LARGEST_QUANTITY,
    MONEY_DECIMALS,
    QUANTITY_DECIMALS,
    money,
    plain,
)
from app.documents.models import LineTerms, parse_discount, read_discount, rounded
from app.orders.models import ItemDraft, OrderItem, OrderLine, SalesOrder
from app.orders.services.lookup import ProductMatch, named_products

MOST_LINES = 1_000
HUNDRED = Decimal(100)


class OrderDefaults(NamedTuple):
    """What lines inherit from their order; the rate is in percent."""

    currency: str
    tax_rate: Decimal


def items_of(
    drafts: Sequence[ItemDraft], *, defaults: OrderDefaults, lines: Iterable[OrderLine] = (),
    products: "NamedProducts | None" = None,
) -> list[OrderItem]:  # fmt: skip
    """Complete what was left out: from the line it is about, the product, or the order.

    `products` are those that drafts of many orders name, where they have been looked up.

    Raises:
        Invalid: There are too many.
        InvalidRow: A product does not exist or has no price in the currency, or a number does
            not fit; the field is one of a row of `items`.
    """
    if len(drafts) > MOST_LINES:
        raise Invalid("items", f"An order has at most {MOST_LINES:,} lines.")
    known = [*lines]
    matched = _matched(drafts, known)
    products = products or named_in(drafts)
    items = []
    for row, (draft, line) in enumerate(zip(drafts, matched, strict=True)):
        with in_row("items", row):
            items.append(_completed(draft, line, products, defaults))
    _refuse_more_off_than_due(items, defaults.currency)
    return items


def defaults_of(order: SalesOrder) -> OrderDefaults:
    """Give what the lines of an order inherit."""
    return OrderDefaults(order.currency, order.tax_rate)


def _matched(drafts: Sequence[ItemDraft], lines: list[OrderLine]) -> list[OrderLine | None]:
    """The line that each draft is about: by id, or else the next of the same product."""
    by_id = {line.id: line for line in lines}
    named = {draft.id for draft in drafts if draft.id is not None}
    for row, draft in enumerate(drafts):
        if draft.id is not None and draft.id not in by_id:
            raise InvalidRow("items", row, "id", "this line is gone.")
    free = [line for line in lines if line.id not in named]
    found: list[OrderLine | None] = []
    for draft in drafts:
        same = by_id.get(draft.id or 0) or next((x for x in free if _is_same(draft, x)), None)
        if same in free:
            free.remove(same)
        found.append(same)
    return found


def _is_same(draft: ItemDraft, line: OrderLine) -> bool:
    if draft.product_id is not None:
        return draft.product_id == line.product_id
    return normal_code(draft.sku) == normal_code(line.sku)


class NamedProducts(NamedTuple):
    """The products that drafts name, by id and by code, and the codes that mean several."""

    by_id: dict[int, Product]
    by_code: dict[str, ProductMatch]
    doubtful: set[str]

    def of(self, draft: ItemDraft) -> Product | None:
        """Give the product of a draft that no line stands for yet.

        Raises:
            ValueError: Its code is one of a carton, or of several products.
        """
        if draft.product_id is not None:
            return self.by_id.get(draft.product_id)
        return self.with_code(draft.sku)

    def with_code(self, code: str) -> Product | None:
        """Give the product that a code means, if any; a carton's code is no way to name one."""
        if code in self.doubtful:
            raise ValueError(f"{code} could be several products: name it by its SKU.")
        match = self.by_code.get(code)
        if match and match.units != 1:
            pieces = f"{plain(match.units)} {match.product.unit}"
            raise ValueError(f"{code} is the code of {pieces}: name the SKU.")
        return match.product if match else None


def named_in(drafts: Iterable[ItemDraft]) -> NamedProducts:
    """Find the products that drafts name, in three queries for however many."""
    drafts = [*drafts]
    ids = {draft.product_id for draft in drafts if draft.product_id is not None}
    named = named_products({d.sku for d in drafts if d.product_id is None and d.sku})
    found = db.session.scalars(select(Product).where(Product.id.in_(ids))).all()
    return NamedProducts({product.id: product for product in found}, *named)


def _completed(
    draft: ItemDraft,
    line: OrderLine | None,
    products: NamedProducts,
    defaults: OrderDefaults,
) -> OrderItem:
    """Raise an Invalid with the field of the row, and the reason, where it cannot be done."""
    with _about("sku" if draft.product_id is None else "product_id"):
        product = _product(draft, line, products)
        if product is not None and not product.is_active and _is_new(product, line):
            raise ValueError(f"{product.sku} is not in use any more.")
    is_kept = line is not None and line.product_id == (product.id if product else None)
    before = line if is_kept else None
    with _about("sku"):
        sku = product.sku if product and not before else parse_code(_sku(before) or draft.sku)
    with _about("description"):
        description = _description(draft, before, product)
    with _about("quantity"):
        quantity = _fitting(draft.quantity, QUANTITY_DECIMALS, is_needed=True)
    with _about("unit_price"):
        unit_price = _fitting(_price(draft, before, product, defaults), MONEY_DECIMALS)
    with _about("tax_rate"):
        tax_rate = _rate(draft, before, defaults)
    with _about("discount"):
        discount = _discount(draft, before)
    return OrderItem(
        is_free=product is None and _is_free(draft, line),
        is_bundle=before.is_bundle if before else product is not None and product.is_bundle,
        id=line.id if line else None,
        product_id=product.id if product else None,
        sku=sku,
        description=description,
        quantity=quantity,
        unit_price=unit_price,
        tax_rate=tax_rate,
        external_id=draft.external_id or (line.external_id if line else None),
        discount=discount,
    )


@contextmanager
def _about(field: str) -> Iterator[None]:
    """Say of which field of a row a rule refuses the value."""
    try:
        yield
    except ValueError as error:
        raise Invalid(field, str(error)) from error


def _product(
    draft: ItemDraft, line: OrderLine | None, products: NamedProducts
) -> Product | None:
    """Give the product of a line; None of a free one, or of one that a shop calls so.

    What stood in the order before stays. A code that is not ours, or could mean two products,
    is refused: what nobody can pick is found at the shelf, when it is too late.
    """
    if draft.product_id is not None:
        if draft.is_free:
            raise ValueError("a free line is about no product of ours: leave its id out.")
        if draft.product_id not in products.by_id:
            raise ValueError("there is no such product.")
        return products.by_id[draft.product_id]
    if not draft.sku:
        raise ValueError("name a product, or give a free line a code of your own.")
    if _is_free(draft, line):
        return None
    if match := products.with_code(draft.sku):
        return match
    is_kept = line and line.product_id is None and not line.is_free and _is_same(draft, line)
    if is_kept or draft.external_id:
        return None
    reason = f"{draft.sku} is no SKU or barcode of ours."
    raise ValueError(f"{reason} Choose a product, or say that it is a free line.")


def _is_free(draft: ItemDraft, line: OrderLine | None) -> bool:
    """Tell whether somebody has said so, now or before."""
    if draft.is_free is None:
        return line is not None and line.is_free and _is_same(draft, line)
    return draft.is_free


def _is_new(product: Product, line: OrderLine | None) -> bool:
    """Tell whether a product comes into the order: what is in it already may be finished."""
    return line is None or line.product_id != product.id


def _sku(line: OrderLine | None) -> str:
    return line.sku if line else ""


def _description(draft: ItemDraft, line: OrderLine | None, product: Product | None) -> str:
    if draft.description is not None:
        return parse_line(draft.description)
    if line:
        return line.description
    return product.name if product else ""


def _price(
    draft: ItemDraft, line: OrderLine | None, product: Product | None, defaults: OrderDefaults
) -> Decimal:
    if draft.unit_price is not None:
        return draft.unit_price
    if line:
        return line.unit_price
    if product is None:
        raise ValueError("give the price: we do not know this product.")
    if product.currency != defaults.currency:
        price = f"{product.sku} is priced in {product.currency}"
        raise ValueError(f"{price}: give its price in {defaults.currency}.")
    return product.price


def _rate(draft: ItemDraft, line: OrderLine | None, defaults: OrderDefaults) -> Decimal:
    rate = draft.tax_rate
    if rate is None:
        rate = line.tax_rate if line else defaults.tax_rate
    if not rate.is_finite() or not 0 <= rate <= HUNDRED:
        raise ValueError("a tax rate is from 0 to 100 percent.")
    return _fitting(rate, MONEY_DECIMALS)


def _discount(draft: ItemDraft, line: OrderLine | None) -> str:
    if draft.discount is not None:
        return parse_discount(draft.discount)
    return line.discount if line else ""


def _fitting(number: Decimal, decimals: int, *, is_needed: bool = False) -> Decimal:
    if not number.is_finite() or not 0 <= number < LARGEST_QUANTITY:
        raise ValueError("a number does not fit.")
    if is_needed and not number:
        raise ValueError("enter a quantity above zero.")
    if number != round(number, decimals):
        raise ValueError(f"at most {decimals} decimals.")
    return number


def _refuse_more_off_than_due(items: Iterable[OrderItem], currency: str) -> None:
    for row, item in enumerate(items):
        terms = LineTerms(item.quantity, item.unit_price, item.tax_rate)
        if read_discount(item.discount).exceeds(terms.gross(currency)):
            reason = f"the discount of {item.discount} is more than it comes to."
            raise InvalidRow("items", row, "discount", reason)


def refuse_amounts(order: SalesOrder) -> None:
    """Refuse what is off more than there is to pay, and sums that no column holds.

    Raises:
        Invalid: With the field.
    """
    if order.total >= LARGEST_QUANTITY:  # the columns hold ten digits before the point
        raise Invalid("items", "So large a sum cannot be kept.")
    discount, shipping = order.terms
    if shipping.amount != rounded(shipping.amount, order.currency):
        digits = digits_of(order.currency)
        reason = f"Amounts in {order.currency} have {digits} decimals."
        raise Invalid("shipping_amount", reason)
    if not discount.is_percent and discount.number != rounded(discount.number, order.currency):
        digits = digits_of(order.currency)
        raise Invalid("discount", f"Amounts in {order.currency} have {digits} decimals.")
    subtotal = order.ordered.subtotal
    if order.lines and discount.exceeds(subtotal):
        came_to = f"{money(subtotal, order.currency)} {order.currency}"
        raise Invalid("discount", f"It is more than the lines come to: {came_to}.")
