"""Keeping whether documents differ from our orders, so that lists can ask for it.

The comparison itself is made anew wherever it is shown. What changes in the books or is said of
a match loses its note; what changes of our orders has theirs compared again by a job.
"""

from collections.abc import Collection

from sqlalchemy import select, update

from app.core.db import db, locked, retried, transaction
from app.vendor_bills import queries
from app.vendor_bills.models import VendorDocument
from app.vendor_bills.services.comparing import compare

AT_ONCE = 500  # documents that are compared together


def is_decided_for(order_id: int) -> bool:
    """Tell whether any document is, or was, matched with an order."""
    return db.session.scalar(queries.decided_for(order_id)) is not None


def note_differences(order_ids: Collection[int] = ()) -> int:
    """Compare what has changed, and what is about some orders; give how many were looked at."""
    looked_at = _note((), order_ids)
    while pending := db.session.scalars(queries.uncompared(most=AT_ONCE)).all():
        looked_at += _note(pending)
    return looked_at


def note_all_differences() -> int:
    """Compare everything that is matched: whatever a note has missed is right again."""
    looked_at = last = 0
    while some := db.session.scalars(queries.matched_after(last, most=AT_ONCE)).all():
        looked_at += _note(some)
        last = some[-1]
    return looked_at


@retried
def _note(document_ids: Collection[int], order_ids: Collection[int] = ()) -> int:
    """Compare documents and all that hangs together with them; give how many that were."""
    with transaction() as session:
        named = session.scalars(queries.beside(document_ids, order_ids)).all()
        of = VendorDocument
        session.execute(locked(select(of.id).where(of.id.in_(named)).order_by(of.id), of))
        compared = compare(named)
        looked_at = {*named, *compared}
        differing = [one for one, both in compared.items() if both.is_different]
        session.execute(
            update(of).where(of.id.in_(looked_at)).values(is_different=of.id.in_(differing)),
            execution_options={"synchronize_session": False},
        )
    return len(looked_at)
