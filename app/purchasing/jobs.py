"""Background work of purchasing: one service called, safe to run twice."""

from app.core.jobs import job
from app.purchasing import services


@job(queue="scheduled", label="Look for products that run low", timeout=600)
def watch_reorder() -> dict[str, int]:
    """Tell of each product at its reorder point or below, once, until it is above again."""
    return services.watch_reorder()
