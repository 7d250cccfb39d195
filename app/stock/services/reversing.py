"""Undoing: nothing is rewritten, the goods go back.

What was done by hand is undone here. What a document caused is undone by the document, which
knows what else follows from it: its lines, its state, whoever has been told.
"""

from typing import Any

from sqlalchemy import select

from app.core.db import db, retried, transaction
from app.stock import queries
from app.stock.documents import name_of_document
from app.stock.errors import CannotReverse
from app.stock.ledger import Move, Posted, earlier, post
from app.stock.models import Movement, Posting


def reverse_posting(posting_id: int, *, key: str, note: str = "") -> Posted:
    """Undo a posting that was made by hand: all its movements go back as they came, once.

    Raises:
        CannotReverse: A document caused it, it has been undone already, is itself an undo, or
            moved nothing.
        InsufficientStock: The goods have gone.
    """
    return _reverse(posting_id, document=None, key=key, note=note)


def reverse_document_posting(
    posting_id: int, *, document: tuple[str, int], key: str, note: str = ""
) -> Posted:
    """Undo a posting that a document caused, in the document's own unit of work.

    Raises:
        CannotReverse: Another document caused it, or as `reverse_posting` does.
        InsufficientStock: The goods have gone.
    """
    return _reverse(posting_id, document=document, key=key, note=note)


@retried
def _reverse(
    posting_id: int, *, document: tuple[str, int] | None, key: str, note: str
) -> Posted:
    request = f"reverse {posting_id}"
    with transaction() as session:
        # Two people who undo one posting wait here for each other.
        session.execute(select(Posting.id).where(Posting.id == posting_id).with_for_update())
        if again := earlier(key, request):
            return again
        movements = db.session.execute(queries.movements_of_posting(posting_id)).all()
        _refuse_irreversible(movements)
        _refuse_foreign(movements, document)
        # The last movement goes back first: it may have carried on what the first one brought.
        moves = [_back(movement, note) for movement, *_more in reversed(movements)]
        return post(moves, key=key, request=request)


def _refuse_irreversible(movements: Any) -> None:
    if not movements:
        raise CannotReverse("This posting moved nothing: there is nothing to undo.")
    if any(row.is_undone for row in movements):
        raise CannotReverse("This has been undone already.")
    if any(movement.reverses_id for movement, *_more in movements):
        raise CannotReverse("This is itself an undo. Post an adjustment instead.")


def _refuse_foreign(movements: Any, document: tuple[str, int] | None) -> None:
    """Refuse to undo behind a document's back: it would go on as if nothing had happened."""
    causes = {
        (movement.document_type, movement.document_id)
        for movement, *_more in movements
        if movement.document_type
    }
    if strange := causes - {document}:
        name = name_of_document(*min(strange))
        raise CannotReverse(f"This was caused by {name}: undo it there.")


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
