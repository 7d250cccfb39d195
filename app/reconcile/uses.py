"""What of reconciliation needs locations."""

from collections.abc import Sequence

from app.core.db import db
from app.reconcile.discrepancies import queries


def uses_of_location(location_id: int) -> Sequence[str]:
    """Accounts at marketplaces that a location stands for."""
    count = db.session.scalar(queries.comparisons_at(location_id)) or 0
    if not count:
        return []
    what = "one account at a marketplace" if count == 1 else f"{count:,} accounts"
    return [f"It stands for the stock of {what}"]
