"""One order of a shop, and what is ours of it.

The whole order comes as a draft. What is invoiced of it is confirmed: if that is only a part,
it is split off, and the rest stays a draft until it is invoiced too. What is shipped already
when we first hear of an order never becomes ours.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from app.catalog.models import Customer, Product
from app.catalog.services import create_contact
from app.core.db import db
from app.integrations.hub.errors import Unreadable
from app.integrations.hub.models import Connection
from app.integrations.inbound.models import RecordLink
from app.integrations.inbound.targets import PendingRecord
from app.integrations.systems.magento import changes, reading
from app.integrations.systems.magento.changes import Unresolved
from app.integrations.systems.magento.fields import ZERO
from app.integrations.systems.magento.reading import Line
from app.integrations.systems.magento.values import Worth, carriage_of
from app.orders import queries, services
from app.orders.models import ItemDraft, SalesOrder

CHANNEL = "magento"
OVER = {"canceled", "closed"}
WAITS = {"holded", "payment_review"}
NEW = {"new", "pending_payment", "processing"} | WAITS  # the others are history
HELD = "On hold in Magento"

Parts = dict[int, Decimal]


def apply_order(connection: Connection, record: PendingRecord, invoices: Sequence[Any]) -> None:
    """Make, confirm, split, hold or cancel ours as the shop's order asks.

    Raises:
        Unreadable: It is not what it should be.
        DomainError: It cannot be followed; the reason says why.
    """
    order, invoiced = record.payload, invoiced_by(invoices)
    state = reading.state(order)
    ours = _ours(connection, record)
    if not ours:
        if state not in NEW or record.gone_at is not None:
            return
        all_lines, worth = reading.lines_and_worth(order, invoiced)
        lines, left_out = _goods(connection, all_lines)
        if not any(line.ordered > line.shipped for line in lines):
            return
        ours = [_made(connection, record, lines, left_out, worth)]
    if state in OVER or record.gone_at is not None:
        _cancel(ours, "closed" if state == "closed" else "cancelled")
        return
    lines, _left_out = _goods(connection, reading.lines(order, invoiced))
    _hold(ours, must_wait=state in WAITS)
    _shrink(ours, lines)
    changes.close_shipped_there(_ours(connection, record), lines)
    release(_ours(connection, record), lines)
    changes.follow_address(connection, record, _ours(connection, record))


def _goods(connection: Connection, lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Part goods from what an extension sells that is no product of ours: a gift card."""
    foreign = [line for line in lines if line.product_type not in reading.SHIPPED]
    if not foreign:
        return [*lines], []
    linked = products_of(connection.id, foreign)
    same = select(Product.sku).where(Product.sku.in_([line.sku for line in foreign]))
    skus = set(db.session.scalars(same))
    left_out = [
        line for line in foreign if line.product_ref not in linked and line.sku not in skus
    ]
    return [line for line in lines if line not in left_out], left_out


def invoiced_by(invoices: Sequence[Any]) -> dict[str, Decimal]:
    """How much invoices ask money for, by the shop's number of the line."""
    total: dict[str, Decimal] = {}
    for invoice in invoices:
        for item_id, quantity in reading.invoice_of(invoice)[1].items():
            total[item_id] = total.get(item_id, ZERO) + quantity
    return total


def _ours(connection: Connection, record: PendingRecord) -> list[SalesOrder]:
    query = queries.orders_of_record(CHANNEL, connection.account, record.external_id)
    fresh = query.order_by(SalesOrder.id)
    return [*db.session.scalars(fresh.execution_options(populate_existing=True))]


def _made(
    connection: Connection,
    record: PendingRecord,
    lines: Sequence[Line],
    left_out: Sequence[Line],
    worth: Worth,
) -> SalesOrder:
    """Make a draft of what is not shipped yet, and link it.

    It is held, with both figures, if its lines do not come to what the shop says.
    """
    known = products_of(record.connection_id, lines)
    wanted = wanted_of(record, lines, left_out, known, _customer(record.payload))
    order = services.create_order(
        customer_id=wanted.customer.id,
        items=wanted.items,
        channel=CHANNEL,
        channel_account=connection.account,
        external_id=wanted.external_id,
        **wanted.values,
    )
    _link(record, order)
    if why := doubt_of(worth, order.currency):
        order = services.hold_order(order.id, reason=why)
    changes.remember_address(connection, record)
    return order


def wanted_of(
    record: PendingRecord,
    lines: Sequence[Line],
    left_out: Sequence[Line],
    known: Mapping[str, int],
    customer: Customer,
) -> services.NewOrder:
    """What becomes of a shop's order that is not ours yet; `known` are products as linked.

    Raises:
        Unreadable: It is not what it should be.
    """
    items = [
        ItemDraft(
            line.ordered - line.shipped,
            sku=line.sku,
            product_id=known.get(line.product_ref),
            unit_price=line.unit_price,
            tax_rate=line.tax_rate,
            discount=line.discount_of(line.ordered - line.shipped),
            description=line.name,
            external_id=line.item_id,
        )
        for line in lines
        if line.ordered > line.shipped
    ]
    head = reading.head(record.payload)
    others = [f"Left out, no goods of ours: {line.sku} {line.name}" for line in left_out]
    head["notes"] = "\n".join(filter(None, [head["notes"], *others]))
    return services.NewOrder(
        customer, items, record.external_id, _fitting(head) | _shipping(record, lines)
    )


def doubt_of(worth: Worth, currency: str) -> str:
    """Why somebody has to look at it: its lines do not come to what the shop says; else ""."""
    if worth.is_same(currency):
        return ""
    said = "no total" if worth.theirs is None else f"{worth.theirs:,.2f} {currency}"
    return f"Magento says {said}, its lines and shipping come to {worth.ours:,.2f}"


def _shipping(record: PendingRecord, lines: Sequence[Line]) -> dict[str, Decimal]:
    """Carriage, unless some of the order has left there already: it was charged with that."""
    if any(line.shipped for line in lines):
        return {}
    carriage = carriage_of(record.payload)
    return {"shipping_amount": carriage.amount, "shipping_tax_rate": carriage.tax_rate}


def _link(record: PendingRecord, order: SalesOrder) -> None:
    whose = {
        "connection_id": record.connection_id,
        "kind": record.kind,
        "external_id": record.external_id,
    }
    link = db.session.scalars(select(RecordLink).filter_by(**whose)).one_or_none()
    if link is None:
        link = RecordLink(**whose, state="linked", reason="Made from it")
        db.session.add(link)
    link.record_id = order.id
    db.session.flush()


def _fitting(head: dict[str, Any]) -> dict[str, Any]:
    if not head["currency"]:
        raise Unreadable("It names no currency.")
    return head


def products_of(connection_id: int, lines: Sequence[Line]) -> dict[str, int]:
    """Ours by the shop's number, where they are linked; else the SKU decides."""
    query = (
        select(RecordLink.external_id, RecordLink.record_id)
        .join(Product, Product.id == RecordLink.record_id)
        .where(
            RecordLink.connection_id == connection_id,
            RecordLink.kind == "product",
            RecordLink.state == "linked",
            RecordLink.external_id.in_([line.product_ref for line in lines]),
        )
    )
    return {number: record_id for number, record_id in db.session.execute(query) if record_id}


def _customer(order: Mapping[str, Any]) -> Customer:
    """Who has the e-mail address; else somebody new."""
    said = reading.customer(order)
    if said["email"]:
        same = select(Customer).where(
            func.lower(Customer.email) == said["email"].lower(), Customer.is_active
        )
        if known := db.session.scalars(same.order_by(Customer.id).limit(1)).first():
            return known
    currency = str(order.get("order_currency_code") or "")
    return create_contact(Customer, **said, currency=currency)


def _cancel(ours: Sequence[SalesOrder], how: str) -> None:
    """Cancel what has not left; of what has left in part, the rest is not owed."""
    for order in ours:
        if order.status in {"shipped", "cancelled"}:
            continue
        if order.is_partly_shipped:
            services.close_short(order.id)
        else:
            services.cancel_order(order.id, reason=f"Order {how} in Magento")


def _hold(ours: Sequence[SalesOrder], *, must_wait: bool) -> None:
    for order in ours:
        if must_wait and order.may_become("on_hold"):
            services.hold_order(order.id, reason=HELD)
        if not must_wait and order.status == "on_hold" and order.hold_reason == HELD:
            services.release_order(order.id)


def _shrink(ours: Sequence[SalesOrder], lines: Sequence[Line]) -> None:
    """Let go what was cancelled or refunded there: of drafts first, then of what waits."""
    surplus = surplus_of(ours, lines)
    for order in sorted(ours, key=lambda one: one.confirmed_at is not None):
        if order.status in {"shipped", "cancelled"}:
            continue
        parts = _parts(order, surplus)
        if parts:
            _reduce(order, parts)
    for line in lines:  # money given back for what has left asks nothing of a warehouse
        surplus[line.item_id] = surplus.get(line.item_id, ZERO) - min(
            line.refunded, _shipped(ours, line.item_id)
        )
    if any(rest > 0 for rest in surplus.values()):
        raise Unresolved(
            "Magento has cancelled or refunded goods that are picked or shipped already: "
            "settle it by hand."
        )


def surplus_of(ours: Sequence[SalesOrder], lines: Sequence[Line]) -> dict[str, Decimal]:
    """How much more we have of which of the shop's lines than it wants by now."""
    wanted = {line.item_id: line.ordered for line in lines}
    return {
        item_id: _sum(ours, item_id) - wanted.get(item_id, ZERO)
        for item_id in {line.external_id for order in ours for line in order.lines}
        if item_id
    }


def _reduce(order: SalesOrder, parts: Parts) -> None:
    rest = {line.id: line.quantity_wanted - parts.get(line.id, ZERO) for line in order.lines}
    if not any(rest.values()):
        services.cancel_order(order.id, reason="Cancelled in Magento")
    elif order.confirmed_at is None:
        kept = [_kept(line, rest[line.id]) for line in order.lines if rest[line.id]]
        services.change_order(order.id, version=order.version, items=kept)
    else:
        services.close_short(order.id, parts)


def _kept(line: Any, quantity: Decimal) -> ItemDraft:
    return ItemDraft(
        quantity, id=line.id, sku=line.sku, product_id=line.product_id,
        unit_price=line.unit_price, tax_rate=line.tax_rate, description=line.description,
        discount=line.discount_of(quantity),
    )  # fmt: skip


def _parts(order: SalesOrder, wanted: dict[str, Decimal]) -> Parts:
    """What of a wish an order's lines can give; it is taken off the wish."""
    parts = {}
    for line in order.lines:
        item_id = line.external_id or ""
        free = line.quantity_wanted - line.quantity_handled
        if (part := min(wanted.get(item_id, ZERO), free)) > 0:
            parts[line.id] = part
            wanted[item_id] -= part
    return parts


def release(ours: Sequence[SalesOrder], lines: Sequence[Line]) -> None:
    """Confirm what is invoiced and was not confirmed before."""
    for order, parts in to_confirm(ours, lines):
        _confirm(order, parts)


def to_confirm(
    ours: Sequence[SalesOrder], lines: Sequence[Line]
) -> Iterator[tuple[SalesOrder, Parts]]:
    """Drafts of which something is invoiced, with how much of their lines."""
    due = {}
    for line in lines:
        mine = _sum(ours, line.item_id)
        elsewhere = max(line.ordered - mine, ZERO)  # shipped before we came
        confirmed = _sum([one for one in ours if one.confirmed_at], line.item_id)
        # Somebody may have confirmed more by hand, for a customer who pays later.
        due[line.item_id] = min(mine, max(line.invoiced - elsewhere, ZERO)) - confirmed
    for order in ours:
        if order.status != "draft":
            continue
        parts = _parts(order, due)
        if parts:
            yield order, parts


def is_whole(order: SalesOrder, parts: Parts) -> bool:
    """Tell whether nothing of an order is left besides some parts."""
    return parts == {line.id: line.quantity_wanted for line in order.lines}


def _confirm(order: SalesOrder, parts: Parts) -> None:
    if any(line.product_id is None for line in order.lines):  # perhaps we know it by now
        kept = [_kept(line, line.quantity) for line in order.lines]
        order = services.change_order(order.id, version=order.version, items=kept)
    if not is_whole(order, parts):
        order = services.split_order(order.id, parts)
    services.confirm_order(order.id)


def _shipped(orders: Sequence[SalesOrder], item_id: str) -> Decimal:
    lines = [line for order in orders for line in order.lines if line.external_id == item_id]
    return sum((line.quantity_shipped for line in lines), ZERO)


def _sum(orders: Sequence[SalesOrder], item_id: str) -> Decimal:
    return sum(
        (
            line.quantity_wanted
            for order in orders
            if order.status != "cancelled"
            for line in order.lines
            if line.external_id == item_id
        ),
        ZERO,
    )
