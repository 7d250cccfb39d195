"""Lines of a customer's order go to vendors, who deliver them: partly, and line by line."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from app.catalog.models import Vendor
from app.core.db import db, retried, transaction
from app.core.quantities import QUANTITY_DECIMALS, half_up, plain
from app.documents.errors import InvalidQuantity, NotAllowed
from app.documents.services import Quantities, chosen
from app.drop_shipping.models import DropShipment
from app.drop_shipping.services.delivering import address_of, outstanding_of
from app.orders.models import OrderLine, SalesOrder
from app.orders.services import (
    follow_vendors,
    load_components,
    locked_order,
    missing_of,
    reserved_for,
    singles,
)
from app.purchasing.models import PurchaseDraft, PurchaseOrder
from app.purchasing.queries import standing_of
from app.purchasing.services import create_order, find_parts

ZERO, ONE = Decimal(0), Decimal(1)
Part = tuple[OrderLine, Decimal]


class Offer(NamedTuple):
    """A line that a vendor may deliver: how much of it at most, and what is missing of it."""

    line: OrderLine
    most: Decimal
    missing: Decimal
    vendor: str
    step: Decimal  # what the vendor sells it by


def offers_of(order: SalesOrder) -> list[Offer]:
    """Say which lines of an order vendors may deliver, and who sells each."""
    load_components([order])
    missing = {line.id: part for line, part in missing_of(order, reserved_for(order))}
    lines = [one for one in order.goods if one.product_id and one.quantity_untouched > 0]
    terms = _terms([line.product_id or 0 for line in lines])
    names = _names({row.vendor_id for row in terms.values()})
    return [
        Offer(
            line,
            line.quantity_untouched,
            missing.get(line.id, ZERO),
            names.get(row.vendor_id, "") if row else "",
            (row.step if row else None) or ONE,
        )
        for line in lines
        for row in [terms.get(line.product_id or 0)]
    ]


@retried
def drop_ship(
    order_id: int,
    quantities: Quantities,
    *,
    vendor_id: int | None = None,
    version: int | None = None,
) -> list[PurchaseOrder]:
    """Draft purchase orders by which vendors deliver lines of an order to its customer.

    One for each vendor: the one that is named, else who usually sells each product. What they
    deliver is not reserved here any more.

    Raises:
        StaleVersion: The order is not as it was in `version`.
        NotAllowed: It is a draft, somebody has it in hand, or it has no address.
        Invalid: More of a line than nobody has in hand, not what the vendor sells it by, or
            nobody is known who sells it.
    """
    with transaction() as session:
        order = locked_order(order_id)
        order.revise(version=version)
        _refuse_unfit(order)
        most = {line.id: line.quantity_untouched for line in order.goods}
        wanted = singles(order, quantities)
        parts = chosen(order, wanted, most, verb="delivered by vendors", among=order.goods)
        made = [
            _drafted(order, number, some)
            for number, some in _by_vendor(parts, vendor_id).items()
        ]
        session.flush()
        follow_vendors(order, outstanding_of([line.id for line, _part in parts]))
    return made


def _refuse_unfit(order: SalesOrder) -> None:
    if order.confirmed_at is None or not order.is_editable:
        state = order.status_label
        raise NotAllowed(f"{order.number} is {state}: vendors deliver what waits for goods.")
    if not (order.ship_street and order.ship_city):
        raise NotAllowed(f"{order.number} has no address that a vendor could deliver to.")


def _by_vendor(parts: Sequence[Part], vendor_id: int | None) -> Mapping[int, list[Part]]:
    groups: dict[int, list[Part]] = defaultdict(list)
    terms = _terms([line.product_id or 0 for line, _part in parts])
    for line, part in parts:
        row = terms.get(line.product_id or 0)
        usual: int | None = row.vendor_id if row else None
        seller = vendor_id or usual
        if seller is None:
            reason = f"Nobody is known who sells {line.sku}: choose a vendor."
            raise InvalidQuantity(line.id, reason)
        groups[seller].append((line, part))
    return groups


def _drafted(order: SalesOrder, vendor_id: int, parts: Sequence[Part]) -> PurchaseOrder:
    known = find_parts(
        vendor_id, (), [line.product_id for line, _part in parts if line.product_id]
    )
    drafts = []
    for line, quantity in parts:
        sold = known.part_of(line.product_id or 0)
        pack = sold.pack_quantity if sold else ONE
        step = sold.order_multiple or pack if sold else ONE
        least = (sold.minimum_quantity or ZERO) if sold else ZERO
        if quantity % pack or quantity % step or quantity < least:
            raise InvalidQuantity(line.id, _unsold(line, quantity, max(pack, step), least))
        packs = half_up(quantity / pack, QUANTITY_DECIMALS)
        drafts.append(PurchaseDraft(packs, product_id=line.product_id))
    made = create_order(
        vendor_id=vendor_id,
        items=drafts,
        channel="drop_ship",
        delivery_address=address_of(order),
        expected_on=order.delivery_date,
    )
    db.session.add_all(
        DropShipment(purchase_line_id=ours.id, order_line_id=line.id)
        for ours, (line, _part) in zip(made.lines, parts, strict=True)
    )
    return made


def _unsold(line: OrderLine, quantity: Decimal, step: Decimal, least: Decimal) -> str:
    said = f"sold by {plain(step)}" if step != ONE else "sold whole"
    if least:
        said += f", {plain(least)} at least"
    return f"{line.sku} is {said}: {plain(quantity)} cannot be delivered by the vendor."


def _terms(product_ids: Sequence[int]) -> dict[int, Any]:
    rows = db.session.execute(standing_of([*dict.fromkeys(product_ids)])) if product_ids else ()
    return {row.product_id: row for row in rows}


def _names(vendor_ids: set[int | None]) -> dict[int | None, str]:
    found = (db.session.get(Vendor, number) for number in vendor_ids if number is not None)
    return {one.id: one.name for one in found if one}
