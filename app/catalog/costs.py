"""Costs, what we pay for goods: who may see them, and what stays of them when others edit."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select

from app.catalog.models import VendorPart, VendorPartLine
from app.core.db import db
from app.core.errors import Invalid
from app.core.permissions import may_see
from app.core.slices import slices

COSTS = "products.costs"
COST_FIGURES = "cost_figures"  # the name by which a slice says what products have cost
PRICED = "{} has a price, which you may not see: somebody who may has to change this line."


class CostFigures(NamedTuple):
    """What a product has cost last and on average, and what lies here is worth by that.

    All of it is in the currency of the product.
    """

    last: Decimal
    average: Decimal
    value: Decimal


def cost_figures(product_id: int) -> CostFigures | None:
    """Say what a product has cost; None where nothing of it was ever received or built."""
    provider: Callable[[int], CostFigures | None] | None
    provider = slices().provided.get(COST_FIGURES)
    return provider(product_id) if provider else None


def keeping_prices(product_id: int, changes: dict[str, Any]) -> dict[str, Any]:
    """Give changes of a product in which part numbers keep the prices nobody has seen.

    Raises:
        Invalid: A line would go whose price the person asking may not see.
    """
    if may_see(COSTS) or "vendor_parts" not in changes:
        return changes
    rows = db.session.scalars(select(VendorPart).where(VendorPart.product_id == product_id))
    known = [row.line for row in rows if row.price is not None or row.price_breaks]
    priced = {line.key: line for line in known}
    wanted = changes["vendor_parts"]
    if gone := priced.keys() - {line.key for line in wanted}:
        raise Invalid("vendor_parts", PRICED.format(priced[min(gone)].part_number))
    nothing = VendorPartLine(0, "")
    kept = [_with_prices_of(priced.get(line.key, nothing), line) for line in wanted]
    return changes | {"vendor_parts": kept}


def _with_prices_of(known: VendorPartLine, line: VendorPartLine) -> VendorPartLine:
    return line._replace(price=known.price, price_breaks=known.price_breaks)
