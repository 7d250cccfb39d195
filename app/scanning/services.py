"""Taking a scan once, and finding what its code stands for."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from app.accounts.models import User
from app.catalog.models import SERIAL, Product
from app.catalog.scan_codes import SSCC, Scanned, read_scan, scan_separator, without_prefix
from app.core.actors import current_actor_id
from app.core.db import db, retried, transaction
from app.core.errors import DomainError
from app.scanning import queries
from app.scanning.errors import ScanReused, UnknownCode, WrongScan
from app.scanning.models import Scan
from app.scanning.red_bar import red_bar_text
from app.stock.models import Location
from app.stock.services import LotDraft

UNKNOWN = "Nobody knows this code. Is it the right barcode of the product?"
PALLET = "The number of a pallet or carton does not say what is in it: scan the goods."


@dataclass(frozen=True, slots=True, kw_only=True)
class TabletAction:
    """A scan, or another tap on a tablet, as it came; the id is the tablet's."""

    id: UUID
    task_type: str
    task_id: int
    kind: str = "scan"
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionResult:
    """What became of an action: `outcome` is the sound, `message` stands on the screen.

    `task` is the task as the action has left it, all loaded; None: whoever shows it reads it.
    """

    outcome: str = "ok"  # one of app.scanning.models.OUTCOMES
    message: str = ""
    product_id: int | None = None
    quantity: Decimal | None = None
    is_repeat: bool = False
    task: Any = None

    @property
    def is_wrong(self) -> bool:
        """Tell whether the red bar has to say why."""
        return self.outcome == "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanMatch:
    """What a code stands for: a place, or so many units of a product, with the lot it names."""

    code: str
    location: Location | None = None
    product: Product | None = None
    units: Decimal = Decimal(1)
    lot: str | None = None
    serial: str | None = None
    expires_on: date | None = None
    made_on: date | None = None

    @property
    def draft(self) -> LotDraft:
        """What it says of the lot of its product, or of the piece."""
        is_piece = self.product is not None and self.product.tracking == SERIAL
        number = self.serial if is_piece else self.lot
        return LotDraft(number or "", self.expires_on, self.made_on)

    def __str__(self) -> str:
        return self.location.code if self.location else str(self.product or self.code)


@retried
def perform_once(action: TabletAction, perform: Callable[[], ActionResult]) -> ActionResult:
    """Do what an action asks for, once per id; a second time, give the first answer again.

    A second request with the id waits until the first has ended. A refusal is an answer like
    any other: `perform` is undone, the scan stays in the log as wrong.

    Raises:
        ScanReused: The id belongs to another action, or to somebody else's.
    """
    with transaction():
        if not _is_first(action):
            return _first_result(action)
        result = _result_of(perform)
        values = {
            "outcome": result.outcome,
            "message": result.message,
            "product_id": result.product_id,
            "quantity": result.quantity,
        }
        db.session.execute(update(Scan).where(Scan.id == action.id).values(values))
    return result


def find_scanned(code: str) -> ScanMatch:
    """Find what a scanned code stands for; nothing is known of a code that was misread.

    What the company's scanners put before each code is left out where the code is none with it.

    Raises:
        UnknownCode: Nobody knows the code, or it was misread.
        WrongScan: Several products have it.
    """
    raw = code.strip()
    try:
        return _find(raw)
    except UnknownCode:
        bare = without_prefix(raw)
        if bare == raw:
            raise
    try:
        return _find(bare)
    except UnknownCode as error:
        raise UnknownCode(str(error), scanned=raw) from error


def find_lot(code: str, product_ids: Collection[int]) -> ScanMatch | None:
    """Find the one lot or piece that a code on a label of its own numbers, of some products."""
    bare = without_prefix(code)
    found = db.session.scalars(queries.lots_scanned(bare, product_ids)).all()
    if len(found) != 1:
        return None
    [lot] = found
    return ScanMatch(code=bare, product=lot.product, lot=lot.code, serial=lot.code)


def find_product(code: str, *, raw: str = "", advice: str = UNKNOWN) -> tuple[Product, Decimal]:
    """Find the one product that a code stands for, and how many units the code is worth.

    `raw` is the code as it came. What is only written alike comes last.

    Raises:
        UnknownCode: Nobody knows the code.
        WrongScan: Several products have it.
    """
    raw = raw or code
    rows = db.session.execute(queries.products_scanned(code, raw)).all()
    return _only(rows, raw, advice)


def units_of(found: ScanMatch, missing: Decimal) -> Decimal:
    """How much a scan stands for where so much is missing still.

    What is sold by measure ends in a part: of 2.5 kg the third scan is the half that is left.
    """
    is_last_part = found.units == 1 and 0 < missing < 1
    return missing if is_last_part else found.units


def _find(raw: str) -> ScanMatch:
    scanned, advice = Scanned(raw, ""), UNKNOWN
    try:
        scanned = read_scan(raw, separator=scan_separator)
    except ValueError as error:
        advice = str(error)
    is_carton = scanned.symbology == SSCC
    rows = db.session.execute(queries.scanned(scanned.code, raw)).all()
    location = rows[0].Location
    if location is None and is_carton:  # a tote may carry one
        location = db.session.scalar(queries.locations_scanned(scanned.code))
    if location is not None:
        return ScanMatch(code=raw, location=location)
    product, units = _only(
        [row for row in rows if row.Product is not None], raw, PALLET if is_carton else advice
    )
    return ScanMatch(
        code=scanned.code,
        product=product,
        units=units * scanned.units,
        lot=scanned.lot,
        serial=scanned.serial,
        expires_on=scanned.expires_on,
        made_on=scanned.made_on,
    )


def _only(rows: Sequence[Any], raw: str, advice: str) -> tuple[Product, Decimal]:
    """Give the one product among those that a code leads to, and its units."""
    sure = [row for row in rows if row.how != queries.ALIKE] or rows
    if not sure:
        raise UnknownCode(advice, scanned=raw)
    skus = sorted({row.Product.sku for row in sure})
    if len(skus) > 1:
        raise WrongScan(f"This code may be {' or '.join(skus)}: scan another.", scanned=raw)
    return sure[0].Product, Decimal(sure[0].units)


def _is_first(action: TabletAction) -> bool:
    values = {
        "id": action.id,
        "user_id": current_actor_id(),
        "task_type": action.task_type,
        "task_id": action.task_id,
        "kind": action.kind,
        "code": action.code,
    }
    mine = insert(Scan).values(values).on_conflict_do_nothing().returning(Scan.id)
    return db.session.scalar(mine) is not None


def _first_result(action: TabletAction) -> ActionResult:
    first = db.session.get_one(Scan, action.id)
    mine = (current_actor_id(), action.task_type, action.task_id, action.kind, action.code)
    if mine != (first.user_id, first.task_type, first.task_id, first.kind, first.code):
        raise ScanReused("This id belongs to another scan.")
    return ActionResult(
        outcome=first.outcome,
        message=first.message,
        product_id=first.product_id,
        quantity=first.quantity,
        is_repeat=True,
    )


def _result_of(perform: Callable[[], ActionResult]) -> ActionResult:
    try:
        with transaction():  # a savepoint: what a refused scan has written goes
            return perform()
    except DomainError as refused:
        return ActionResult(outcome="wrong", message=red_bar_text(refused))


def lock_user(user_id: int) -> None:
    """Let one person with two tablets take a task on one after the other."""
    query = select(User.id).where(User.id == user_id)
    db.session.execute(query.with_for_update(key_share=True))
