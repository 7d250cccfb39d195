"""The posting function."""

import json
from collections.abc import Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

from sqlalchemy.exc import IntegrityError

from app.core.actors import current_actor_id
from app.core.db import db, retried, transaction
from app.core.events import publish
from app.core.quantities import plain
from app.stock.errors import BalanceChanged, SerialOnHand
from app.stock.events import StockFreed, StockMoved
from app.stock.ledger import statements
from app.stock.ledger.balances import BalanceKey, LockedBalance
from app.stock.ledger.beginning import Line, balance_key, begin
from app.stock.ledger.lines import Count, Move, fingerprint
from app.stock.ledger.posted import Posted
from app.stock.ledger.postings import earlier
from app.stock.ledger.references import References
from app.stock.models import ONE_PLACE

COLUMNS = (
    *("product_id", "lot_id", "from_location_id", "to_location_id", "quantity", "reason"),
    *(
        "note",
        "document_type",
        "document_id",
        "device",
        "unit_cost",
        "reverses_id",
        "occurred_at",
    ),
)


@retried
def post(lines: Sequence[Line], *, key: str, request: str | None = None) -> Posted:
    """Move goods and write the ledger: all of the lines or none, in order, once per key.

    `request` says what was asked for where the lines follow from more than that, so that
    the same request is known again; else the lines themselves are compared.

    Raises:
        InsufficientStock: More would leave a location than is available there.
        BalanceChanged: Stock moved after it was counted.
        Invalid: A product, location, quantity or reason cannot be used.
        KeyReused: The key belongs to another request.
    """
    with transaction():
        return post_in_block(lines, key=key, request=request)


def post_in_block(lines: Sequence[Line], *, key: str, request: str | None = None) -> Posted:
    """Post as `post` does, in a block of the caller's that is undone when this is refused.

    A savepoint of its own would cost two statements for each piece that is picked.
    """
    request_hash = request or fingerprint(lines)
    db.session.flush()  # what the caller has not written yet, our own SQL would not see
    begun = begin(lines, key=key, request_hash=request_hash)
    if begun is None:
        return _again(key, request_hash)
    posting_id, references, balances = begun
    moves = [move for line in lines if (move := _apply(line, balances))]
    if references.trackings or references.lots:
        _refuse_unfit(moves, references)
    return _write(posting_id, moves, [*balances.values()])


def _again(key: str, request_hash: str) -> Posted:
    posted = earlier(key, request_hash)
    assert posted is not None  # noqa: S101  (its key has just refused ours)
    return posted


def _apply(line: Line, balances: dict[BalanceKey, LockedBalance]) -> Move | None:
    """Apply a line to the locked balances; a count that finds no difference moves nothing."""
    if isinstance(line, Count):
        move = _compare(line, balances[balance_key(line, line.location_id)])
        return _apply(move, balances) if move else None
    if start := balances.get(balance_key(line, line.from_location_id)):
        start.take_reserved(line.quantity) if line.is_reserved else start.take(line.quantity)
    if end := balances.get(balance_key(line, line.to_location_id)):
        end.put(line.quantity)
        if line.stays_reserved:
            end.reserve(line.quantity)
    return line


def _compare(count: Count, balance: LockedBalance) -> Move | None:
    """Turn a count into the movement that makes up for the difference, if there is one."""
    if count.expected_version not in (None, balance.version):
        message = f"{balance.sku} at {balance.code} has moved since it was counted"
        raise BalanceChanged(
            f"{message}: {plain(balance.on_hand)} on hand now. Count it again."
        )
    balance.is_counted = True
    difference = count.counted - (balance.on_hand if count.seen is None else count.seen)
    return count.move(difference) if difference else None


def _write(posting_id: int, moves: list[Move], balances: list[LockedBalance]) -> Posted:
    """Write movements, balances and the answer in one statement."""
    posted = tuple(balance.posted() for balance in balances)
    values = {name: [*map(attrgetter(name), moves)] for name in COLUMNS} | {
        "posting_id": posting_id,
        "actor_id": current_actor_id(),
        "balances": [balance.id for balance in balances],
        "on_hand": [balance.on_hand for balance in balances],
        "reserved": [balance.reserved for balance in balances],
        "counted": [balance.is_counted for balance in balances],
        "doubted": [balance.is_doubted for balance in balances],
        "withheld": [balance.is_withheld for balance in balances],
        "result": json.dumps([balance.as_json() for balance in posted]),
    }
    movement_ids = _written(values)
    if freed := _freed(balances):
        publish(StockFreed(product_ids=freed))
    publish(
        StockMoved(
            product_ids=sorted({balance.key.product_id for balance in balances}),
            location_ids=sorted({balance.key.location_id for balance in balances}),
        )
    )
    return Posted(id=posting_id, movement_ids=movement_ids, balances=posted)


def _refuse_unfit(moves: Sequence[Move], references: References) -> None:
    """Refuse pieces that come without a number, or with that of one that is here."""
    come = set[int]()
    for move in moves:
        references.refuse_unnamed(move)
        references.refuse_withheld(move)
        lot = references.lots.get(move.lot_id or 0)
        if lot is None or not lot.is_serial or references.places[move.from_location_id].is_kept:
            continue
        if move.lot_id in come:
            raise SerialOnHand(f"Serial {lot.code} is named twice: each is one piece.")
        come.add(move.lot_id or 0)


def _written(values: dict[str, Any]) -> tuple[int, ...]:
    """Write it all; the database refuses a serial that came to two places at once."""
    try:
        return tuple(statements.run(statements.WRITE, values).scalars())
    except IntegrityError as error:
        if getattr(getattr(error.orig, "diag", None), "constraint_name", "") != ONE_PLACE:
            raise
        reason = "This serial number has come in elsewhere at this very moment."
        raise SerialOnHand(reason) from error


def _freed(balances: list[LockedBalance]) -> list[int]:
    """Products of which more may be reserved than before, all places together.

    What was doubted and is counted may be reserved again, however much the count has changed.
    """
    changes: dict[int, Decimal] = {}
    for balance in balances:
        product_id, change = balance.key.product_id, balance.change
        if balance.is_unavailable or balance.is_withheld:
            continue  # nobody could reserve it before, and nobody can now
        if balance.was_doubted and not balance.is_doubted:
            change = balance.available
        changes[product_id] = changes.get(product_id, Decimal(0)) + change
    return sorted(product_id for product_id, change in changes.items() if change > 0)
