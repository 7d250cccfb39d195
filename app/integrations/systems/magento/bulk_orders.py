"""A shop's orders that need nothing special, many at once: most of them, most of the time.

Which these are is seen without a statement for each: one that is new, whose goods are all of
them ours; one that is ours and stays as it is, or is invoiced by now. What else there is goes
order by order (`orders`), which says what is wrong with it, too.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import func, select

from app.catalog.models import Customer
from app.catalog.services import create_contacts
from app.core.db import db
from app.integrations.hub.containment import is_of_record
from app.integrations.hub.models import Connection
from app.integrations.inbound.models import RecordLink
from app.integrations.inbound.targets import PendingRecord
from app.integrations.systems.magento import changes, orders, reading
from app.integrations.systems.magento.models import FollowedOrder
from app.integrations.systems.magento.orders import CHANNEL
from app.integrations.systems.magento.reading import Line
from app.integrations.systems.magento.values import Worth
from app.orders import queries, services
from app.orders.models import SalesOrder

NOBODY = Customer()  # until it is known whether an order can be read


class Known(NamedTuple):
    """What is known of some of a shop's orders, by their numbers there."""

    invoices: Mapping[str, Sequence[Any]]
    ours: Mapping[str, Sequence[SalesOrder]]
    addresses: Mapping[str, Mapping[str, Any]]


class ReadOrder(NamedTuple):
    """An order of the shop: its goods, and what it comes to."""

    record: PendingRecord
    lines: Sequence[Line]
    worth: Worth


class NewOrder(NamedTuple):
    """One that is not ours yet, and whose goods are ours."""

    read: ReadOrder
    wanted: services.NewOrder

    @property
    def record(self) -> PendingRecord:
        """The shop's."""
        return self.read.record


def look_up(
    connection: Connection,
    records: Sequence[PendingRecord],
    invoices: Mapping[str, Sequence[Any]],
) -> Known:
    """Ask once for all of them."""
    numbers = [record.external_id for record in records]
    mine = queries.orders_of_records(CHANNEL, connection.account, numbers)
    fresh = mine.order_by(SalesOrder.id).execution_options(populate_existing=True)
    ours: dict[str, list[SalesOrder]] = {}
    for order in db.session.scalars(fresh):
        ours.setdefault(order.external_id or "", []).append(order)
    followed = select(FollowedOrder).where(
        FollowedOrder.connection_id == connection.id, FollowedOrder.external_id.in_(numbers)
    )
    addresses = {one.external_id: one.address for one in db.session.scalars(followed)}
    return Known(invoices, ours, addresses)


def apply_in_bulk(
    connection: Connection, records: Sequence[PendingRecord], known: Known
) -> set[str]:
    """Make, confirm and hold what is plain; give the numbers of those that are done."""
    done, fresh, due = set[str](), list[ReadOrder](), list[SalesOrder]()
    for record in records:
        try:
            invoiced = orders.invoiced_by(known.invoices.get(record.external_id, []))
            if record.external_id in known.ours:
                due += _confirmed_whole(_read(record, invoiced), known)
            elif _is_open(record):
                order = _read(record, invoiced)
                if any(line.ordered > line.shipped for line in order.lines):
                    fresh.append(order)
                    continue
        except _Special:
            continue
        except Exception as error:  # seen alone, it says what is wrong with it
            if not is_of_record(error):
                raise
            continue
        done.add(record.external_id)
    new = _made(connection, fresh)
    services.confirm_orders([one.id for one in due])
    return done | new


class _Special(Exception):
    """An order that has to be seen by itself."""


def _is_open(record: PendingRecord) -> bool:
    return reading.state(record.payload) in orders.NEW and record.gone_at is None


def _read(record: PendingRecord, invoiced: Mapping[str, Decimal]) -> ReadOrder:
    lines, worth = reading.lines_and_worth(record.payload, invoiced)
    if any(line.product_type not in reading.SHIPPED for line in lines):
        raise _Special
    return ReadOrder(record, lines, worth)


def _confirmed_whole(order: ReadOrder, known: Known) -> list[SalesOrder]:
    """What is ours of an order that is as it was, as far as it is invoiced by now."""
    record, lines = order.record, order.lines
    ours, state = known.ours[record.external_id], reading.state(record.payload)
    if state in orders.OVER or record.gone_at is not None:
        if all(one.status in changes.OVER for one in ours):
            return []
        raise _Special
    must_wait = state in orders.WAITS
    is_as_it_was = (
        not any(_changes_hold(one, must_wait=must_wait) for one in ours)
        and not any(rest > 0 for rest in orders.surplus_of(ours, lines).values())
        and not changes.is_shipped_there(ours, lines)
        and known.addresses.get(record.external_id) == reading.address(record.payload)
    )
    due = [*orders.to_confirm(ours, lines)] if is_as_it_was else []
    if not is_as_it_was or not all(_is_plain(order, parts) for order, parts in due):
        raise _Special
    return [order for order, _parts in due]


def _changes_hold(order: SalesOrder, *, must_wait: bool) -> bool:
    if must_wait:
        return order.may_become("on_hold")
    return order.status == "on_hold" and order.hold_reason == orders.HELD


def _is_plain(order: SalesOrder, parts: orders.Parts) -> bool:
    is_known = all(line.product_id is not None for line in order.lines)
    return is_known and orders.is_whole(order, parts)


def _made(connection: Connection, fresh: Sequence[ReadOrder]) -> set[str]:
    """Make drafts of those whose goods are ours, hold or confirm them; give their numbers."""
    linked = orders.products_of(connection.id, [line for one in fresh for line in one.lines])
    wanted = [*_wanted(fresh, linked)]
    products = services.named_in(item for one in wanted for item in one.wanted.items)
    wanted = [one for one in wanted if _are_goods_ours(one, products)]
    if not wanted:
        return set()
    made = services.create_orders(
        [one.wanted for one in wanted],
        channel=CHANNEL,
        channel_account=connection.account,
        products=products,
    )
    pairs = [*zip(wanted, made, strict=True)]
    _remember(connection, pairs)
    held = {order.id: why for one, order in pairs if (why := _hold_reason(one.read, order))}
    services.hold_orders(held)
    confirmed = _confirm(pairs)
    for _one, order in pairs:
        if order.id not in held and order.id not in confirmed:
            services.publish_change(order)
    return {one.record.external_id for one in wanted}


def _wanted(fresh: Iterable[ReadOrder], linked: Mapping[str, int]) -> Iterable[NewOrder]:
    """What is to be made of each; one that cannot be read is left out."""
    readable, said = list[NewOrder](), list[tuple[PendingRecord, Mapping[str, Any]]]()
    for one in fresh:
        try:
            wanted = orders.wanted_of(one.record, one.lines, [], linked, NOBODY)
            person = reading.customer(one.record.payload)
        except Exception as error:  # as above
            if not is_of_record(error):
                raise
            continue
        readable.append(NewOrder(one, wanted))
        said.append((one.record, person))
    for new, customer in zip(readable, _customers(said), strict=True):
        yield new._replace(wanted=new.wanted._replace(customer=customer))


def _customers(said: Sequence[tuple[PendingRecord, Mapping[str, Any]]]) -> list[Customer]:
    """Who has the e-mail address; else somebody new, once for each address."""
    emails = {one["email"].lower() for _record, one in said if one["email"]}
    same = select(Customer).where(func.lower(Customer.email).in_(emails), Customer.is_active)
    known: dict[str, Customer] = {}
    for customer in db.session.scalars(same.order_by(Customer.id)):
        known.setdefault(customer.email.lower(), customer)
    keys = [one["email"].lower() or f"order {record.external_id}" for record, one in said]
    new: dict[str, dict[str, Any]] = {}
    for key, (record, one) in zip(keys, said, strict=True):
        if key not in known:
            currency = str(record.payload.get("order_currency_code") or "")
            new.setdefault(key, {**one, "currency": currency})
    known |= zip(new, create_contacts(Customer, [*new.values()]), strict=True)
    return [known[key] for key in keys]


def _are_goods_ours(one: NewOrder, products: services.NamedProducts) -> bool:
    """Tell whether we trade in all that an order wants."""
    try:
        found = [products.of(item) for item in one.wanted.items]
    except ValueError:  # several have that code
        return False
    return all(product is not None and product.is_active for product in found)


def _hold_reason(read: ReadOrder, order: SalesOrder) -> str:
    waits = orders.HELD if reading.state(read.record.payload) in orders.WAITS else ""
    return orders.doubt_of(read.worth, order.currency) or waits


def _remember(connection: Connection, pairs: Sequence[tuple[NewOrder, SalesOrder]]) -> None:
    """Note which record each stands for, and where it goes."""
    numbers = [one.record.external_id for one, _order in pairs]
    mine = {"connection_id": connection.id}
    links = (
        select(RecordLink)
        .filter_by(**mine, kind="order")
        .where(RecordLink.external_id.in_(numbers))
    )
    linked = {link.external_id: link for link in db.session.scalars(links)}
    places = (
        select(FollowedOrder).filter_by(**mine).where(FollowedOrder.external_id.in_(numbers))
    )
    followed = {place.external_id: place for place in db.session.scalars(places)}
    for one, order in pairs:
        whose = mine | {"external_id": one.record.external_id}
        link = linked.get(one.record.external_id) or RecordLink(
            **whose, kind="order", state="linked", reason="Made from it"
        )
        link.record_id = order.id
        place = followed.get(one.record.external_id) or FollowedOrder(**whose)
        place.address = reading.address(one.record.payload)
        db.session.add_all([link, place])
    db.session.flush()


def _confirm(pairs: Sequence[tuple[NewOrder, SalesOrder]]) -> set[int]:
    """Confirm what is invoiced: most often all of an order, else a part; give the ids."""
    due = []
    for one, order in pairs:
        for draft, parts in orders.to_confirm([order], one.read.lines):
            is_whole = orders.is_whole(draft, parts)
            due.append(draft if is_whole else services.split_order(draft.id, parts))
    return {order.id for order in services.confirm_orders([one.id for one in due])}
