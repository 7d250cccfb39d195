"""What an order, a bundle or a bill of materials is missing, and buying it.

Before anything is bought, what is there and may be taken for it is: unless somebody says that
it is not to be.
"""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.core.db import db
from app.core.errors import Invalid
from app.documents.errors import NotAllowed
from app.orders import queries as orders
from app.orders.models import SalesOrder
from app.orders.services import load_components, missing_of, reserved_for
from app.purchasing.services import Shortage, Wanted, draft_missing, shortages_of
from app.shortages.services.parts import Part, parts_of
from app.shortages.services.substituting import Options, with_substitutes
from app.stock.ledger.lines import refuse_inexact


def shortages_of_order(order_id: int, *, substitutes: bool = True) -> list[Shortage]:
    """Say what an order is missing: what is not reserved for it, nor there, nor coming."""
    return shortages_of(_wanted_by_order(order_id, substitutes=substitutes))


def shortages_of_product(
    product_id: int, quantity: Decimal, *, substitutes: bool = True
) -> list[Shortage]:
    """Say what is missing to make so many of a bundle or an assembly.

    Raises:
        NotAllowed: It is made of nothing.
        Invalid: The quantity does not fit.
    """
    return shortages_of(_wanted_by_product(product_id, quantity, substitutes=substitutes))


def buy_for_order(
    order_id: int, *, warehouse_id: int | None = None, substitutes: bool = True
) -> Mapping[str, Any]:
    """Draft purchase orders of what an order is missing, one for each vendor.

    Asked twice, the second finds it drafted. Without `substitutes` it is bought, whatever may
    be taken instead. Gives the numbers, and what could not be, and why.

    Raises:
        NotAllowed: The order waits for nothing.
    """
    return draft_missing(
        lambda: _wanted_by_order(order_id, substitutes=substitutes), warehouse_id=warehouse_id
    )


def buy_for_product(
    product_id: int,
    *,
    quantity: Decimal,
    warehouse_id: int | None = None,
    substitutes: bool = True,
) -> Mapping[str, Any]:
    """Draft purchase orders of what is missing to make so many of a bundle or an assembly.

    Raises:
        NotAllowed: It is made of nothing.
        Invalid: The quantity does not fit.
    """
    return draft_missing(
        lambda: _wanted_by_product(product_id, quantity, substitutes=substitutes),
        warehouse_id=warehouse_id,
    )


def said_of(result: Mapping[str, Any]) -> str:
    """Say which drafts were made, and what could not be drafted."""
    numbers, errors = result["orders"], result["errors"]
    made = f"Drafted: {', '.join(numbers)}." if numbers else "Nothing had to be drafted."
    if errors and not numbers:
        made = "Nothing could be drafted."
    left = [f"{one['record']}: {one['reason']}" for one in errors]
    return " ".join([made, *left])


def _wanted_by_order(order_id: int, *, substitutes: bool) -> dict[int, Wanted]:
    order: SalesOrder = db.session.scalars(orders.order(order_id)).one()
    if not order.is_waiting:
        raise NotAllowed(f"{order.number} does not wait for goods.")
    load_components([order])
    wanted: dict[int, Wanted] = defaultdict(Wanted)
    options: Options = {}
    for line, missing in missing_of(order, reserved_for(order)):
        if line.product_id is None:
            continue
        parts = parts_of(line.product_id, missing)
        if parts is None:
            before = wanted[line.product_id]
            wanted[line.product_id] = before._replace(owed=before.owed + missing)
        else:
            _add(wanted, options, parts)
    return with_substitutes(wanted, options) if substitutes else wanted


def _wanted_by_product(
    product_id: int, quantity: Decimal, *, substitutes: bool
) -> dict[int, Wanted]:
    refuse_inexact("quantity", quantity)
    if quantity <= 0:
        raise Invalid("quantity", "Enter a quantity above zero.")
    parts = parts_of(product_id, quantity, is_made=True)
    if parts is None:
        raise NotAllowed("It is made of nothing: it is bought as it is.")
    wanted: dict[int, Wanted] = defaultdict(Wanted)
    options: Options = {}
    _add(wanted, options, parts)
    return with_substitutes(wanted, options) if substitutes else wanted


def _add(wanted: dict[int, Wanted], options: Options, parts: Mapping[int, Part]) -> None:
    for number, part in parts.items():
        before = wanted[number]
        wanted[number] = before._replace(planned=before.planned + part.quantity)
        for others, quantity in part.substitutable.items():
            known = options.setdefault(number, {})
            known[others] = known.get(others, Decimal(0)) + quantity
