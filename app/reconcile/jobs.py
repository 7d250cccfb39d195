"""Background work of reconciliation."""

from typing import Any

from app.core.jobs import job
from app.reconcile.discrepancies import services


@job(queue="scheduled", label="Look for discrepancies", timeout=1800)
def find_discrepancies() -> dict[str, Any]:
    """Compare our stock with what marketplaces said last that they have."""
    return dict(services.find_discrepancies())
