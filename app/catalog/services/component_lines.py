"""What a form, a program or a file names as components, and what may be taken instead."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from app.catalog import queries
from app.catalog.models import ComponentLine, Product
from app.catalog.services.matching import FoundProducts, named_products
from app.core.db import db
from app.core.errors import Invalid, InvalidRow, in_row
from app.core.quantities import LARGEST_QUANTITY, QUANTITY_DECIMALS

MOST_COMPONENTS, MOST_SUBSTITUTES = 500, 20


class ComponentDraft(NamedTuple):
    """So much of a component, which is named by its id, or by SKU or barcode.

    `substitutes` are codes of what may be taken instead of it, one for one, the first of them
    first; None keeps those that there are.
    """

    quantity: Decimal
    sku: str = ""
    product_id: int | None = None
    substitutes: Sequence[str] | None = None


def lines_of(
    drafts: Sequence[ComponentDraft],
    *,
    known: Mapping[int, ComponentLine] = MappingProxyType({}),
) -> list[ComponentLine]:
    """Find what drafts name; what is `known` may be out of use by now.

    Raises:
        Invalid: There are too many.
        InvalidRow: One is unknown, out of use, there twice, or its quantity does not fit; or
            what is to be taken instead is none of our products.
    """
    if len(drafts) > MOST_COMPONENTS:
        raise Invalid("components", f"At most {MOST_COMPONENTS} components.")
    named = {d.sku for d in drafts if d.product_id is None and d.sku}
    codes = named_products(named | {code for d in drafts for code in d.substitutes or ()})
    ids = {d.product_id for d in drafts if d.product_id is not None}
    by_id = {one.id: one for one in db.session.scalars(queries.products_among(ids))}
    lines: dict[int, ComponentLine] = {}
    for row, draft in enumerate(drafts):
        field = "sku" if draft.product_id is None else "product_id"
        product = _component(row, draft, by_id, codes)
        if not product.is_active and product.id not in known:
            raise InvalidRow("components", row, field, f"{product.sku} is not in use any more.")
        if product.id in lines:
            raise InvalidRow("components", row, field, f"{product.sku} is there twice.")
        with in_row("components", row):
            refuse_number("quantity", draft.quantity)
        before = known.get(product.id)
        others = before.substitutes if before else ()
        if draft.substitutes is not None:
            with in_row("components", row):
                others = find_substitutes(draft.substitutes, product.id, codes)
        lines[product.id] = ComponentLine(product.id, draft.quantity, product.sku, others)
    return [*lines.values()]


def _component(
    row: int, draft: ComponentDraft, by_id: Mapping[int, Product], codes: FoundProducts
) -> Product:
    """Find the product that a draft names."""
    if draft.product_id is not None:
        product = by_id.get(draft.product_id)
    elif draft.sku in codes.doubtful:
        reason = f"{draft.sku} could be several products: name it by its SKU."
        raise InvalidRow("components", row, "sku", reason)
    else:
        match = codes.matches.get(draft.sku)
        product = match.product if match else None
    if product is None:
        field = "sku" if draft.product_id is None else "product_id"
        reason = f"{draft.sku or draft.product_id} is no product of ours."
        raise InvalidRow("components", row, field, reason)
    return product


def find_substitutes(
    wanted: Sequence[str], component_id: int, codes: FoundProducts
) -> tuple[tuple[int, str], ...]:
    """Find what may be taken instead of a component: ids and SKUs, in the order given.

    Raises:
        Invalid: There are too many, or one is unknown, out of use, a bundle or there twice.
    """
    if len(wanted) > MOST_SUBSTITUTES:
        raise Invalid("substitutes", f"at most {MOST_SUBSTITUTES} substitutes.")
    found: dict[int, str] = {}
    for code in wanted:
        match = codes.matches.get(code)
        if match is None:
            raise Invalid("substitutes", f"{code} is no product of ours, or several are.")
        if match.product.is_bundle or not match.product.is_active:
            reason = "is a bundle" if match.product.is_bundle else "is not in use any more"
            raise Invalid("substitutes", f"{match.product.sku} {reason}.")
        if match.product.id == component_id or match.product.id in found:
            raise Invalid("substitutes", f"{match.product.sku} is there twice.")
        found[match.product.id] = match.product.sku
    return tuple(found.items())


def refuse_number(field: str, number: Decimal) -> None:
    """Refuse a quantity of a component that is none, or too fine.

    Raises:
        Invalid: Why.
    """
    if not number.is_finite() or not 0 < number < LARGEST_QUANTITY:
        raise Invalid(field, "Enter a quantity above zero.")
    if number != round(number, QUANTITY_DECIMALS):
        raise Invalid(field, f"At most {QUANTITY_DECIMALS} decimals.")
