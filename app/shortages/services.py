"""From what is wanted to what has to be bought: bundles and assemblies are taken apart.

What is built already of an assembly is used first; only what is short of it is built, so only
that takes components. An assembly that has a vendor is bought as it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, Decimal
from graphlib import TopologicalSorter
from typing import Any, NamedTuple

from app.catalog.models import BUNDLE
from app.core.db import db
from app.core.errors import Invalid
from app.core.quantities import QUANTITY_DECIMALS
from app.documents.errors import NotAllowed
from app.orders import queries as orders
from app.orders.models import SalesOrder
from app.orders.services import load_components, missing_of, reserved_for
from app.purchasing.queries import standing_of
from app.purchasing.services import Shortage, Wanted, draft_missing, shortages_of
from app.shortages import queries
from app.stock.ledger.lines import refuse_inexact

ZERO, ONE = Decimal(0), Decimal(1)
EXACT = ONE.scaleb(-QUANTITY_DECIMALS)


class Recipe(NamedTuple):
    """How many come of one go, and what that takes, by product."""

    is_bundle: bool
    made: Decimal
    parts: dict[int, Decimal]


def shortages_of_order(order_id: int) -> list[Shortage]:
    """Say what an order is missing: what is not reserved for it, nor there, nor coming."""
    return shortages_of(_wanted_by_order(order_id))


def shortages_of_product(product_id: int, quantity: Decimal) -> list[Shortage]:
    """Say what is missing to make so many of a bundle or an assembly.

    Raises:
        NotAllowed: It is made of nothing.
        Invalid: The quantity does not fit.
    """
    return shortages_of(_wanted_by_product(product_id, quantity))


def buy_for_order(order_id: int, *, warehouse_id: int | None = None) -> Mapping[str, Any]:
    """Draft purchase orders of what an order is missing, one for each vendor.

    Asked twice, the second finds it drafted. Gives the numbers, and what could not be, and why.

    Raises:
        NotAllowed: The order waits for nothing.
    """
    return draft_missing(lambda: _wanted_by_order(order_id), warehouse_id=warehouse_id)


def buy_for_product(
    product_id: int, *, quantity: Decimal, warehouse_id: int | None = None
) -> Mapping[str, Any]:
    """Draft purchase orders of what is missing to make so many of a bundle or an assembly.

    Raises:
        NotAllowed: It is made of nothing.
        Invalid: The quantity does not fit.
    """
    return draft_missing(
        lambda: _wanted_by_product(product_id, quantity), warehouse_id=warehouse_id
    )


def said_of(result: Mapping[str, Any]) -> str:
    """Say which drafts were made, and what could not be drafted."""
    numbers, errors = result["orders"], result["errors"]
    made = f"Drafted: {', '.join(numbers)}." if numbers else "Nothing had to be drafted."
    if errors and not numbers:
        made = "Nothing could be drafted."
    left = [f"{one['record']}: {one['reason']}" for one in errors]
    return " ".join([made, *left])


def _wanted_by_order(order_id: int) -> dict[int, Wanted]:
    order: SalesOrder = db.session.scalars(orders.order(order_id)).one()
    if not order.is_waiting:
        raise NotAllowed(f"{order.number} does not wait for goods.")
    load_components([order])
    wanted: dict[int, Wanted] = defaultdict(Wanted)
    for line, missing in missing_of(order, reserved_for(order)):
        if line.product_id is None:
            continue
        parts = _parts_of(line.product_id, missing)
        if parts is None:
            before = wanted[line.product_id]
            wanted[line.product_id] = before._replace(owed=before.owed + missing)
        else:
            _add(wanted, parts)
    return wanted


def _wanted_by_product(product_id: int, quantity: Decimal) -> dict[int, Wanted]:
    refuse_inexact("quantity", quantity)
    if quantity <= 0:
        raise Invalid("quantity", "Enter a quantity above zero.")
    parts = _parts_of(product_id, quantity, is_made=True)
    if parts is None:
        raise NotAllowed("It is made of nothing: it is bought as it is.")
    wanted: dict[int, Wanted] = defaultdict(Wanted)
    _add(wanted, parts)
    return wanted


def _add(wanted: dict[int, Wanted], parts: Mapping[int, Decimal]) -> None:
    for number, quantity in parts.items():
        before = wanted[number]
        wanted[number] = before._replace(planned=before.planned + quantity)


def _parts_of(
    product_id: int, quantity: Decimal, *, is_made: bool = False
) -> dict[int, Decimal] | None:
    """What so many of a product take of what is bought; None where it is bought itself.

    With `is_made` all of them are made, whatever is there already, and whoever sells them.
    """
    recipes = _recipes(product_id)
    standing = {
        row.product_id: row
        for row in db.session.execute(standing_of([product_id, *_all_parts(recipes)]))
    }
    made = {
        number: recipe
        for number, recipe in recipes.items()
        if recipe.is_bundle
        or standing.get(number) is None
        or standing[number].vendor_id is None
        or (is_made and number == product_id)
    }
    if product_id not in made:
        return None
    needed: dict[int, Decimal] = defaultdict(lambda: ZERO)
    needed[product_id] = quantity
    for one in _downwards(made, product_id):
        recipe = made[one]
        is_top = one == product_id
        short = (
            needed[one] if recipe.is_bundle or is_top else _short(needed[one], standing[one])
        )
        for part, each in recipe.parts.items():
            needed[part] += short * each / recipe.made
    return {
        number: total.quantize(EXACT, ROUND_CEILING)
        for number, total in needed.items()
        if number not in made and total > 0
    }


def _recipes(product_id: int) -> dict[int, Recipe]:
    recipes: dict[int, Recipe] = {}
    for whole, kind, made, part, quantity in db.session.execute(
        queries.recipes_below(product_id)
    ):
        recipe = recipes.setdefault(whole, Recipe(kind == BUNDLE, made, {}))
        recipe.parts[part] = quantity
    return recipes


def _all_parts(recipes: Mapping[int, Recipe]) -> set[int]:
    return {part for recipe in recipes.values() for part in recipe.parts}


def _downwards(made: Mapping[int, Recipe], product_id: int) -> Iterable[int]:
    """Give what is made, each behind all that it is a part of.

    Circles cannot be saved: `set_components` refuses them.
    """
    graph: TopologicalSorter[int] = TopologicalSorter({product_id: set()})
    for whole, recipe in made.items():
        for part in recipe.parts:
            if part in made:
                graph.add(part, whole)
    return [one for one in graph.static_order() if one in made]


def _short(needed: Decimal, row: Any) -> Decimal:
    there = row.available + row.incoming + row.drafted - row.backordered
    return max(needed - max(there, ZERO), ZERO)
