"""What so many of a product take of what is bought: bundles and assemblies are taken apart.

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
from app.core.quantities import QUANTITY_DECIMALS
from app.purchasing.queries import standing_of
from app.shortages import queries

ZERO, ONE = Decimal(0), Decimal(1)
EXACT = ONE.scaleb(-QUANTITY_DECIMALS)

Substitutes = tuple[tuple[int, str], ...]


class Recipe(NamedTuple):
    """How many come of one go, and what that takes, by product."""

    is_bundle: bool
    made: Decimal
    parts: dict[int, Decimal]
    instead: dict[int, Substitutes]


class Part(NamedTuple):
    """So much of what is bought; of some of it others may be taken, by id and SKU."""

    quantity: Decimal
    substitutable: Mapping[Substitutes, Decimal]


def parts_of(
    product_id: int, quantity: Decimal, *, is_made: bool = False
) -> dict[int, Part] | None:
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
    instead: dict[int, dict[Substitutes, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    needed[product_id] = quantity
    for one in _downwards(made, product_id):
        recipe = made[one]
        is_top = one == product_id
        short = (
            needed[one] if recipe.is_bundle or is_top else _short(needed[one], standing[one])
        )
        for part, each in recipe.parts.items():
            more = short * each / recipe.made
            needed[part] += more
            if others := recipe.instead.get(part):
                instead[part][others] += more
    return {
        number: Part(total.quantize(EXACT, ROUND_CEILING), instead.get(number, {}))
        for number, total in needed.items()
        if number not in made and total > 0
    }


def _recipes(product_id: int) -> dict[int, Recipe]:
    recipes: dict[int, Recipe] = {}
    for whole, kind, made, part, quantity in db.session.execute(
        queries.recipes_below(product_id)
    ):
        recipe = recipes.setdefault(whole, Recipe(kind == BUNDLE, made, {}, {}))
        recipe.parts[part] = quantity
    for whole, part, other, sku in db.session.execute(queries.substitutes_in([*recipes])):
        known = recipes[whole].instead
        known[part] = (*known.get(part, ()), (other, sku))
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
