"""Goods are reserved for orders: when they are confirmed, by hand, and when goods arrive."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from decimal import Decimal

from app.core.db import db, retried, transaction
from app.core.errors import Invalid
from app.documents.errors import NotAllowed
from app.orders import queries
from app.orders.errors import UnknownProducts
from app.orders.models import OrderLine, SalesOrder
from app.orders.services.bundles import demands_of, drop_components, take_apart
from app.orders.services.locking import ZERO, locked_order, publish_change, reserved_for
from app.stock import services as stock
from app.stock.ledger.statements import run

Report = Callable[[int, int], None]


@retried
def allocate(order_id: int) -> SalesOrder:
    """Try again to reserve what an order is missing.

    Raises:
        NotAllowed: It does not wait for goods.
    """
    with transaction():
        order = locked_order(order_id)
        if not order.is_waiting:
            raise NotAllowed(f"{order.number} does not wait for goods.")
        if reserve_missing(order):
            update_status(order)
            publish_change(order)
    return order


def allocate_waiting(product_ids: Collection[int], report: Report | None = None) -> int:
    """Reserve goods that have come for who has waited longest; gives how many orders got some.

    Each order is a unit of work of its own. It ends when nothing of the products is left.
    """
    wanted: set[int | None] = set(product_ids)
    served = 0
    waiting = db.session.scalars(queries.waiting_for(product_ids)).all()
    for done, order_id in enumerate(waiting):
        has_got, missing = _allocate_in_turn(order_id)
        served += has_got
        wanted -= missing
        if not wanted:
            break
        if report:
            report(done + 1, len(waiting))
    return served


def is_awaited(product_ids: Collection[int]) -> bool:
    """Tell whether an order waits for one of these products."""
    values = {"products": list(product_ids)}
    return bool(run(queries.IS_AWAITED, values).scalar_one())


def refuse_unfit(order: SalesOrder) -> None:
    """Refuse to confirm what is no draft, or has nothing in it.

    Raises:
        NotAllowed: It is no draft.
        Invalid: It has no lines.
    """
    if not order.is_unconfirmed:
        raise NotAllowed(f"{order.number} is no draft: it has been confirmed before.")
    if not order.lines:
        raise Invalid("items", "Add a line first: there is nothing to confirm.")


def prepare_lines(orders: Collection[SalesOrder]) -> None:
    """Make sure that all lines of drafts can be served, and take their bundles apart for good.

    Raises:
        UnknownProducts: A line names nothing that we trade in, or trade in any more.
        InvalidRow: A bundle is not sold whole, or so many of them hold too much.
    """
    lines = [line for order in orders for line in order.lines]
    bundles = refuse_unknown(lines)
    drop_components([one for one in lines if one.is_bundle and one.product_id not in bundles])
    for line in lines:
        line.is_bundle = line.product_id in bundles
    take_apart(orders, anew=True)
    parts = [one for line in lines if line.is_bundle for one in line.components]
    if parts:
        refuse_unknown(parts)


def refuse_unknown(lines: Collection[OrderLine]) -> set[int]:
    """Refuse lines of which nothing could ever leave; a free line is meant so.

    Gives which of their products are bundles.

    Raises:
        UnknownProducts: With the SKUs.
    """
    unknown = [x.sku for x in lines if x.product_id is None and not x.is_free]
    if unknown:
        raise UnknownProducts(f"We do not know {', '.join(unknown)}: choose products of ours.")
    special = db.session.execute(queries.special_products_of(lines)).all()
    if inactive := [product.sku for product in special if not product.is_active]:
        raise UnknownProducts(f"{', '.join(inactive)}: not in use any more.")
    return {product.id for product in special}


def reserve_missing(order: SalesOrder) -> bool:
    """Reserve what is not reserved yet, as far as there is any; tells whether there was."""
    db.session.flush()  # lines that are new need their ids
    reserved = reserved_for(order)
    demands: dict[int, stock.Demand] = {}
    for line in order.lines:
        demands |= {} if line.is_free else demands_of(line, reserved)
    return bool(
        demands
        and stock.reserve_available(demands, document_type=queries.LINE, note=order.number)
    )


def missing_of(
    order: SalesOrder, reserved: Mapping[int, Decimal]
) -> list[tuple[OrderLine, Decimal]]:
    """Give the goods that are not fully reserved, with what is on backorder of each."""
    parts = ((line, line.quantity_due - reserved[line.id]) for line in order.goods)
    return [(line, part) for line, part in parts if part > 0]


def update_status(order: SalesOrder) -> None:
    """Let the state follow from what is shipped and reserved.

    Nothing open: shipped, or cancelled if nothing ever left. All of the rest that leaves our
    shelves reserved: allocated, as is what has free lines only. Some of it, or some has left:
    partly allocated. Else confirmed, as is what only vendors are to deliver. What somebody has
    in hand stays so, as long as goods lie in totes for it.
    """
    db.session.flush()
    status = status_of(order, reserved_for(order))
    if status == "shipped":
        order.shipped_at = datetime.now(UTC)
    if status != order.status:
        order.move_to(status)


def update_unless_held(order: SalesOrder) -> None:
    """Let the state follow; what is on hold waits for its release, unless nothing is left."""
    if order.status != "on_hold" or not any(line.quantity_open for line in order.single_lines):
        update_status(order)


def status_of(order: SalesOrder, reserved: Mapping[int, Decimal]) -> str:
    """Give the state that follows from what is reserved for each line: see `update_status`."""
    still_open = sum((line.quantity_open for line in order.goods), ZERO)
    shipped = sum((line.quantity_shipped for line in order.single_lines), ZERO)
    held = sum(reserved.values(), ZERO)
    if not still_open and not order.waits_for_no_goods:
        return "shipped" if shipped else "cancelled"
    if order.is_in_hand and any(
        line.quantity_picked > line.quantity_shipped for line in order.single_lines
    ):
        return order.status
    due = sum((line.quantity_due for line in order.goods), ZERO)
    if held >= due and (due or not still_open):
        return "allocated"
    return "part_allocated" if held or shipped else "confirmed"


@retried
def _allocate_in_turn(order_id: int) -> tuple[bool, set[int | None]]:
    """Tell whether an order got something, and which products it still misses: they are out."""
    with transaction():
        order = locked_order(order_id)
        if order.status not in {"confirmed", "part_allocated"}:  # somebody was faster
            return False, set()
        if has_got := reserve_missing(order):
            update_status(order)
            publish_change(order)
        missing = missing_of(order, reserved_for(order))
        # Of a component there may be some: it is another one that the bundle waits for.
        return has_got, {line.product_id for line, _ in missing if line.per_bundle is None}
