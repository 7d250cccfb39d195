"""Taking a scan once, and finding what its code stands for."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from app.catalog.models import Product
from app.catalog.scanned import read_scan
from app.core.db import db, retried, transaction
from app.core.errors import DomainError
from app.core.people import current_actor_id
from app.scanning import queries
from app.scanning.errors import ScanReused, WrongScan
from app.scanning.models import Scan
from app.stock.models import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A scan, or another tap on a tablet, as it came; the id is the tablet's."""

    id: UUID
    task_type: str
    task_id: int
    deed: str = "scan"
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What became of a signal: `outcome` is the sound, `said` stands on the screen.

    `left` is the task as the signal has left it, all loaded; None: whoever shows it reads it.
    """

    outcome: str = "ok"  # one of app.scanning.models.OUTCOMES
    said: str = ""
    product_id: int | None = None
    quantity: Decimal | None = None
    is_repeat: bool = False
    left: Any = None

    @property
    def is_wrong(self) -> bool:
        """Tell whether the red bar has to say why."""
        return self.outcome == "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a code stands for: a place, or so many units of a product, with the lot it names."""

    code: str
    place: Location | None = None
    product: Product | None = None
    units: Decimal = Decimal(1)
    lot: str | None = None

    def __str__(self) -> str:
        return self.place.code if self.place else str(self.product or self.code)


@retried
def take(signal: Signal, act: Callable[[], Heard]) -> Heard:
    """Do what a signal asks for, once per id; a second time, give the first answer again.

    A second request with the id waits until the first has ended. A refusal is an answer like
    any other: `act` is undone, the scan stays in the log as wrong.

    Raises:
        ScanReused: The id belongs to another signal, or to somebody else's.
    """
    with transaction():
        if not _claim(signal):
            return _again(signal)
        heard = _outcome(act)
        values = {
            "outcome": heard.outcome,
            "said": heard.said,
            "product_id": heard.product_id,
            "quantity": heard.quantity,
        }
        db.session.execute(update(Scan).where(Scan.id == signal.id).values(values))
    return heard


def find(code: str) -> Found:
    """Find what a scanned code stands for; nothing is known of a code that was misread.

    Raises:
        WrongScan: Nobody knows the code, or it was misread.
    """
    raw, read, lot = code.strip(), "", None
    advice = "Nobody knows this code. Is it the right barcode of the product?"
    try:
        scanned = read_scan(code)
        read, lot = scanned.code, scanned.lot
    except ValueError as error:
        advice = str(error)
    if place := db.session.scalar(queries.places_scanned(raw)):
        return Found(code=raw, place=place)
    row: Any = db.session.execute(queries.products_scanned(read or raw, raw)).first()
    if row is None:
        raise WrongScan(advice, scanned=raw)
    return Found(code=read or raw, product=row[0], units=Decimal(row[1]), lot=lot)


def _claim(signal: Signal) -> bool:
    values = {
        "id": signal.id,
        "user_id": current_actor_id(),
        "task_type": signal.task_type,
        "task_id": signal.task_id,
        "deed": signal.deed,
        "code": signal.code,
    }
    mine = insert(Scan).values(values).on_conflict_do_nothing().returning(Scan.id)
    return db.session.scalar(mine) is not None


def _again(signal: Signal) -> Heard:
    first = db.session.get_one(Scan, signal.id)
    mine = (current_actor_id(), signal.task_type, signal.task_id, signal.deed, signal.code)
    if mine != (first.user_id, first.task_type, first.task_id, first.deed, first.code):
        raise ScanReused("This id belongs to another scan.")
    return Heard(
        outcome=first.outcome,
        said=first.said,
        product_id=first.product_id,
        quantity=first.quantity,
        is_repeat=True,
    )


def _outcome(act: Callable[[], Heard]) -> Heard:
    try:
        with transaction():  # a savepoint: what a refused scan has written goes
            return act()
    except WrongScan as wrong:
        parts = [
            f"Scanned {wrong.scanned}." if wrong.scanned else "",
            f"Expected {wrong.expected}." if wrong.expected else "",
            str(wrong),
        ]
        return Heard(outcome="wrong", said=" ".join(filter(None, parts)))
    except DomainError as refused:
        return Heard(outcome="wrong", said=str(refused))
