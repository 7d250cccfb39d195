"""Why a product may differ: what both ledgers say of it, piece by piece.

A cause with a quantity stands for so many pieces of the difference, with its sign; one without
is only told. Whether they are the reason a person says.
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import text

from app.core.db import db
from app.core.quantities import plain
from app.reconcile.discrepancies.models import Discrepancy, StockComparison

LATELY = timedelta(days=2)  # what came and went so shortly before may not be counted there yet
THERE = text("""
SELECT coalesce(sum(researching), 0) AS researching, coalesce(sum(receiving), 0) AS receiving,
    array_agg(DISTINCT fnsku) AS fnskus, array_agg(DISTINCT sku) AS skus
FROM marketplace_stock WHERE connection_id = :connection_id AND product_id = :product_id
""")
LOST = text("""
SELECT day, sum(unreconciled) AS quantity, min(reference) AS reference, reason
FROM marketplace_event
WHERE connection_id = :connection_id AND fnsku = ANY(CAST(:fnskus AS text[]))
AND unreconciled > 0 GROUP BY day, reason ORDER BY day DESC LIMIT 20
""")
SHORT = text("""
SELECT line.shipment, shipment.status, sum(line.shipped - line.received) AS quantity
FROM marketplace_shipment_line line JOIN marketplace_shipment shipment
    ON shipment.connection_id = line.connection_id AND shipment.external_id = line.shipment
WHERE line.connection_id = :connection_id AND line.sku = ANY(CAST(:skus AS text[]))
AND line.received < line.shipped AND shipment.status NOT IN ('CANCELLED', 'DELETED', 'WORKING')
GROUP BY line.shipment, shipment.status ORDER BY line.shipment DESC LIMIT 20
""")
MOVED = text("""
SELECT movement.occurred_at, movement.reason, movement.quantity, came.code AS to_code,
    went.code AS from_code, movement.occurred_at > :snapshot_at AS is_later,
    starts_with(came.path, :path) AS is_in, starts_with(went.path, :path) AS is_out
FROM stock_movement movement
JOIN location came ON came.id = movement.to_location_id
JOIN location went ON went.id = movement.from_location_id
WHERE movement.product_id = :product_id AND movement.occurred_at > :since
AND starts_with(came.path, :path) <> starts_with(went.path, :path)
ORDER BY movement.occurred_at DESC, movement.id DESC LIMIT 20
""")
ELSEWHERE = text("""
SELECT location.code, location.kind, balance.on_hand
FROM stock_balance balance JOIN location ON location.id = balance.location_id
WHERE balance.product_id = :product_id AND balance.on_hand > 0
AND location.kind IN ('transit', 'tote', 'staging', 'quarantine')
ORDER BY location.code LIMIT 20
""")


class Cause(NamedTuple):
    """What may be behind so many pieces of a difference; 0: it is only told."""

    quantity: Decimal
    said: str


def explain(one: Discrepancy, comparison: StockComparison | None) -> list[Cause]:
    """Give what may be behind a difference, as both ledgers are now."""
    given = {"connection_id": one.connection_id, "product_id": one.product_id}
    there: Any = db.session.execute(THERE, given).one()
    known = given | {"fnskus": there.fnskus or [], "skus": there.skus or []}
    return [
        *_there(there),
        *_lost(known),
        *_short(known),
        *(_moved(one, comparison) if comparison else ()),
        *_lying(given),
    ]


def explained(one: Discrepancy, causes: list[Cause]) -> Decimal:
    """How many pieces of a difference have a cause of its sign; never more than it has."""
    told = sum((cause.quantity for cause in causes), Decimal(0))
    if told * one.quantity <= 0:
        return Decimal(0)
    return min(told, one.quantity, key=abs)


def _there(there: Any) -> Iterator[Cause]:
    if there.researching:
        yield Cause(
            Decimal(-there.researching), f"{there.researching} are being looked for there."
        )
    if there.receiving:
        yield Cause(Decimal(0), f"{there.receiving} are being received there.")


def _lost(known: dict[str, Any]) -> Iterator[Cause]:
    for row in db.session.execute(LOST, known):
        said = f"{row.quantity} went missing there on {row.day} (reason {row.reason or '?'}, "
        yield Cause(Decimal(-row.quantity), f"{said}{row.reference}) and are not explained.")


def _short(known: dict[str, Any]) -> Iterator[Cause]:
    for row in db.session.execute(SHORT, known):
        yield Cause(
            Decimal(-row.quantity),
            f"{row.quantity} of shipment {row.shipment} have not been received there "
            f"({row.status.lower()}).",
        )


def _moved(one: Discrepancy, comparison: StockComparison) -> Iterator[Cause]:
    given = {
        "product_id": one.product_id, "path": comparison.location.path,
        "snapshot_at": one.snapshot_at, "since": one.snapshot_at - LATELY,
    }  # fmt: skip
    for row in db.session.execute(MOVED, given):
        came = bool(row.is_in)
        way = f"came from {row.from_code}" if came else f"went to {row.to_code}"
        at = f"{row.occurred_at:%Y-%m-%d %H:%M} UTC"
        if row.is_later:
            said = f"{plain(row.quantity)} {way} after the snapshot ({at}): taken into account."
            yield Cause(Decimal(0), said)
        else:
            sign = -1 if came else 1
            said = f"{plain(row.quantity)} {way} shortly before the snapshot ({at}): "
            yield Cause(sign * row.quantity, f"{said}there they may not be counted yet.")


def _lying(given: dict[str, Any]) -> Iterator[Cause]:
    for row in db.session.execute(ELSEWHERE, given):
        yield Cause(Decimal(0), f"{plain(row.on_hand)} of ours are in {row.kind} {row.code}.")
