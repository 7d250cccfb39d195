"""Products are built: components go out and the product comes in, in one posting."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from app.assembly import queries
from app.assembly.models import Build, build_number
from app.assembly.services.taking import components_for, take_components
from app.catalog import queries as catalog
from app.catalog.models import Product
from app.catalog.rules import parse_line
from app.catalog.services.matching import find_products
from app.core.actors import current_actor_id
from app.core.days import today
from app.core.db import db, retried, transaction
from app.core.errors import Invalid
from app.core.exchange_rates import exchange_rate
from app.core.quantities import (
    MONEY_DECIMALS,
    QUANTITY_DECIMALS,
    half_up,
)
from app.documents.errors import NotAllowed
from app.purchasing.services import CostStep, average_costs, cost_build, uncost_build
from app.stock import services as stock
from app.stock.ledger import earlier
from app.stock.models import Location
from app.stock.reservations import ReservedQuantity

ZERO = Decimal(0)
REASON = "assembled"
OUTSIDE = "adjustment"  # what is built leaves stock as its components, and comes in as itself


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
        taken = take_components(wanted, _warehouse(location_id))
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
