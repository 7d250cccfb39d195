"""Orders are changed as long as nobody has them in hand; their reservations follow."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from app.core.checks import checked
from app.core.db import retried, transaction
from app.core.errors import Invalid, InvalidRow
from app.core.quantities import plain
from app.documents.errors import NotAllowed
from app.orders import queries
from app.orders.models import ItemDraft, OrderItem, SalesOrder
from app.orders.services.allocating import refuse_unknown, reserve_missing, update_status
from app.orders.services.bundles import drop_components, take_apart
from app.orders.services.creating import RULES, active_customer
from app.orders.services.items import defaults_of, items_of, refuse_amounts
from app.orders.services.locking import ZERO, locked_order, publish_change
from app.stock import services as stock

ONLY_OF_DRAFTS = ("customer_id", "currency")


@retried
def change_order(
    order_id: int,
    *,
    version: int | None,
    items: Sequence[ItemDraft] | None = None,
    **changes: Any,
) -> SalesOrder:
    """Change an order as it was in `version`; what is not given stays.

    `items` are all of its lines: one that is left out is removed. Those of a confirmed order
    are reserved again as far as they have grown, and released as far as they have shrunk.

    Raises:
        StaleVersion: Somebody else was faster.
        NotAllowed: It is in hand, shipped or cancelled.
        Invalid: A value does not fit.
        UnknownProducts: A confirmed order cannot take a line that we do not know.
    """
    kept = checked(changes, RULES)
    with transaction() as session:
        order = locked_order(order_id)
        if items is not None:
            kept["items"] = _items(order, items, kept, version)
        kept = order.merge(version=version, **kept)
        _refuse_fixed(order, kept)
        if "customer_id" in kept and kept["customer_id"] != order.customer_id:
            kept["customer_name"] = active_customer(kept["customer_id"]).name
        if "items" in kept:
            _refuse_handled(order, kept["items"])
            _release_what_shrinks(order, kept["items"])
            _drop_what_goes(order, kept["items"])
        before = order.version
        with session.no_autoflush:
            order.revise(version=None, **kept)
        if order.version != before:
            order.add_up()
            refuse_amounts(order)
            session.flush()  # lines that are new need their ids
            take_apart([order])
            _follow(order)
            publish_change(order)
    return order


def _refuse_fixed(order: SalesOrder, changes: dict[str, Any]) -> None:
    if not order.is_editable:
        state = order.status_label
        raise NotAllowed(f"{order.number} is {state}: it cannot be changed any more.")
    for name in ONLY_OF_DRAFTS:
        if (
            order.status != "draft"
            and changes.get(name, value := getattr(order, name)) != value
        ):
            raise Invalid(name, "This is fixed once the order has been confirmed.")


def _items(
    order: SalesOrder,
    drafts: Sequence[ItemDraft],
    changes: dict[str, Any],
    version: int | None,
) -> list[OrderItem]:
    """Complete the lines; one that somebody has removed meanwhile would be a new one."""
    defaults = defaults_of(order)._replace(
        **{name: changes[name] for name in ("currency", "tax_rate") if name in changes}
    )
    if version not in (None, order.version):
        there = {line.id for line in order.lines}
        drafts = [one if one.id in there else one._replace(id=None) for one in drafts]
    return items_of(drafts, defaults=defaults, lines=order.lines)


def _refuse_handled(order: SalesOrder, items: Sequence[OrderItem]) -> None:
    """What has been picked, shipped or closed short can be neither removed nor replaced."""
    rows = {item.id: row for row, item in enumerate(items)}
    for line in order.lines:
        least, row = line.quantity_handled + line.quantity_cancelled, rows.get(line.id)
        if not least:
            continue
        reason = f"{line.sku}: {plain(least)} are picked or gone already."
        if line.quantity_direct:
            reason = f"{line.sku}: {plain(line.quantity_direct)} are delivered by a vendor."
        if row is None:
            raise Invalid("items", reason)
        if items[row].product_id != line.product_id:
            raise InvalidRow("items", row, "sku", reason)
        if items[row].quantity < least:
            raise InvalidRow("items", row, "quantity", reason)


def _release_what_shrinks(order: SalesOrder, items: Sequence[OrderItem]) -> None:
    new = {item.id: item for item in items}
    most: dict[int, Decimal] = {}
    for line in order.lines:
        item = new.get(line.id)
        is_kept = item is not None and item.product_id == line.product_id
        quantity = item.quantity if item and is_kept else ZERO
        if quantity < line.quantity:
            wanted = max(quantity - line.quantity_cancelled, ZERO)
            for one in line.components if line.is_bundle else [line]:
                each = one.per_bundle or 1
                gone = one.quantity_shipped + one.quantity_direct
                most[one.id] = max(wanted * each - gone, ZERO)
    if most and order.confirmed_at:
        stock.reduce_reservations(most, document_type=queries.LINE)


def _drop_what_goes(order: SalesOrder, items: Sequence[OrderItem]) -> None:
    """Take the components of bundles away that are left out or become another product."""
    kept = {(item.id, item.product_id) for item in items}
    drop_components([line for line in order.bundles if (line.id, line.product_id) not in kept])


def _follow(order: SalesOrder) -> None:
    """Make reservations and state of a confirmed order follow from its lines."""
    if order.confirmed_at is None:
        return
    if not order.lines:
        raise Invalid("items", "Cancel the order instead: nothing would be left of it.")
    refuse_unknown(order.lines)
    if order.is_waiting:  # on hold it waits for its release
        reserve_missing(order)
        update_status(order)
