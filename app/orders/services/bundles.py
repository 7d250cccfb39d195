"""Bundles in orders: sold as one line, reserved and shipped as their components.

The components are copied to the line when it is made, and once more when the order is
confirmed: what a bundle holds may change later, but not what a customer was promised.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from sqlalchemy import delete
from sqlalchemy.orm.attributes import set_committed_value

from app.catalog.services import BundlePart, bundle_parts
from app.core.db import db
from app.core.errors import InvalidRow
from app.core.quantities import LARGEST_QUANTITY
from app.documents.errors import InvalidQuantity
from app.documents.services import Quantities
from app.orders import queries
from app.orders.models import OrderLine, SalesOrder
from app.stock import services as stock

ZERO = Decimal(0)
Parts = Sequence[tuple[OrderLine, Decimal]]


def take_apart(orders: Iterable[SalesOrder], *, anew: bool = False) -> None:
    """Give lines about bundles their components; with `anew` those that have them too.

    The lines are written already. One whose quantity has changed gets as many more or fewer.
    One query for all of them, and none where there are no bundles.

    Raises:
        InvalidRow: A bundle is not sold whole, has nothing in it, or so many hold too much.
    """
    found = [
        (row, line)
        for order in orders
        for row, line in enumerate(order.lines)
        if line.is_bundle
    ]
    due = [line for _row, line in found if anew or not line.components]
    held = bundle_parts([*{line.product_id for line in due if line.product_id is not None}])
    drop_components(due)
    for row, line in found:
        _refuse_broken(row, line, held)
    for line in due:
        _add(
            line, [_component(line, *part) for part in enumerate(held[line.product_id or 0], 1)]
        )
    for row, line in found:
        line.scale_components()
        _refuse_unfit(row, line)
    if due:
        db.session.flush()


def drop_components(lines: Iterable[OrderLine]) -> None:
    """Take the components of lines away: nothing is reserved for them any more."""
    found = [one for line in lines for one in line.components]
    if not found:
        return
    db.session.flush()
    gone = delete(OrderLine).where(OrderLine.id.in_([one.id for one in found]))
    db.session.execute(gone, execution_options={"synchronize_session": False})
    for one in found:
        db.session.expunge(one)
    for line in lines:
        set_committed_value(line, "components", [])


def part_components(order: SalesOrder, parts: Parts) -> Callable[[SalesOrder], None]:
    """Take what goes with parts of bundles out of an order; gives how the other one gets it.

    What is reserved for components of a bundle that goes as a whole is released.
    """
    copies = {
        place: [one.copied_for(line) for one in line.components]
        for place, (line, _quantity) in enumerate(parts)
        if line.is_bundle
    }
    whole = [line for line, part in parts if line.is_bundle and part == line.quantity]
    if order.confirmed_at and whole:
        nothing = {one.id: ZERO for line in whole for one in line.components}
        stock.reduce_reservations(nothing, document_type=queries.LINE)
    drop_components(whole)

    def give(apart: SalesOrder) -> None:
        for place, components in copies.items():
            line = apart.lines[place]
            for one in components:
                one.order_id, one.bundle_line_id = line.order_id, line.id
            _add(line, components)
            line.scale_components()
        for line in order.bundles:
            line.scale_components()
        db.session.flush()

    return give


def singles(order: SalesOrder, quantities: Quantities) -> dict[int, Decimal]:
    """Give quantities with the components of a bundle in place of it; others stay."""
    bundles = {line.id: line for line in order.bundles}
    found: dict[int, Decimal] = {}
    for number, quantity in quantities.items():
        if (bundle := bundles.get(number)) is None:
            found[number] = found.get(number, ZERO) + quantity
            continue
        for one in bundle.components:
            part = quantity * (one.per_bundle or ZERO)
            found[one.id] = found.get(one.id, ZERO) + part
    return found


def refuse_broken_bundles(order: SalesOrder, quantities: Quantities) -> None:
    """Refuse to part a bundle: so many of them, or none.

    Raises:
        InvalidQuantity: Of a bundle, no whole number is asked for.
    """
    for line in order.bundles:
        part = quantities.get(line.id, ZERO)
        if part != part.to_integral_value():
            raise InvalidQuantity(line.id, f"{line.sku} is a bundle: enter a whole number.")


def follow_components(order: SalesOrder) -> dict[int, Decimal]:
    """Make how far bundles are follow from their components; gives what has left since."""
    left: dict[int, Decimal] = {}
    for line in order.bundles:
        before = line.quantity_shipped
        line.follow_components()
        if line.quantity_shipped != before:
            left[line.id] = line.quantity_shipped - before
    return left


def with_bundles(order: SalesOrder, amounts: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Give amounts by line, with those of bundles: as many as there are whole ones of."""
    wholes = {
        line.id: line.wholes(lambda one: amounts.get(one.id, ZERO)) for line in order.bundles
    }
    return {**amounts, **wholes}


def demands_of(line: OrderLine, reserved: Mapping[int, Decimal]) -> dict[int, stock.Demand]:
    """What a line still wants, by the id of what is reserved for.

    Components are wanted in whole bundles only: what cannot leave yet keeps nothing from
    others that could.
    """
    demands: dict[int, stock.Demand] = {}
    for one in line.components if line.is_bundle else [line]:
        had = reserved.get(one.id, ZERO)
        missing = one.quantity_due - had
        if one.product_id is None or missing <= 0:
            continue
        kit = None
        if one.per_bundle is not None:
            there = had + one.quantity_shipped + one.quantity_direct
            kit = stock.Kit(line.id, one.per_bundle, there)
        demands[one.id] = stock.Demand(one.product_id, missing, kit)
    return demands


def missing_wholes(
    order: SalesOrder, missing: Mapping[int, Decimal]
) -> list[tuple[OrderLine, Decimal]]:
    """Give what is missing of lines as they were ordered: a bundle lacks as a whole."""
    found: list[tuple[OrderLine, Decimal]] = []
    for line in order.lines:
        part = missing.get(line.id, ZERO)
        if line.is_bundle:
            there = line.wholes(lambda one: one.quantity_wanted - missing.get(one.id, ZERO))
            part = min(line.quantity_wanted - there, line.quantity_untouched)
        if part > 0:
            found.append((line, part))
    return found


def _add(line: OrderLine, components: Sequence[OrderLine]) -> None:
    db.session.add_all(components)
    set_committed_value(line, "components", [*components])


def _component(line: OrderLine, place: int, part: BundlePart) -> OrderLine:
    return OrderLine(
        order_id=line.order_id,
        bundle_line_id=line.id,
        position=place,
        product_id=part.product_id,
        sku=part.sku,
        description=part.name,
        quantity=line.quantity * part.quantity,
        per_bundle=part.quantity,
    )


def _refuse_broken(row: int, line: OrderLine, held: Mapping[int, Sequence[BundlePart]]) -> None:
    if line.quantity != line.quantity.to_integral_value():
        reason = f"{line.sku} is a bundle: it is sold whole."
        raise InvalidRow("items", row, "quantity", reason)
    if not line.components and not held.get(line.product_id or 0):
        raise InvalidRow("items", row, "sku", f"{line.sku} is a bundle with nothing in it.")


def _refuse_unfit(row: int, line: OrderLine) -> None:
    if any(one.quantity >= LARGEST_QUANTITY for one in line.components):
        reason = f"so many of {line.sku} hold more than can be counted."
        raise InvalidRow("items", row, "quantity", reason)
