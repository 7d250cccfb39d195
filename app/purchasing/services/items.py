"""From what somebody wants to lines: products are found, what was left out is filled in."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select

from app.catalog.models import Product, VendorPart
from app.catalog.rules import parse_code, parse_line
from app.core.codes import normal_code
from app.core.db import db
from app.core.errors import Invalid
from app.core.quantities import (
    LARGEST_QUANTITY,
    MONEY_DECIMALS,
    QUANTITY_DECIMALS,
    half_up,
    plain,
)
from app.purchasing.models import PurchaseDraft, PurchaseItem, PurchaseLine, PurchaseOrder
from app.purchasing.services.lookup import FoundParts, find_parts

MOST_LINES = 1_000
HUNDRED = Decimal(100)
LONGEST_UNIT = 20


class OrderDefaults(NamedTuple):
    """What lines inherit from their order; the rate is in percent."""

    vendor_id: int
    currency: str
    vendor_currency: str
    tax_rate: Decimal


class NamedParts(NamedTuple):
    """The products that drafts name, by id and by code, with the vendor's numbers for them.

    `units` is how much of each product all of its lines come to: price breaks go by that.
    """

    by_id: dict[int, Product]
    found: FoundParts
    units: dict[int, Decimal]

    def product_of(self, draft: PurchaseDraft) -> Product | None:
        """Give the product that a draft names, if it names one that we know."""
        if draft.product_id is not None:
            return self.by_id.get(draft.product_id)
        match = self.found.matches.get(draft.sku)
        return match.product if match else None


def items_of(
    drafts: Sequence[PurchaseDraft],
    *,
    defaults: OrderDefaults,
    lines: Iterable[PurchaseLine] = (),
) -> list[PurchaseItem]:
    """Complete what was left out: from the line it is about, the vendor's terms, the product.

    Raises:
        Invalid: A product does not exist or has no price in the currency, or a number does
            not fit; the field is `items`.
    """
    if len(drafts) > MOST_LINES:
        raise Invalid("items", f"An order has at most {MOST_LINES:,} lines.")
    matched = _matched(drafts, [*lines])
    named = _named_in(drafts, defaults.vendor_id)
    _add_up(drafts, matched, named)
    items = []
    for number, (draft, line) in enumerate(zip(drafts, matched, strict=True), start=1):
        try:
            items.append(_completed(draft, line, named, defaults))
        except ValueError as error:
            raise Invalid("items", f"Line {number}: {error}") from error
    return items


def defaults_of(order: PurchaseOrder, vendor_currency: str) -> OrderDefaults:
    """Give what the lines of an order inherit."""
    return OrderDefaults(order.vendor_id, order.currency, vendor_currency, order.tax_rate)


def usual_price(
    product: Product,
    part: VendorPart | None,
    *,
    pack: Decimal,
    units: Decimal,
    currency: str,
    vendor_currency: str,
) -> Decimal | None:
    """Give what a pack costs where so many units are ordered.

    It is by the vendor's terms, else by what we know that goods cost; None where no price is
    known in the currency.
    """
    if part is not None:
        price = part.price_of(units / part.pack_quantity)
        if price is not None:
            is_theirs = (part.currency or vendor_currency) == currency
            of_pack = price * pack / part.pack_quantity
            return half_up(of_pack, MONEY_DECIMALS) if is_theirs else None
    return product.cost * pack if product.cost and product.currency == currency else None


def _matched(
    drafts: Sequence[PurchaseDraft], lines: list[PurchaseLine]
) -> list[PurchaseLine | None]:
    """The line that each draft is about: by id, or else the next of the same product."""
    by_id = {line.id: line for line in lines}
    named = {draft.id for draft in drafts if draft.id is not None}
    if not named <= set(by_id):
        raise Invalid("items", "One of the lines is gone.")
    free = [line for line in lines if line.id not in named]
    found: list[PurchaseLine | None] = []
    for draft in drafts:
        same = by_id.get(draft.id or 0) or next((x for x in free if _is_same(draft, x)), None)
        if same in free:
            free.remove(same)
        found.append(same)
    return found


def _is_same(draft: PurchaseDraft, line: PurchaseLine) -> bool:
    if draft.product_id is not None:
        return draft.product_id == line.product_id
    codes = {normal_code(line.sku), normal_code(line.part_number)}
    return normal_code(draft.sku) in codes


def _named_in(drafts: Iterable[PurchaseDraft], vendor_id: int) -> NamedParts:
    drafts = [*drafts]
    ids = {draft.product_id for draft in drafts if draft.product_id is not None}
    products = db.session.scalars(select(Product).where(Product.id.in_(ids))).all()
    codes = {d.sku for d in drafts if d.product_id is None and d.sku and not d.is_free}
    found = find_parts(vendor_id, codes, ids)
    return NamedParts({one.id: one for one in products}, found, {})


def _add_up(
    drafts: Sequence[PurchaseDraft], lines: Sequence[PurchaseLine | None], named: NamedParts
) -> None:
    """Say how much of each product its lines come to; what is no number comes to nothing."""
    for draft, line in zip(drafts, lines, strict=True):
        product = None if draft.is_free else named.product_of(draft)
        if product is None or not draft.quantity.is_finite():
            continue
        part = named.found.part_of(product.id, draft.sku)
        pack = draft.pack_quantity or (line.pack_quantity if line else _usual_pack(part))
        units = named.units.get(product.id, Decimal(0))
        named.units[product.id] = units + draft.quantity * pack


def _usual_pack(part: VendorPart | None) -> Decimal:
    return part.pack_quantity if part else Decimal(1)


def _completed(
    draft: PurchaseDraft,
    line: PurchaseLine | None,
    named: NamedParts,
    defaults: OrderDefaults,
) -> PurchaseItem:
    """Raise a ValueError with the reason where it cannot be done."""
    product = _product(draft, line, named)
    is_kept = line is not None and line.product_id == (product.id if product else None)
    before = line if is_kept else None
    if product is not None and not product.is_active and not is_kept:
        raise ValueError(f"{product.sku} is not in use any more.")
    if product is not None and product.is_bundle:
        raise ValueError(f"{product.sku} is a bundle: order what it consists of.")
    part = named.found.part_of(product.id, draft.sku) if product else None
    quantity = _fitting(draft.quantity, QUANTITY_DECIMALS, is_needed=True)
    pack = _pack(draft, before, part)
    if (units := quantity * pack) != round(units, QUANTITY_DECIMALS):
        raise ValueError(f"{plain(quantity)} of {plain(pack)} do not come out even.")
    return PurchaseItem(
        id=line.id if line else None,
        product_id=product.id if product else None,
        sku=product.sku if product else parse_code(before.sku if before else draft.sku),
        description=_description(draft, before, product),
        part_number=_part_number(draft, before, part),
        quantity=quantity,
        pack_quantity=pack,
        purchase_unit=_purchase_unit(draft, before, part),
        unit_price=_fitting(_price(draft, before, product, named, defaults), MONEY_DECIMALS),
        tax_rate=_rate(draft, before, defaults),
        expected_on=_expected_on(draft, before),
        is_free=product is None,
    )


def _product(
    draft: PurchaseDraft, line: PurchaseLine | None, named: NamedParts
) -> Product | None:
    """Give the product of a line; None of a free one."""
    if draft.product_id is not None:
        if draft.is_free:
            raise ValueError("a free line is about no product of ours: leave its id out.")
        if draft.product_id not in named.by_id:
            raise ValueError("there is no such product.")
        return named.by_id[draft.product_id]
    if not draft.sku:
        raise ValueError("name a product, or give a free line a code of your own.")
    return None if _is_free(draft, line) else _with_code(draft.sku, named.found)


def _with_code(code: str, found: FoundParts) -> Product:
    """Give the product that a code means; a carton's code is no way to name one."""
    if code in found.doubtful:
        raise ValueError(f"{code} could be several products: name it by its SKU.")
    match = found.matches.get(code)
    if match is None:
        reason = f"{code} is no SKU, barcode or number of this vendor."
        raise ValueError(f"{reason} Choose a product, or say that it is a free line.")
    if match.units != 1:
        pieces = f"{plain(match.units)} {match.product.unit}"
        raise ValueError(f"{code} is the code of {pieces}: name the SKU.")
    return match.product


def _is_free(draft: PurchaseDraft, line: PurchaseLine | None) -> bool:
    """Tell whether somebody has said so, now or before."""
    if draft.is_free is None:
        return line is not None and line.is_free and _is_same(draft, line)
    return draft.is_free


def _description(
    draft: PurchaseDraft, line: PurchaseLine | None, product: Product | None
) -> str:
    if draft.description is not None:
        return parse_line(draft.description)
    if line:
        return line.description
    return product.name if product else ""


def _part_number(
    draft: PurchaseDraft, line: PurchaseLine | None, part: VendorPart | None
) -> str:
    if draft.part_number is not None:
        return parse_code(draft.part_number)
    if line:
        return line.part_number
    return part.part_number if part else ""


def _pack(draft: PurchaseDraft, line: PurchaseLine | None, part: VendorPart | None) -> Decimal:
    if draft.pack_quantity is not None:
        return _fitting(draft.pack_quantity, QUANTITY_DECIMALS, is_needed=True)
    return line.pack_quantity if line else _usual_pack(part)


def _purchase_unit(
    draft: PurchaseDraft, line: PurchaseLine | None, part: VendorPart | None
) -> str:
    usual = part.purchase_unit if part and draft.pack_quantity is None else ""
    said = line.purchase_unit if line else usual
    unit = parse_line(said if draft.purchase_unit is None else draft.purchase_unit)
    if len(unit) > LONGEST_UNIT:
        raise ValueError(f"a unit has at most {LONGEST_UNIT} characters.")
    return unit


def _price(
    draft: PurchaseDraft,
    line: PurchaseLine | None,
    product: Product | None,
    named: NamedParts,
    defaults: OrderDefaults,
) -> Decimal:
    if draft.unit_price is not None:
        return draft.unit_price
    if line:
        return line.unit_price
    if product is None:
        raise ValueError("give the price: we do not know this product.")
    part = named.found.part_of(product.id, draft.sku)
    price = usual_price(
        product,
        part,
        pack=_pack(draft, None, part),
        units=named.units[product.id],
        currency=defaults.currency,
        vendor_currency=defaults.vendor_currency,
    )
    if price is None:
        raise ValueError(f"give the price of {product.sku} in {defaults.currency}.")
    return price


def _rate(draft: PurchaseDraft, line: PurchaseLine | None, defaults: OrderDefaults) -> Decimal:
    rate = draft.tax_rate
    if rate is None:
        rate = line.tax_rate if line else defaults.tax_rate
    if not rate.is_finite() or not 0 <= rate <= HUNDRED:
        raise ValueError("a tax rate is from 0 to 100 percent.")
    return _fitting(rate, MONEY_DECIMALS)


def _expected_on(draft: PurchaseDraft, line: PurchaseLine | None) -> date | None:
    if draft.expected_on is not None:
        return draft.expected_on
    return line.expected_on if line else None


def _fitting(number: Decimal, decimals: int, *, is_needed: bool = False) -> Decimal:
    if not number.is_finite() or not 0 <= number < LARGEST_QUANTITY:
        raise ValueError("a number does not fit.")
    if is_needed and not number:
        raise ValueError("enter a quantity above zero.")
    if number != round(number, decimals):
        raise ValueError(f"at most {decimals} decimals.")
    return number
