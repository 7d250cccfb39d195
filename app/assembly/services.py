"""Products are built: components go out and the product comes in, in one posting."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple

from app.assembly import queries
from app.assembly.errors import MissingComponents
from app.assembly.models import Build, build_number
from app.catalog import queries as catalog
from app.catalog.models import ComponentLine, Product
from app.catalog.rules import parse_line
from app.catalog.services import bundle_parts
from app.catalog.services.matching import find_products
from app.core.actors import current_actor_id
from app.core.days import today
from app.core.db import db, retried, transaction
from app.core.errors import Invalid
from app.core.exchange_rates import exchange_rate
from app.core.quantities import (
    LARGEST_QUANTITY,
    MONEY_DECIMALS,
    QUANTITY_DECIMALS,
    grouped,
    half_up,
)
from app.documents.errors import NotAllowed
from app.purchasing.services import CostStep, average_costs, cost_build, uncost_build
from app.stock import services as stock
from app.stock.ledger import earlier
from app.stock.models import Location
from app.stock.reservations import ReservedQuantity, allocate

ZERO = Decimal(0)
REASON = "assembled"
# A third of something, three times, is the whole of it.
CRUMBS, CRUMB = 9, Decimal("1e-9")
OUTSIDE = "adjustment"  # what is built leaves stock as its components, and comes in as itself


class Buildable(NamedTuple):
    """How many pieces could be built: of components that lie there, or that are built first."""

    at_once: Decimal
    in_steps: Decimal


class Recipe(NamedTuple):
    """How many come of one go, and what that takes, by product."""

    made: Decimal
    parts: dict[int, Decimal]


class Level(NamedTuple):
    """A part of a bill of materials: what there is of it, and how it is made, if it is."""

    product_id: int
    there: Decimal
    recipe: Recipe | None


@retried
def build_product(  # noqa: PLR0913  (all that a build says)
    product_id: int,
    *,
    quantity: Decimal,
    location_id: int,
    key: str,
    note: str = "",
    scrapped: Decimal = ZERO,
    lot: stock.LotDraft = stock.NO_LOT,
) -> Build:
    """Build so much of an assembly at a location, once per key.

    Its components are taken from what is available in the same warehouse, in the order of
    picking; bundles among them are taken apart. Where one is short its substitutes are taken,
    the first of them first. What was taken has cost on average is what the product costs. What
    was `scrapped` took components too, and comes to nothing. What is tracked says its `lot`, or
    the serial numbers of its pieces.

    Raises:
        MissingComponents: Fewer are available there, with what is missing of each.
        Invalid: It is no assembly, the quantity does not come out even, or a place is unfit.
        KeyReused: The key belongs to another request.
    """
    request = f"build {product_id} {quantity} {scrapped} {location_id} {note}"
    if lot.is_said:
        request += f" {lot}"
    with transaction() as session:
        if again := earlier(key, request):
            return session.scalars(queries.build_of_posting(again.id)).one()
        product = session.scalars(catalog.product_with_components(product_id)).one()
        _refuse_unfit(product, quantity, scrapped)
        made = _pieces(product, quantity, lot)
        wanted = components_for(product, quantity + scrapped)
        taken = _take(wanted, _warehouse(location_id))
        costs = average_costs([product.id, *(one.product_id for one in taken)])
        value = _value(product, taken, costs)
        build = Build(
            key=key,
            request=request,
            product_id=product.id,
            quantity=quantity,
            scrapped=scrapped,
            location_id=location_id,
            value=value,
            note=_note(note),
            actor_id=current_actor_id(),
        )
        session.add(build)
        session.flush()
        moves = [*_taken(build, taken, costs), *_made(build, made)]
        posted = stock.post(moves, key=key, request=request)
        build.posting_id = posted.id
        if value is not None:
            cost_build(CostStep(product.id, quantity, value, posted.id))
        session.flush()
    return build


@retried
def undo_build(build_id: int) -> Build:
    """Take a build back: its components lie where they were taken, and cost what they did.

    Raises:
        NotAllowed: It is undone already.
        InsufficientStock: What was built has gone, or is reserved.
    """
    with transaction() as session:
        build = session.scalars(queries.build(build_id)).one()
        session.refresh(build, ["undone_at"], with_for_update=True)
        if build.is_undone or build.posting_id is None:
            raise NotAllowed(f"{build.number} has been undone already.")
        movements = session.scalars(queries.movements_of(build)).all()
        posted = stock.reverse_document_posting(
            build.posting_id,
            document=(queries.BUILD, build.id),
            key=f"undo {build.number}",
        )
        build.undone_at, build.undone_by_id = datetime.now(UTC), current_actor_id()
        if build.value is not None:
            back = [
                CostStep(one.product_id, one.quantity, one.quantity * one.unit_cost, posted.id)
                for one in movements
                if one.product_id != build.product_id and one.unit_cost is not None
            ]
            uncost_build(
                CostStep(build.product_id, build.quantity, build.value, posted.id), back
            )
        session.flush()
    return build


def find_assembly(code: str) -> int:
    """Find a product that somebody wants to build, by its SKU or a barcode.

    Raises:
        Invalid: There is none, or more than one.
    """
    found = find_products([code])
    if code in found.doubtful:
        raise Invalid("product", "Several products have such a code: choose one.")
    if code not in found.matches:
        raise Invalid("product", f"There is no product {code}.")
    return found.matches[code].product.id


def place_for(product_id: int, code: str) -> int:
    """Find where something is put: by a code, or else its home or the default location.

    Raises:
        Invalid: There is no such location, or no such product.
    """
    target = stock.find_target(reason="found", product_id=product_id, location=code or None)
    return target.location_id


def components_for(product: Product, quantity: Decimal) -> dict[int, ComponentLine]:
    """Give what so much of an assembly takes, by product; bundles are taken apart.

    Raises:
        Invalid: It does not come out even.
    """
    bundles = bundle_parts([line.component_id for line in product.components])
    needed: dict[int, ComponentLine] = {}
    for line in product.components:
        each = line.quantity * quantity / product.build_quantity
        parts = bundles.get(line.component_id)
        found = (
            [ComponentLine(part.product_id, each * part.quantity, part.sku) for part in parts]
            if parts
            else [line._replace(quantity=each)]
        )
        for one in found:
            before = needed.get(one.component_id)
            total = one.quantity + (before.quantity if before else ZERO)
            others = one.substitutes or (before.substitutes if before else ())
            needed[one.component_id] = one._replace(quantity=total, substitutes=others)
    for one in needed.values():
        if one.quantity != round(one.quantity, QUANTITY_DECIMALS):
            reason = f"So many take {one.quantity:f} of {one.sku}: that does not come out even."
            raise Invalid("quantity", reason)
    return needed


def buildable(product_id: int) -> Buildable:
    """Say how many pieces could be built of what is available, wherever it lies: one query.

    What is built already is used first; what is short of it is built, level by level.
    """
    recipes: dict[int, Recipe] = {}
    there: dict[int, Decimal] = {}
    for whole, made, part, quantity, available in db.session.execute(
        queries.makings_below(product_id)
    ):
        recipes.setdefault(whole, Recipe(made, {})).parts[part] = quantity
        there[part] = available
    if product_id not in recipes:
        return Buildable(ZERO, ZERO)
    made, parts = recipes[product_id]
    at_once = min(there[part] * made // quantity for part, quantity in parts.items())
    levels = [
        Level(one, there.get(one, ZERO), recipes.get(one))
        for one in _downwards(recipes, product_id)
    ]
    return Buildable(at_once, most_buildable(levels, product_id))


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


def numbers_of(build_ids: Collection[int]) -> Mapping[int, str]:
    """Give the numbers of some builds, by id."""
    return {number: build_number(number) for number in build_ids}


def _refuse_unfit(product: Product, quantity: Decimal, scrapped: Decimal) -> None:
    if product.kind != "assembly":
        reason = f"{product.sku} is no assembly: say first what it is made of."
        raise Invalid("product", reason)
    if not product.is_active:
        raise Invalid("product", f"{product.sku} is not in use any more.")
    if not quantity.is_finite() or quantity <= 0:
        raise Invalid("quantity", "Enter a quantity above zero.")
    if not scrapped.is_finite() or scrapped < 0:
        raise Invalid("scrapped", "Enter zero or more.")
    for field, number in (("quantity", quantity), ("scrapped", scrapped)):
        if number != round(number, QUANTITY_DECIMALS):
            raise Invalid(field, f"At most {QUANTITY_DECIMALS} decimals.")


def _warehouse(location_id: int) -> str:
    """The code of the warehouse that a location is in."""
    place = db.session.get(Location, location_id)
    if place is None:
        raise Invalid("location", "There is no such location.")
    return place.path.partition("/")[0]


def _take(wanted: Mapping[int, ComponentLine], warehouse: str) -> list[ReservedQuantity]:
    """Set components apart, all that is wanted of each, or else what may be taken instead.

    Every component has its own first: no substitute is taken of what another is short of.
    """
    demands = [stock.Demand(line.component_id, line.quantity) for line in wanted.values()]
    allocated = allocate(demands, within=f"{warehouse}/")
    taken, missing = [part for parts in allocated for part in parts], []
    for line, parts in zip(wanted.values(), allocated, strict=True):
        rest = line.quantity - sum((part.quantity for part in parts), ZERO)
        for number, _sku in line.substitutes if rest else ():
            [instead] = allocate([stock.Demand(number, rest)], within=f"{warehouse}/")
            taken += instead
            rest -= sum((part.quantity for part in instead), ZERO)
            if not rest:
                break
        if rest:
            missing.append(_missing(line, rest))
    if missing:
        raise MissingComponents(f"In {warehouse} there are missing: {', '.join(missing)}.")
    return taken


def _missing(line: ComponentLine, rest: Decimal) -> str:
    others = " or ".join([line.sku, *(sku for _number, sku in line.substitutes)])
    return f"{grouped(rest)} of {others}"


def _value(
    product: Product,
    taken: Sequence[ReservedQuantity],
    costs: Mapping[int, tuple[Decimal, str]],
) -> Decimal | None:
    """What was taken has cost, at the rates of today; None where one is not known."""
    theirs = {costs[one.product_id][1] for one in taken}
    rates = {one: exchange_rate(one, product.currency, today()) for one in theirs}
    worth = ZERO
    for one in taken:
        cost, currency = costs[one.product_id]
        rate = rates[currency]
        if rate is None:
            return None
        worth += one.quantity * cost * rate
    return half_up(worth, MONEY_DECIMALS)


def _pieces(
    product: Product, quantity: Decimal, lot: stock.LotDraft
) -> list[tuple[Decimal, int | None]]:
    """What comes of a build, by lot or piece by piece: quantities and their lots."""
    found = [
        (part, stock.lot_of(product, said))
        for part, said in stock.pieces_of(product, quantity, lot)
    ]
    return [(part, lot.id if lot else None) for part, lot in found]


def _taken(
    build: Build, taken: Sequence[ReservedQuantity], costs: Mapping[int, tuple[Decimal, str]]
) -> list[stock.Move]:
    outside = stock.virtual_location(OUTSIDE)
    return [
        stock.Move(
            product_id=one.product_id,
            lot_id=one.lot_id,
            from_location_id=one.location_id,
            to_location_id=outside,
            quantity=one.quantity,
            reason=REASON,
            note=build.note,
            document_type=queries.BUILD,
            document_id=build.id,
            unit_cost=costs[one.product_id][0],
            is_reserved=True,
        )
        for one in taken
    ]


def _made(build: Build, made: Sequence[tuple[Decimal, int | None]]) -> list[stock.Move]:
    outside = stock.virtual_location(OUTSIDE)
    each = (
        None if build.value is None else half_up(build.value / build.quantity, MONEY_DECIMALS)
    )
    return [
        stock.Move(
            product_id=build.product_id,
            lot_id=lot_id,
            from_location_id=outside,
            to_location_id=build.location_id,
            quantity=quantity,
            reason=REASON,
            note=build.note,
            document_type=queries.BUILD,
            document_id=build.id,
            unit_cost=each,
        )
        for quantity, lot_id in made
    ]


def _note(note: str) -> str:
    try:
        return parse_line(note)
    except ValueError as error:
        raise Invalid("note", str(error)) from error
