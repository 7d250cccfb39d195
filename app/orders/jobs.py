"""Background work of orders: ids in, one service called, safe to run twice."""

from app.core.jobs import job, report_progress
from app.orders import services


@job(
    queue="interactive",
    label="Reserve goods that came to orders that wait",
    timeout=900,
    retry_after=(5, 60),
    is_needed=services.is_awaited,
)
def allocate_waiting(product_ids: list[int]) -> dict[str, int]:
    """Reserve goods that have come for the orders that have waited longest."""
    return {"orders": services.allocate_waiting(product_ids, report_progress)}
