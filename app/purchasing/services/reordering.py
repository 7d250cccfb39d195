"""What runs low becomes draft orders, one for each vendor and warehouse, and is told once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote

from sqlalchemy import select, text

from app.catalog.models import Product, Vendor, VendorPart
from app.core.alerts import Alert, close_alert, keep_alert
from app.core.days import today
from app.core.db import db, transaction
from app.core.errors import DomainError
from app.core.quantities import grouped
from app.purchasing import queries
from app.purchasing.models import PurchaseDraft, PurchaseOrder
from app.purchasing.services.creating import create_order
from app.purchasing.services.items import OrderDefaults, items_of
from app.stock.models import Location

# One at a time: what the first has drafted, the second does not draft again.
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('draft orders of what runs low'))")
KEYS = "reorder:"
ZERO, ONE = Decimal(0), Decimal(1)


class ToBuy(Protocol):
    """So much of a product, in its own unit, by the terms of a vendor's number for it."""

    @property
    def product_id(self) -> int:
        """What is bought."""

    @property
    def suggested(self) -> Decimal:
        """How much of it."""

    @property
    def part(self) -> VendorPart | None:
        """What the vendor calls it."""


class Need(NamedTuple):
    """Why something is bought, as figures in the product's own unit; `place` is a warehouse."""

    product_id: int
    warehouse_id: int | None
    place: str
    vendor_id: int | None
    vendor: str
    part: VendorPart | None
    available: Decimal
    incoming: Decimal
    incoming_late: Decimal
    incoming_later: Decimal
    backordered: Decimal
    drafted: Decimal
    drafts: Collection[str]  # the numbers of the orders that nobody has sent
    projected: Decimal
    reorder_point: Decimal
    safety_stock: Decimal
    maximum_stock: Decimal | None
    point: Decimal
    wanted: Decimal
    minimum_quantity: Decimal | None
    step: Decimal | None
    suggested: Decimal

    @property
    def key(self) -> str:
        """The key of its alert."""
        return KEYS + ":".join(str(one) for one in (self.product_id, self.warehouse_id) if one)

    @property
    def why(self) -> str:
        """Say every step: what there is, what it is held against, and what is left to buy."""
        sums = [f"{grouped(self.available)} available"]
        if self.incoming:
            late = f", {grouped(self.incoming_late)} of it late" if self.incoming_late else ""
            sums.append(f"+ {grouped(self.incoming)} incoming{late}")
        if self.backordered:
            sums.append(f"- {grouped(self.backordered)} on backorder")
        if len(sums) > 1:
            sums.append(f"= {grouped(self.projected)}")
        point = f"the reorder point is {grouped(self.reorder_point)}"
        if self.safety_stock:
            point += f" and {grouped(self.safety_stock)} safety stock"
        parts = [f"{' '.join(sums)}; {point}", *self._to_buy()]
        if self.incoming_later:
            parts.append(f"{grouped(self.incoming_later)} come later than the lead time")
        return f"{self.place}: {'; '.join(parts)}." if self.place else f"{'; '.join(parts)}."

    @property
    def _up_to(self) -> Decimal:
        """What there should be once it has come."""
        return max(self.maximum_stock or self.point, self.point)

    def _to_buy(self) -> Iterable[str]:
        """Say how the quantity came about."""
        why, short = [], self._up_to - self.projected
        if short > 0:
            is_to_maximum = self._up_to > self.point
            to = f" of the maximum of {grouped(self._up_to)}" if is_to_maximum else ""
            why.append(f"{grouped(short)} short{to}")
        if self.wanted > short:
            why.append(f"the reorder quantity is {grouped(self.wanted)}")
        rest = self.wanted - self.drafted
        if self.drafted:
            why.append(f"{grouped(self.drafted)} in {', '.join(self.drafts)} already")
        if rest <= 0:
            return [", ".join([*why, "so nothing more"])]
        if self.minimum_quantity and rest < self.minimum_quantity:
            why.append(f"minimum {grouped(self.minimum_quantity)}")
        if self.step and self.step != ONE:
            why.append(f"multiple of {grouped(self.step)}")
        return [f"{', '.join(why)}, so {grouped(self.suggested)}"]


def needs_of(product_ids: Collection[int] | None = None) -> list[Need]:
    """Give what is needed of products, or of all, in four queries."""
    rows = db.session.execute(queries.needs(today=today(), product_ids=product_ids)).all()
    vendors = by_id(Vendor, {row.vendor_id for row in rows})
    places = by_id(Location, {row.warehouse_id for row in rows})
    parts = by_id(VendorPart, {row.part_id for row in rows})
    return [
        Need(
            **{name: getattr(row, name) for name in Need._fields if hasattr(row, name)},
            place=places[row.warehouse_id].code if row.warehouse_id else "",
            vendor=vendors[row.vendor_id].name if row.vendor_id else "",
            part=parts.get(row.part_id),
        )
        for row in rows
    ]


def draft_orders(product_ids: Collection[int]) -> Mapping[str, Any]:
    """Draft orders of what is needed of products, one for each vendor and warehouse.

    Gives the numbers of the orders, and which products are in none of them, and why: nothing is
    short of them by now, or nobody knows their vendor or their price. Asked twice, the second
    finds it drafted.
    """
    with transaction() as session:
        session.execute(ONE_AT_A_TIME)
        products = by_id(Product, {*product_ids})
        groups: dict[tuple[int, int | None], list[Need]] = defaultdict(list)
        refused: dict[int, str] = {}
        for need in needs_of(product_ids):
            if need.suggested <= 0:
                refused[need.product_id] = "All that is short of it is in drafts already."
            elif need.vendor_id is None:
                refused[need.product_id] = "No vendor is known: name its supplier."
            else:
                groups[need.vendor_id, need.warehouse_id].append(need)
        orders = [
            order
            for (vendor_id, place_id), needs in groups.items()
            if (order := draft_needs(vendor_id, place_id, needs, refused))
        ]
    met = {line.product_id for order in orders for line in order.lines}
    missing = {number: "It is not short any more." for number in products if number not in met}
    errors = [
        {"record": products[number].sku, "reason": reason}
        for number, reason in (missing | refused).items()
        if number in products
    ]
    made = {"done": len(met), "refused": len(errors), "orders": [o.number for o in orders]}
    return {**made, "errors": errors} if errors else made


def watch_reorder() -> dict[str, int]:
    """Tell of each product at its reorder point or below, once, until it is above again."""
    needs = needs_of()
    products = by_id(Product, {need.product_id for need in needs})
    for need in needs:
        sku = products[need.product_id].sku
        where = f" in {need.place}" if need.place else ""
        keep_alert(
            kind="product.low",
            key=need.key,
            title=f"{sku} is at its reorder point{where}",
            text=f"{products[need.product_id].name} is to be bought.",
            href=f"/reorder?search={quote(sku)}",
        )
    still = {need.key for need in needs}
    told = select(Alert.key).where(Alert.kind == "product.low", Alert.closed_at.is_(None))
    for key in {*db.session.scalars(told)} - still:
        close_alert(key)
    return {"products": len(needs)}


def draft_needs(
    vendor_id: int,
    warehouse_id: int | None,
    needs: Iterable[ToBuy],
    refused: dict[int, str],
) -> PurchaseOrder | None:
    """Draft one order of what is needed of some products, in packs of their vendor."""
    wanted = {
        one.product_id: PurchaseDraft(
            one.suggested / (one.part.pack_quantity if one.part else ONE),
            product_id=one.product_id,
        )
        for one in needs
    }
    place = {} if warehouse_id is None else {"warehouse_id": warehouse_id}
    return draft_order(vendor_id, wanted, refused, **place)


def draft_order(
    vendor_id: int, wanted: Mapping[int, PurchaseDraft], refused: dict[int, str], **values: Any
) -> PurchaseOrder | None:
    """Draft one order of what is suggested, each line under a key of the caller's.

    Lines that cannot be are put into `refused` with the reason; None where no line is left.
    """
    vendor = db.session.get_one(Vendor, vendor_id)
    defaults = OrderDefaults(vendor.id, vendor.currency, vendor.currency, ZERO)
    drafts = []
    for key, draft in wanted.items():
        try:
            items_of([draft], defaults=defaults)
        except DomainError as error:
            refused[key] = str(error).removeprefix("Line 1: ")
        else:
            drafts.append(draft)
    if not drafts:
        return None
    return create_order(vendor_id=vendor_id, items=drafts, channel="reorder", **values)


def by_id(kind: type[Any], ids: Collection[int | None]) -> dict[int, Any]:
    """Give records of a kind by their ids; one that is gone is missing."""
    wanted = {number for number in ids if number is not None}
    found = db.session.scalars(select(kind).where(kind.id.in_(wanted))) if wanted else ()
    return {one.id: one for one in found}
