"""What of returns needs vendors."""

from collections.abc import Sequence

from app.core.db import db
from app.vendor_returns import queries


def uses_of_vendor(vendor_id: int) -> Sequence[str]:
    """Returns whose goods, or whose credit, are still to come."""
    found = db.session.scalars(queries.returns(vendor_id=vendor_id)).unique().all()
    numbers = [one.number for one in found if one.status in ("draft", "sent")]
    noun = "return" if len(numbers) == 1 else "returns"
    return [f"{len(numbers)} unfinished {noun} ({', '.join(numbers[:3])})"] if numbers else []
