"""What left for a shop's customers, as it is to be told to the shop."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.core.db import db, transaction
from app.core.events import publish
from app.fulfilment.models import Parcel
from app.integrations.hub.models import Connection
from app.integrations.outbox.events import OutboxFilled
from app.integrations.outbox.models import OutboxMessage
from app.integrations.sync.models import ExternalRecord
from app.integrations.systems.magento import reading
from app.integrations.systems.magento.fields import ZERO
from app.integrations.systems.magento.orders import CHANNEL
from app.integrations.systems.magento.reading import Bundle
from app.orders import queries as orders
from app.orders.models import OrderLine, SalesOrder

# What Magento has an own name for; the others are "custom" and called what we call them.
CARRIERS = {"dhl": "dhl", "fedex": "fedex", "ups": "ups", "usps": "usps"}
ORDER = "sales_order"
Quantities = Mapping[str, Decimal]  # by the shop's number of the line


def is_from_shop(order_id: int, **_others: object) -> bool:
    """Tell whether an order came from a shop."""
    channel = select(SalesOrder.channel).where(SalesOrder.id == order_id)
    return db.session.scalar(channel) == CHANNEL


def queue_shipment(
    order_id: int, posting_id: int | None, quantities: Mapping[int, Decimal]
) -> OutboxMessage | None:
    """Keep a shipment to be told, once per posting; None if there is nothing to tell."""
    key = f"shipment:{posting_id or f'order {order_id}'}"  # free lines alone have no posting
    with transaction() as session:
        order = session.scalars(orders.order(order_id)).one()
        record = _record_of(order)
        if record is None:
            return None
        known = select(OutboxMessage).where(
            OutboxMessage.connection_id == record.connection_id, OutboxMessage.key == key
        )
        if session.scalars(known).first() is not None:
            return None
        items = _items(order, record, quantities)
        if not items:  # a part of a bundle that goes as a whole
            return None
        message = OutboxMessage(
            connection_id=record.connection_id,
            key=key,
            label=f"Shipment of {order.number}",
            subject_type=ORDER,
            subject_id=order.id,
            payload=_payload(record, order, key, items, _parcels(posting_id)),
        )
        session.add(message)
        publish(OutboxFilled(connection_id=record.connection_id))
    return message


def _record_of(order: SalesOrder) -> ExternalRecord | None:
    """The shop's order, while the shop is connected; a part that was split off has the same."""
    query = (
        select(ExternalRecord)
        .join(Connection, Connection.id == ExternalRecord.connection_id)
        .where(
            ExternalRecord.kind == "order",
            ExternalRecord.external_id == order.external_id,
            Connection.system == order.channel,
            Connection.account == order.channel_account,
            Connection.state != "disconnected",
        )
    )
    return db.session.scalars(query).one_or_none()


def _items(
    order: SalesOrder, record: ExternalRecord, quantities: Mapping[int, Decimal]
) -> dict[str, Decimal]:
    """How many of which of the shop's lines. Bundles that go as a whole are one line."""
    by_line = _by_their_line(order.lines, quantities)
    for bundle in reading.bundles(record.payload):
        if _goes_together(record.connection_id, bundle):
            parts = {part: by_line.pop(part, ZERO) for part in bundle.parts}
            if any(parts.values()):
                by_line[bundle.item_id] = _whole(order, record, bundle)
    return {line: quantity for line, quantity in by_line.items() if quantity}


def _by_their_line(
    lines: Sequence[OrderLine], quantities: Mapping[int, Decimal]
) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for line in lines:
        if line.external_id and (quantity := quantities.get(line.id)):
            found[line.external_id] = found.get(line.external_id, ZERO) + quantity
    return found


def _goes_together(connection_id: int, bundle: Bundle) -> bool:
    product = select(ExternalRecord.payload).where(
        ExternalRecord.connection_id == connection_id,
        ExternalRecord.kind == "product",
        ExternalRecord.external_id == bundle.product_ref,
    )
    return reading.ships_together(db.session.scalars(product).one_or_none())


def _whole(order: SalesOrder, record: ExternalRecord, bundle: Bundle) -> Decimal:
    """How many bundles are complete by now and were not told before."""
    shipped = dict.fromkeys(bundle.parts, ZERO)
    same = orders.orders_of_record(CHANNEL, order.channel_account, record.external_id)
    for one in db.session.scalars(same):
        for line in one.lines:
            if line.external_id in shipped:
                shipped[line.external_id] += line.quantity_shipped
    complete = min(shipped[part] // each for part, each in bundle.parts.items())
    return Decimal(complete) - _shipped_before(record, bundle.item_id)


def _shipped_before(record: ExternalRecord, item_id: str) -> Decimal:
    payloads = select(OutboxMessage.payload).where(
        OutboxMessage.connection_id == record.connection_id,
        OutboxMessage.payload["order_id"].astext == record.external_id,
    )
    told = (
        Decimal(str(item["qty"]))
        for payload in db.session.scalars(payloads)
        for item in payload["items"]
        if str(item["order_item_id"]) == item_id
    )
    return sum(told, ZERO)


def _parcels(posting_id: int | None) -> Sequence[Parcel]:
    if posting_id is None:
        return []
    query = select(Parcel).where(Parcel.posting_id == posting_id).order_by(Parcel.number)
    return db.session.scalars(query).all()


def _payload(
    record: ExternalRecord, order: SalesOrder, key: str, items: Quantities,
    parcels: Sequence[Parcel],
) -> dict[str, Any]:  # fmt: skip
    """What Magento's `ShipOrder` takes, and the order's number there.

    The comment is how we know it again: Magento takes no key of ours.
    """
    return {
        "order_id": int(record.external_id),
        "items": [
            {"order_item_id": int(line), "qty": _plain(quantity)}
            for line, quantity in sorted(items.items(), key=lambda item: int(item[0]))
        ],
        "tracks": [_track(parcel) for parcel in parcels if parcel.tracking],
        "notify": True,
        "comment": {"comment": f"Opsroom {order.number} [{key}]", "is_visible_on_front": 0},
    }


def _track(parcel: Parcel) -> dict[str, str]:
    carrier = parcel.carrier.strip()
    return {
        "track_number": parcel.tracking,
        "title": carrier or "Carrier",
        "carrier_code": CARRIERS.get(carrier.lower(), "custom"),
    }


def _plain(quantity: Decimal) -> int | float:
    return int(quantity) if quantity == int(quantity) else float(quantity)
