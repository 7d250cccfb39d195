"""How many of an assembly could be built of what is there: at once, and level by level.

What may be taken instead of a component counts too, where it is short, as a build takes it: all
that is made needs its own components first, and only what is left of a substitute is one.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from app.assembly import queries
from app.catalog.building import Buildable
from app.catalog.models import BUNDLE
from app.core.db import db
from app.core.quantities import LARGEST_QUANTITY, half_up

ZERO = Decimal(0)
# A third of something, three times, is the whole of it.
CRUMBS, CRUMB = 9, Decimal("1e-9")

Substitutes = tuple[int, ...]
Spare = dict[int, Decimal]


class Recipe(NamedTuple):
    """How many come of one go, and what that takes, by product.

    `instead` says of some of its parts what may be taken for them, one for one.
    """

    made: Decimal
    parts: dict[int, Decimal]
    instead: Mapping[int, Substitutes] = MappingProxyType({})


class Level(NamedTuple):
    """A part of a bill of materials: what there is of it, and how it is made, if it is."""

    product_id: int
    there: Decimal
    recipe: Recipe | None


def buildable(product_id: int) -> Buildable:
    """Say how many pieces could be built of what is available, wherever it lies.

    What is built already is used first; what is short of it is built, level by level. Bundles
    among components are taken apart at once.
    """
    recipes: dict[int, Recipe] = {}
    there: dict[int, Decimal] = {}
    bundles: set[int] = set()
    for whole, kind, made, part, quantity, available in db.session.execute(
        queries.makings_below(product_id)
    ):
        recipes.setdefault(whole, Recipe(made, {})).parts[part] = quantity
        there[part] = available
        if kind == BUNDLE:
            bundles.add(whole)
    if product_id not in recipes:
        return Buildable(ZERO, ZERO)
    spare = _substitutes(recipes)
    there[product_id] = ZERO
    flat = _at_hand(recipes, bundles, product_id)
    kept = [
        [Level(one, there[one], some.get(one)) for one in _downwards(some, product_id)]
        for some in (flat, recipes)
    ]
    plain = [most_buildable(levels, product_id) for levels in kept]
    if not spare:
        return Buildable(plain[0], plain[1])
    at_once, in_steps = (
        _most_with(levels, product_id, spare, least)
        for levels, least in zip(kept, plain, strict=True)
    )
    return Buildable(at_once, in_steps, [at_once, in_steps] != plain)


def _at_hand(
    recipes: Mapping[int, Recipe], bundles: Collection[int], product_id: int
) -> dict[int, Recipe]:
    """What is made without building anything below: the product, of what bundles hold."""
    found, todo = {}, [product_id]
    for one in todo:
        found[one] = recipes[one]
        todo += [part for part in recipes[one].parts if part in bundles and part not in todo]
    return found


def _substitutes(recipes: dict[int, Recipe]) -> Spare:
    """Add to recipes what may stand for their parts; give what there is of each of those."""
    spare: Spare = {}
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    for whole, part, other, available in db.session.execute(queries.substitutes_in([*recipes])):
        found[whole, part].append(other)
        spare[other] = available
    for (whole, part), others in found.items():
        recipe = recipes[whole]
        recipes[whole] = recipe._replace(instead={**recipe.instead, part: tuple(others)})
    return spare


def _downwards(recipes: Mapping[int, Recipe], product_id: int) -> list[int]:
    """Give a product and what is below it, each behind all that it is a part of.

    `graphlib` does so, too, and takes as long as all the rest: it looks for circles first.
    """
    wholes = Counter(part for recipe in recipes.values() for part in recipe.parts)
    order = [product_id]
    for one in order:
        for part in recipes[one].parts if one in recipes else ():
            wholes[part] -= 1
            if not wholes[part]:
                order.append(part)
    return order


def most_buildable(levels: Sequence[Level], product_id: int) -> Decimal:
    """The largest whole number of a product that can be built.

    What is needed of a part grows with the number, and faster where nothing is left of what
    is built already. So where it would meet what is there, if it went on as it does at too
    large a number, is still no less than the largest: from the top down a few steps find it.
    """
    number = LARGEST_QUANTITY
    while number > 0 and (over := _over(levels, product_id, number)) > 0:
        number = min(number - 1, half_up(number - over, CRUMBS) // 1)
    return max(number, ZERO)


def _over(levels: Sequence[Level], product_id: int, number: Decimal) -> Decimal:
    """By how much a number that cannot be built is too large at least; else zero."""
    needed, growth, over = {product_id: number}, {product_id: Decimal(1)}, ZERO
    for one, there, recipe in levels:
        short = needed.get(one, ZERO) - there
        if short <= CRUMB:  # so much of it is there, or nothing of it is needed
            continue
        if recipe is None:
            over = max(over, short / growth[one])
            continue
        made, more = recipe.made, growth[one]
        for part, quantity in recipe.parts.items():
            needed[part] = needed.get(part, ZERO) + short * quantity / made
            growth[part] = growth.get(part, ZERO) + more * quantity / made
    return over


def _most_with(
    levels: Sequence[Level], product_id: int, spare: Spare, least: Decimal
) -> Decimal:
    """The largest whole number that can be built with substitutes: no less than without any.

    Each step halves the span between a number that can be built and one that cannot.
    """
    can, cannot = least, LARGEST_QUANTITY + 1
    step = max(least, Decimal(1))
    while can + step < cannot and _is_possible(levels, product_id, can + step, spare):
        can, step = can + step, step * 2
    cannot = min(can + step, cannot)
    while cannot - can > 1:
        middle = (can + cannot) // 2
        if _is_possible(levels, product_id, middle, spare):
            can = middle
        else:
            cannot = middle
    return can


def _is_possible(
    levels: Sequence[Level], product_id: int, number: Decimal, spare: Spare
) -> bool:
    """Tell whether so many can be built, with substitutes where a component is short.

    What a substitute is needed for itself, if none stood for anything, is not taken.
    """
    own = _needs(levels, product_id, number)
    left = {one: max(there - own.get(one, ZERO), ZERO) for one, there in spare.items()}
    needed: dict[int, Decimal] = defaultdict(lambda: ZERO, {product_id: number})
    wanted: dict[int, dict[Substitutes, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for one, there, recipe in levels:
        short = needed[one] - there
        for others, most in wanted[one].items() if short > CRUMB else ():
            short -= _taken_of(others, min(short, most), left)
        if short <= CRUMB:
            continue
        if recipe is None:
            return False
        for part, quantity in recipe.parts.items():
            more = short * quantity / recipe.made
            needed[part] += more
            if part in recipe.instead:
                wanted[part][recipe.instead[part]] += more
    return True


def _needs(levels: Sequence[Level], product_id: int, number: Decimal) -> dict[int, Decimal]:
    """What so many take of each part, if nothing stands for another."""
    needed: dict[int, Decimal] = defaultdict(lambda: ZERO, {product_id: number})
    for one, there, recipe in levels:
        short = needed[one] - there
        if recipe is None or short <= CRUMB:
            continue
        for part, quantity in recipe.parts.items():
            needed[part] += short * quantity / recipe.made
    return needed


def _taken_of(others: Substitutes, wanted: Decimal, left: Spare) -> Decimal:
    """Take what is left of substitutes, the first of them first; give how much that is."""
    rest = wanted
    for one in others:
        part = min(rest, left[one])
        left[one] -= part
        rest -= part
    return wanted - rest
