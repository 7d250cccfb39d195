"""Costs, what we pay for goods: who may see them, and what stays of them when others edit."""

from typing import Any

from sqlalchemy import select

from app.catalog.models import VendorPart
from app.core.db import db
from app.core.errors import Invalid
from app.core.permissions import may_see

COSTS = "products.costs"
PRICED = "{} has a price, which you may not see: somebody who may has to change this line."


def keeping_prices(product_id: int, changes: dict[str, Any]) -> dict[str, Any]:
    """Give changes of a product in which part numbers keep the prices nobody has seen.

    Raises:
        Invalid: A line would go whose price the person asking may not see.
    """
    if may_see(COSTS) or "vendor_parts" not in changes:
        return changes
    rows = db.session.scalars(select(VendorPart).where(VendorPart.product_id == product_id))
    priced = {row.line.key: row.line for row in rows if row.price is not None}
    lines = changes["vendor_parts"]
    if gone := priced.keys() - {line.key for line in lines}:
        raise Invalid("vendor_parts", PRICED.format(priced[min(gone)].part_number))
    prices = {key: line.price for key, line in priced.items()}
    kept = [line._replace(price=prices.get(line.key)) for line in lines]
    return changes | {"vendor_parts": kept}
