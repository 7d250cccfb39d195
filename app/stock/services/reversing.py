"""Undoing: nothing is rewritten, the goods go back."""

from typing import Any

from sqlalchemy import select

from app.core.db import db, retried, transaction
from app.stock import queries
from app.stock.errors import CannotReverse
from app.stock.ledger import Move, Posted, earlier, post
from app.stock.models import Movement, Posting


@retried
def reverse_posting(posting_id: int, *, key: str, note: str = "") -> Posted:
    """Undo a posting: all of its movements go back the way they came, once.

    Raises:
        CannotReverse: It has been undone already, is itself an undo, or moved nothing.
        InsufficientStock: The goods have gone.
    """
    request = f"reverse {posting_id}"
    with transaction() as session:
        # Two people who undo one posting wait here for each other.
        session.execute(select(Posting.id).where(Posting.id == posting_id).with_for_update())
        if again := earlier(key, request):
            return again
        movements = db.session.execute(queries.movements_of_posting(posting_id)).all()
        _refuse_irreversible(movements)
        # The last movement goes back first: it may have carried on what the first one brought.
        moves = [_back(movement, note) for movement, _undone in reversed(movements)]
        return post(moves, key=key, request=request)


def _refuse_irreversible(movements: Any) -> None:
    if not movements:
        raise CannotReverse("This posting moved nothing: there is nothing to undo.")
    if any(undone for _movement, undone in movements):
        raise CannotReverse("This has been undone already.")
    if any(movement.reverses_id for movement, _undone in movements):
        raise CannotReverse("This is itself an undo. Post an adjustment instead.")


def _back(movement: Movement, note: str) -> Move:
    return Move(
        product_id=movement.product_id,
        lot_id=movement.lot_id,
        from_location_id=movement.to_location_id,
        to_location_id=movement.from_location_id,
        quantity=movement.quantity,
        reason="reversed",
        note=note,
        document_type=movement.document_type,
        document_id=movement.document_id,
        unit_cost=movement.unit_cost,
        reverses_id=movement.id,
    )
