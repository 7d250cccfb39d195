"""The posting function."""

import json
from collections.abc import Sequence
from decimal import Decimal
from operator import attrgetter

from app.core.db import retried, transaction
from app.core.errors import Invalid
from app.core.events import announce
from app.core.people import current_actor_id
from app.core.quantities import plain
from app.stock.errors import BalanceChanged
from app.stock.events import StockFreed, StockMoved
from app.stock.ledger import statements
from app.stock.ledger.entries import Count, Entry, Move, fingerprint
from app.stock.ledger.facts import Facts, gather, refuse_foreign_lots
from app.stock.ledger.posted import Posted
from app.stock.ledger.postings import claim, earlier
from app.stock.ledger.shelves import Shelf, Spot, lock

Line = Move | Count
COLUMNS = (
    *("product_id", "lot_id", "from_location_id", "to_location_id", "quantity", "reason"),
    *("note", "source_type", "source_id", "device", "unit_cost", "reverses_id", "occurred_at"),
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
    request_hash = request or fingerprint(lines)
    with transaction() as session:
        session.flush()  # what the caller has not written yet, our own SQL would not see
        posting_id = claim(key, request_hash)
        if posting_id is None:
            return _again(key, request_hash)
        facts = _facts(lines)
        shelves = _shelves(lines, facts)
        moves = [move for line in lines if (move := _carry(line, shelves))]
        return _write(posting_id, moves, [*shelves.values()])


def _again(key: str, request_hash: str) -> Posted:
    posted = earlier(key, request_hash)
    assert posted is not None  # noqa: S101  (its key has just refused ours)
    return posted


def _facts(lines: Sequence[Line]) -> Facts:
    """Check everything that can be checked before a balance is locked."""
    if not lines:
        raise Invalid("lines", "There is nothing to post.")
    for line in lines:
        line.refuse_nonsense()
    refuse_foreign_lots((line.product_id, line.lot_id) for line in lines)
    ends = {end for line in lines for end in _ends(line)}
    facts = gather((line.product_id for line in lines), ends)
    for line in lines:
        if isinstance(line, Count) and not facts.places[line.location_id].is_kept:
            raise Invalid("location", "Choose a bin: nothing is counted here.")
    return facts


def _shelves(lines: Sequence[Line], facts: Facts) -> dict[Spot, Shelf]:
    """Lock the balances at both ends; suppliers, customers and adjustments have none."""
    spots = {_spot(line, end) for line in lines for end in _ends(line)}
    shelves = lock(spot for spot in spots if facts.places[spot.location_id].is_kept)
    for spot, shelf in shelves.items():
        shelf.sku = facts.skus[spot.product_id]
        shelf.code = facts.places[spot.location_id].code
    return shelves


def _ends(line: Line) -> tuple[int, int]:
    return line.from_location_id, line.to_location_id


def _spot(line: Entry, location_id: int) -> Spot:
    return Spot(line.product_id, location_id, line.lot_id or 0)


def _carry(line: Line, shelves: dict[Spot, Shelf]) -> Move | None:
    """Do one line to the balances in hand; a count that finds no difference moves nothing."""
    if isinstance(line, Count):
        move = _compare(line, shelves[_spot(line, line.location_id)])
        return _carry(move, shelves) if move else None
    if start := shelves.get(_spot(line, line.from_location_id)):
        start.take_promised(line.quantity) if line.is_promised else start.take(line.quantity)
    if end := shelves.get(_spot(line, line.to_location_id)):
        end.put(line.quantity)
        if line.stays_promised:
            end.promise(line.quantity)
    return line


def _compare(count: Count, shelf: Shelf) -> Move | None:
    """Turn a count into the movement that makes up for the difference, if there is one."""
    if count.expected_version not in (None, shelf.version):
        message = f"{shelf.sku} at {shelf.code} has moved since it was counted"
        raise BalanceChanged(f"{message}: {plain(shelf.on_hand)} on hand now. Count it again.")
    shelf.is_counted = True
    difference = count.counted - (shelf.on_hand if count.seen is None else count.seen)
    return count.move(difference) if difference else None


def _write(posting_id: int, moves: list[Move], shelves: list[Shelf]) -> Posted:
    """Write movements, balances and the answer in one statement."""
    balances = tuple(shelf.after() for shelf in shelves)
    values = {name: [*map(attrgetter(name), moves)] for name in COLUMNS} | {
        "posting_id": posting_id,
        "actor_id": current_actor_id(),
        "balances": [shelf.id for shelf in shelves],
        "on_hand": [shelf.on_hand for shelf in shelves],
        "reserved": [shelf.reserved for shelf in shelves],
        "counted": [shelf.is_counted for shelf in shelves],
        "result": json.dumps([balance.kept() for balance in balances]),
    }
    movement_ids = tuple(statements.run(statements.WRITE, values).scalars())
    if freed := _freed(shelves):
        announce(StockFreed(product_ids=freed))
    announce(
        StockMoved(
            product_ids=sorted({shelf.spot.product_id for shelf in shelves}),
            location_ids=sorted({shelf.spot.location_id for shelf in shelves}),
        )
    )
    return Posted(id=posting_id, movement_ids=movement_ids, balances=balances)


def _freed(shelves: list[Shelf]) -> list[int]:
    """Products of which there is more than before, all places together."""
    changes: dict[int, Decimal] = {}
    for shelf in shelves:
        product_id = shelf.spot.product_id
        changes[product_id] = changes.get(product_id, Decimal(0)) + shelf.change
    return sorted(product_id for product_id, change in changes.items() if change > 0)
