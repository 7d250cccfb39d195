"""Transfers begin as drafts: nothing moves, and nothing is set apart."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.catalog.models import Product
from app.catalog.rules import parse_line
from app.core.actors import current_actor_id
from app.core.db import db, retried, transaction
from app.core.errors import Invalid, InvalidRow
from app.core.idempotency import KeyReused
from app.documents.errors import NotAllowed
from app.stock.ledger.lines import LONGEST_NOTE, refuse_inexact
from app.stock.ledger.postings import LONGEST_KEY
from app.stock.models import Location
from app.transfers import queries
from app.transfers.models import STATES, Transfer, TransferLine
from app.transfers.services.locking import locked_transfer

MOST_LINES = 500


class Wanted(NamedTuple):
    """So much of a product that is to go to the other warehouse, in its own unit."""

    product_id: int
    quantity: Decimal


@retried
def create_transfer(
    items: Sequence[Wanted],
    *,
    source_id: int,
    destination_id: int,
    key: str,
    expected_on: date | None = None,
    note: str = "",
) -> Transfer:
    """Write down what is to go from one warehouse to another, once per key.

    Raises:
        Invalid: It is one and the same warehouse, or nothing is said to go.
        InvalidRow: A product is not in use, is a bundle, stands there twice, or a quantity
            does not fit.
        KeyReused: The key belongs to another request.
    """
    said = [f"{one.product_id} {one.quantity.normalize()}" for one in items]
    request = " ".join([f"{source_id} {destination_id} {expected_on}", *said, note])
    with transaction() as session:
        if again := _earlier(key, request):
            return again
        _refuse_unfit(source_id, destination_id)
        transfer = Transfer(
            key=key,
            request=request,
            source_id=source_id,
            destination_id=destination_id,
            expected_on=expected_on,
            note=line_of("note", note),
            actor_id=current_actor_id(),
            lines=_lines(items),
        )
        session.add(transfer)
        session.flush()
    return transfer


@retried
def cancel_transfer(transfer_id: int) -> Transfer:
    """Give up a transfer of which nothing has left.

    Raises:
        NotAllowed: Something of it has been sent.
    """
    with transaction():
        transfer = locked_transfer(transfer_id)
        if any(line.sent for line in transfer.lines):
            raise NotAllowed(f"{transfer.number} is on the way: undo what was sent first.")
        STATES.refuse(transfer.number, transfer.status, "cancelled")
        transfer.status = "cancelled"
    return transfer


def line_of(field: str, text: str) -> str:
    """Give a line of text as it is kept.

    Raises:
        Invalid: It is too long, or holds what is no text.
    """
    try:
        said = parse_line(text)
    except ValueError as error:
        raise Invalid(field, str(error)) from error
    if len(said) > LONGEST_NOTE:
        raise Invalid(field, f"At most {LONGEST_NOTE} characters.")
    return said


def refuse_unfit_key(key: str) -> None:
    """Refuse a key that is none.

    Raises:
        Invalid: It is empty or too long.
    """
    if not 0 < len(key) <= LONGEST_KEY:
        raise Invalid("key", f"A key has 1 to {LONGEST_KEY} characters.")


def _earlier(key: str, request: str) -> Transfer | None:
    refuse_unfit_key(key)
    found = db.session.scalars(queries.transfer_with_key(key)).one_or_none()
    if found is not None and found.request != request:
        raise KeyReused("This key belongs to another request.")
    return found


def _refuse_unfit(source_id: int, destination_id: int) -> None:
    if source_id == destination_id:
        raise Invalid("destination", "Choose another warehouse: the goods are there already.")
    for field, place_id in (("source", source_id), ("destination", destination_id)):
        place = db.session.get(Location, place_id)
        if place is None or place.kind != "warehouse" or not place.is_active:
            raise Invalid(field, "Choose a warehouse that is in use.")


def _lines(items: Sequence[Wanted]) -> list[TransferLine]:
    if not items:
        raise Invalid("items", "Say what is to go.")
    if len(items) > MOST_LINES:
        raise Invalid("items", f"At most {MOST_LINES} lines.")
    return [_line(row, one, items[:row]) for row, one in enumerate(items)]


def _line(row: int, item: Wanted, above: Sequence[Wanted]) -> TransferLine:
    product = db.session.get(Product, item.product_id)
    if product is None or not product.is_active:
        raise InvalidRow("items", row, "sku", "this product is not in use.")
    if product.kind == "bundle":
        reason = f"{product.sku} is a bundle: send its components."
        raise InvalidRow("items", row, "sku", reason)
    if any(one.product_id == item.product_id for one in above):
        raise InvalidRow("items", row, "sku", f"{product.sku} is there twice.")
    try:
        refuse_inexact("quantity", item.quantity)
    except Invalid as error:
        raise InvalidRow("items", row, "quantity", str(error)) from error
    if item.quantity <= 0:
        raise InvalidRow("items", row, "quantity", "enter a quantity above zero.")
    return TransferLine(product_id=product.id, quantity=item.quantity)
