"""What vendors deliver is taken in: one posting, once per key, line by line of its order."""

import hashlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from app.catalog.models import Vendor
from app.catalog.rules import parse_line, parse_text
from app.core.actors import current_actor_id
from app.core.alerts import raise_alert
from app.core.days import today
from app.core.db import db, retried, transaction
from app.core.errors import Invalid
from app.core.exchange_rates import exchange_rate
from app.core.idempotency import KeyReused
from app.core.quantities import MONEY_DECIMALS, half_up, plain
from app.documents.errors import NotAllowed
from app.purchasing import queries
from app.purchasing.models import (
    ASIDE,
    OPEN,
    GoodsReceipt,
    GoodsReceiptLine,
    PurchaseLine,
    PurchaseOrder,
)
from app.purchasing.services.costing import cost_receipt
from app.purchasing.services.locking import locked_order, publish_change
from app.purchasing.services.lookup import default_warehouse
from app.purchasing.services.lots import by_piece, lots_of
from app.purchasing.services.putting import default_place, quarantine_place, usual_places
from app.purchasing.services.sharing import (
    ReceivedItem,
    Share,
    refuse_nonsense,
    share_out,
    unclaimed,
)
from app.purchasing.services.status import update_status
from app.stock import services as stock
from app.stock.ledger.postings import LONGEST_KEY
from app.stock.models import Location
from app.stock.waiting import serve_waiting

LONGEST_NOTE = 500


class Delivery(NamedTuple):
    """How a delivery is taken in.

    `location_id` is where all of it goes that says nothing else. What is more than is taken in
    is put aside where `takes_excess`, else refused. `serves_first` reserves it at once for the
    orders that have waited longest.
    """

    location_id: int | None = None
    delivery_note: str = ""
    note: str = ""
    takes_excess: bool = False
    serves_first: bool = False
    currency: str = ""  # of the prices that it was ordered at: the order says it
    is_drop_ship: bool = False  # to a customer: the order says that, too


NOTHING_SAID = Delivery()


@retried
def receive_goods(
    order_id: int,
    items: Sequence[ReceivedItem],
    delivery: Delivery = NOTHING_SAID,
    *,
    key: str,
    request: str | None = None,
) -> GoodsReceipt:
    """Take in what has come of an order, once per key.

    It comes from the supplier: what is good goes where it is said, or where the product lives,
    or to the default location. What is damaged counts as delivered, and is put aside as is what
    nobody has ordered. Whoever receives a line at the same time waits, and finds less open.
    What a vendor delivers to a customer goes there, and never lies here.

    Raises:
        NotAllowed: The vendor does not have the order, or it is cancelled.
        Invalid: More has come than is taken in, nothing is said to have come, a place takes
            nothing, or a lot is not said or has expired.
        SerialOnHand: A piece is on hand already, by its serial number.
        KeyReused: The key belongs to another request.
    """
    asked = request or _fingerprint(order_id, items, delivery)
    with transaction() as session:
        order = locked_order(order_id)
        if again := _earlier(key, asked):
            return again
        _refuse_unsent(order)
        pieces = by_piece(items, order)
        shares = share_out(order, pieces, takes_excess=delivery.takes_excess)
        if order.is_drop_ship:
            _refuse_goods_here(order, shares)
        warehouse = session.get_one(Location, order.warehouse_id)
        priced = delivery._replace(currency=order.currency, is_drop_ship=order.is_drop_ship)
        receipt = _kept(_new(key, asked, delivery, order), shares, warehouse, priced)
        recount(order)
        order.version += 1
        update_status(order)
        publish_change(order)
        made = _followed(receipt, delivery)
        if not order.is_drop_ship:  # what was never here raises and lowers no average
            cost_receipt(made, order)
        return made


@retried
def put_aside(
    items: Sequence[ReceivedItem],
    delivery: Delivery = NOTHING_SAID,
    *,
    key: str,
    vendor_id: int | None = None,
    warehouse_id: int | None = None,
    request: str | None = None,
) -> GoodsReceipt:
    """Take in a delivery that belongs to no order: all of it is put aside, and that is told.

    Raises:
        Invalid: Nothing is said to have come, or there is no such vendor or warehouse.
        KeyReused: The key belongs to another request.
    """
    asked = request or _fingerprint(f"{vendor_id} {warehouse_id}", items, delivery)
    with transaction() as session:
        if again := _earlier(key, asked):
            return again
        warehouse = session.get_one(Location, warehouse_id or default_warehouse())
        receipt = _new(key, asked, delivery, None)
        receipt.vendor_id = vendor_id
        if vendor_id is not None and session.get(Vendor, vendor_id) is None:
            raise Invalid("vendor_id", "There is no such vendor.")
        for one in items:
            refuse_nonsense(one)
        pieces = by_piece(items, None)
        shares = [Share(one, one.quantity, unclaimed(one)) for one in pieces if one.quantity]
        return _followed(_kept(receipt, shares, warehouse, delivery), delivery)


def recount(order: PurchaseOrder) -> None:
    """Say of each line what has come of it, counted from the receipts that stand."""
    db.session.flush()
    rows = db.session.execute(queries.received_of([line.id for line in order.lines]))
    come = dict(rows.all())
    for line in order.lines:
        line.units_received = come.get(line.id, 0 * line.units_ordered)


def _refuse_unsent(order: PurchaseOrder) -> None:
    """What was received already may come once more, as far as more is taken in."""
    if order.status in (*OPEN, "received"):
        return
    advice = (
        "take it in as a delivery without an order"
        if order.status == "cancelled"
        else ("it has to be sent first")
    )
    raise NotAllowed(f"{order.number} is {order.status_label}: {advice}.")


def _refuse_goods_here(order: PurchaseOrder, shares: Iterable[Share]) -> None:
    """Refuse what nobody can say of goods that never come to us."""
    come: dict[PurchaseLine, Decimal] = {}
    for share in shares:
        line = share.line
        if line is None or share.condition != "good":
            advice = "what is damaged or wrong is returned by the customer"
            raise Invalid("quantities", f"{order.number} is delivered to a customer: {advice}.")
        come[line] = come.get(line, Decimal(0)) + share.quantity
        if come[line] > line.units_open:
            left = f"of {line.sku}, {plain(line.units_open)} are to be delivered"
            raise Invalid("quantities", f"{order.number}: {left}.")


def _new(
    key: str, request: str, delivery: Delivery, order: PurchaseOrder | None
) -> GoodsReceipt:
    return GoodsReceipt(
        key=key,
        request=request,
        order_id=order.id if order else None,
        vendor_id=order.vendor_id if order else None,
        delivery_note=_said("delivery_note", delivery.delivery_note),
        note=_said("note", delivery.note),
        actor_id=current_actor_id(),
        lines=[],
    )


def _kept(
    receipt: GoodsReceipt, shares: Sequence[Share], warehouse: Location, delivery: Delivery
) -> GoodsReceipt:
    """Write a receipt with its lines, and post what of it are products."""
    if not shares:
        raise Invalid("quantities", "Say how much has come.")
    places = _places(shares, warehouse, delivery)
    lots = lots_of(shares, vendor_id=receipt.vendor_id)
    receipt.lines = [
        GoodsReceiptLine(
            order_line_id=share.line.id if share.line else None,
            product_id=share.product_id,
            code=share.item.code if share.condition == "unknown" else "",
            quantity=share.quantity,
            condition=share.condition,
            location_id=place,
            lot_id=lot.id if lot else None,
            exchange_rate=rate,
        )
        for share, place, lot, rate in zip(
            shares, places, lots, _rates(shares, delivery.currency), strict=True
        )
    ]
    db.session.add(receipt)
    db.session.flush()
    moves = _moves(receipt, shares, delivery)
    if moves:
        posted = stock.post(moves, key=receipt.key, request=receipt.request)
        receipt.posting_id = posted.id
        db.session.flush()
    return receipt


def _places(
    shares: Sequence[Share], warehouse: Location, delivery: Delivery
) -> list[int | None]:
    """Where each share is put; nothing is moved of what is no product of ours."""
    ids = {share.product_id for share in shares if share.product_id is not None}
    if delivery.is_drop_ship:
        customer = stock.virtual_location("customer")
        return [None if share.product_id is None else customer for share in shares]
    homes = usual_places(warehouse, ids)
    return [_place(share, homes, warehouse, delivery) for share in shares]


def _place(
    share: Share, homes: dict[int, int], warehouse: Location, delivery: Delivery
) -> int | None:
    if share.product_id is None:
        return None
    if share.condition in ASIDE:
        return quarantine_place(warehouse)
    said = share.item.location_id or delivery.location_id or homes.get(share.product_id)
    return said or default_place(warehouse)


def _moves(
    receipt: GoodsReceipt, shares: Iterable[Share], delivery: Delivery
) -> list[stock.Move]:
    supplier = stock.virtual_location("supplier")
    return [
        stock.Move(
            product_id=line.product_id,
            lot_id=line.lot_id,
            from_location_id=supplier,
            to_location_id=line.location_id,
            quantity=line.quantity,
            reason="drop_shipped" if delivery.is_drop_ship else "received",
            note=receipt.delivery_note,
            unit_cost=_unit_cost(share, delivery.currency, line.exchange_rate),
            document_type=queries.RECEIPT,
            document_id=receipt.id,
        )
        for line, share in zip(receipt.lines, shares, strict=True)
        if line.product_id is not None and line.location_id is not None
    ]


def _rates(shares: Iterable[Share], currency: str) -> list[Decimal | None]:
    """What the currency of an order is worth in that of each product, where it is another."""
    known: dict[str, Decimal | None] = {currency: None}
    rates = []
    for share in shares:
        product = share.line.product if share.line else None
        theirs = product.currency if product else currency
        if theirs not in known:
            known[theirs] = exchange_rate(currency, theirs, today())
        rates.append(known[theirs])
    return rates


def _unit_cost(share: Share, currency: str, rate: Decimal | None) -> Decimal | None:
    """What a piece was ordered at in the currency of its product, as far as that is known."""
    line = share.line
    if line is None or line.product is None:
        return None
    if line.product.currency != currency and rate is None:
        return None
    price = line.unit_price / line.pack_quantity
    return half_up(price * (rate or Decimal(1)), MONEY_DECIMALS)


def _followed(made: GoodsReceipt, delivery: Delivery) -> GoodsReceipt:
    """Serve who has waited longest, if that is wanted, and tell of what was put aside."""
    db.session.flush()
    db.session.expire(made, ["lines"])  # with their products: not the lines of its order
    receipt = db.session.scalars(queries.receipt(made.id)).one()
    if delivery.serves_first:
        good = {line.product_id for line in receipt.lines if line.condition == "good"}
        serve_waiting([product_id for product_id in good if product_id is not None])
    if receipt.aside:
        tell_aside(receipt)
    return receipt


def tell_aside(receipt: GoodsReceipt) -> None:
    """Tell that somebody has to decide about what was put aside of a receipt."""
    named = ", ".join(dict.fromkeys(line.called for line in receipt.undecided))
    raise_alert(
        kind="goods.aside",
        key=aside_key(receipt),
        title=f"Goods of {receipt.number} were put aside",
        text=f"Somebody has to decide about {named}.",
        href=f"/receipts/{receipt.id}",
    )


def aside_key(receipt: GoodsReceipt) -> str:
    """The key of the alert about what of a receipt was put aside."""
    return f"goods_receipt:{receipt.id}:aside"


def _earlier(key: str, request: str) -> GoodsReceipt | None:
    if not 0 < len(key) <= LONGEST_KEY:
        raise Invalid("key", f"A key has 1 to {LONGEST_KEY} characters.")
    found = db.session.scalars(queries.receipt_with_key(key)).one_or_none()
    if found is not None and found.request != request:
        raise KeyReused("This key belongs to another request.")
    return found


def _said(field: str, text: str) -> str:
    try:
        said = parse_text(text) if field == "note" else parse_line(text)
    except ValueError as error:
        raise Invalid(field, str(error)) from error
    if len(said) > LONGEST_NOTE:
        raise Invalid(field, f"At most {LONGEST_NOTE} characters.")
    return said


def _fingerprint(what: object, items: Iterable[ReceivedItem], delivery: Delivery) -> str:
    said = [str(tuple(item._replace(quantity=item.quantity.normalize()))) for item in items]
    return hashlib.sha256("\n".join([str(what), *said, str(delivery)]).encode()).hexdigest()
