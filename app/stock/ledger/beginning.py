"""What a posting begins with: its key, what its lines name, and the balances, all locked."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from app.core.errors import Invalid
from app.stock.ledger import statements
from app.stock.ledger.balances import BalanceKey, LockedBalance, as_locked, lock, named
from app.stock.ledger.lines import Count, LedgerLine, Move
from app.stock.ledger.postings import refuse_length
from app.stock.ledger.references import References, lots_of, references_of, used_lots
from app.stock.models import HOLDS_STOCK, UNAVAILABLE

Line = Move | Count


class Begun(NamedTuple):
    """A posting whose key is ours, with all that its lines name, to the end of the work."""

    posting_id: int
    references: References
    balances: dict[BalanceKey, LockedBalance]


def begin(lines: Sequence[Line], *, key: str, request_hash: str) -> Begun | None:
    """Write the posting of a key and lock what it is about; None if there is one already.

    A second request with the key waits here, holding nothing, until the first has ended.

    Raises:
        Invalid: A product, location, quantity or reason cannot be used.
    """
    refuse_length(key)
    found = statements.run(statements.BEGIN, _values(lines, key, request_hash)).one()
    if found.posting_id is None:
        return None
    references = _references(lines, found)
    return Begun(found.posting_id, references, _balances(lines, references, found.balances))


def balance_key(line: LedgerLine, location_id: int) -> BalanceKey:
    """Name the balance of what a line is about, at a place."""
    return BalanceKey(line.product_id, location_id, line.lot_id or 0)


def _values(lines: Sequence[Line], key: str, request_hash: str) -> dict[str, Any]:
    return {
        "key": key,
        "request_hash": request_hash,
        "kept": [*HOLDS_STOCK],
        "products": sorted({line.product_id for line in lines}),
        "locations": sorted({end for line in lines for end in _ends(line)}),
        "lots": sorted({line.lot_id for line in lines if line.lot_id is not None}),
        **named(_keys(lines)),
    }


def _keys(lines: Sequence[Line]) -> list[BalanceKey]:
    """Name the balances at both ends, in the order of their locks."""
    return sorted({balance_key(line, end) for line in lines for end in _ends(line)})


def _references(lines: Sequence[Line], found: Any) -> References:
    """Check everything that can be checked before a balance is looked at."""
    if not lines:
        raise Invalid("lines", "There is nothing to post.")
    for line in lines:
        line.refuse_nonsense()
    lots = lots_of(found.lots, used_lots((line.product_id, line.lot_id) for line in lines))
    references = references_of(
        found.goods,
        found.places,
        {line.product_id for line in lines},
        {end for line in lines for end in _ends(line)},
        lots,
    )
    references.refuse_inactive(line.product_id for line in lines if _is_new(line, references))
    for line in lines:
        if isinstance(line, Count) and not references.places[line.location_id].is_kept:
            raise Invalid("location", "Choose a bin: nothing is counted here.")
    return references


def _is_new(line: Line, references: References) -> bool:
    """Tell whether goods come to us that were never ours; an undo only puts things right."""
    is_received = references.places[line.from_location_id].kind == "supplier"
    return isinstance(line, Move) and is_received and line.reverses_id is None


def _balances(
    lines: Sequence[Line], references: References, found: Any
) -> dict[BalanceKey, LockedBalance]:
    """Take the balances at both ends, or make those that are missing and lock them all.

    Suppliers, customers and adjustments have none.
    """
    keys = [key for key in _keys(lines) if references.places[key.location_id].is_kept]
    balances = as_locked(found) if found else lock(keys)
    for key, balance in balances.items():
        balance.sku = references.skus[key.product_id]
        balance.code = references.places[key.location_id].code
        balance.is_unavailable = references.places[key.location_id].kind in UNAVAILABLE
        if key.lot_id:
            balance.is_withheld = bool(references.lots[key.lot_id].withheld)
    return balances


def _ends(line: Line) -> tuple[int, int]:
    return line.from_location_id, line.to_location_id
