"""The trace of a lot or a piece: from its vendor to whoever has it, in a few queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from app.core.db import db
from app.stock.documents import Document, names_of_documents
from app.stock.ledger.statements import run
from app.stock.models import HOLDS_STOCK, Lot, Movement
from app.stock.queries import tracing
from app.stock.recipients import Recipient, recipients_of

MOST = 200  # movements of a page, and products in which a trace ends


class Delivery(NamedTuple):
    """What one document brought a customer of a lot, less what came back."""

    lot: Lot
    document_type: str | None
    document_id: int | None
    document: str
    went: Decimal
    back: Decimal
    sent_at: datetime | None
    recipient: Recipient | None

    @property
    def left(self) -> Decimal:
        """What the customer has still."""
        return self.went - self.back


class End(NamedTuple):
    """A product without lots that a lot was built into: the trace ends there."""

    product_id: int
    sku: str
    name: str
    document_type: str | None
    document_id: int | None
    document: str


class Arrival(NamedTuple):
    """How goods of a lot came to be here, by name."""

    movement: Movement
    document: str


class Trace(NamedTuple):
    """A lot in both directions; `sources` and `products` leave the lot itself out."""

    arrivals: Sequence[Arrival]
    sources: Sequence[Lot]
    products: Sequence[Lot]
    deliveries: Sequence[Delivery]
    ends: Sequence[End]


def trace_lot(lot: Lot) -> Trace:
    """Follow a lot back to whom it came from, and on to who has it."""
    back, on = _family(lot, is_forward=False), _family(lot, is_forward=True)
    sources, products = _lots(back), _lots(on)
    movements = db.session.scalars(tracing.arrivals(back, limit=MOST)).all()
    names = names_of_documents(movements)
    return Trace(
        arrivals=[Arrival(one, _name(one, names)) for one in movements],
        sources=[one for one in sources.values() if one.id != lot.id],
        products=[one for one in products.values() if one.id != lot.id],
        deliveries=_deliveries(on, products),
        ends=_ends(on),
    )


def recall_lot(lot: Lot) -> list[Delivery]:
    """List who has goods of a lot, or of what was built with it, and how much of it still."""
    on = _family(lot, is_forward=True)
    return [one for one in _deliveries(on, _lots(on)) if one.left > 0]


def _family(lot: Lot, *, is_forward: bool) -> list[int]:
    """A lot and all that it was built into, or was built of, the nearest first."""
    values = {
        "lot": lot.id,
        "built": tracing.BUILT,
        "deepest": tracing.DEEPEST,
        "kept": [*HOLDS_STOCK],
    }
    statement = tracing.BUILT_INTO if is_forward else tracing.BUILT_OF
    return [*run(statement, values).scalars()]


def _lots(ids: Sequence[int]) -> dict[int, Lot]:
    lots = {lot.id: lot for lot in db.session.scalars(tracing.lots_of(ids))}
    return {number: lots[number] for number in ids}


def _deliveries(family: Collection[int], lots: Mapping[int, Lot]) -> list[Delivery]:
    rows = db.session.execute(tracing.deliveries(family)).all()
    documents = _by_kind((row.document_type, row.document_id) for row in rows)
    people = {
        (kind, number): one
        for kind, ids in documents.items()
        for number, one in recipients_of(kind, ids).items()
    }
    return [
        Delivery(
            lot=lots[row.lot_id],
            document_type=row.document_type,
            document_id=row.document_id,
            document=who.document if (who := people.get(_document(row))) else "",
            went=row.went,
            back=row.back,
            sent_at=row.sent_at,
            recipient=who,
        )
        for row in rows
    ]


def _document(row: Any) -> Document:
    return row.document_type or "", row.document_id or 0


def _by_kind(documents: Any) -> dict[str, Collection[int]]:
    kinds: dict[str, set[int]] = defaultdict(set)
    for kind, number in documents:
        if kind and number is not None:
            kinds[kind].add(number)
    return dict(kinds)


def _ends(family: Collection[int]) -> list[End]:
    rows = db.session.execute(tracing.untracked_builds(family, limit=MOST)).all()
    found = [
        Movement(document_type=row.document_type, document_id=row.document_id) for row in rows
    ]
    names = names_of_documents(found)
    return [
        End(
            product_id=row.id,
            sku=row.sku,
            name=row.name,
            document_type=row.document_type,
            document_id=row.document_id,
            document=names.get(_document(row), ""),
        )
        for row in rows
    ]


def _name(movement: Movement, names: Mapping[Document, str]) -> str:
    return names.get(_document(movement), "")
