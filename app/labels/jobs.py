"""Background work of labels: an id in, one service called, safe to run twice."""

from typing import Any

from app.core.jobs import job, report_progress
from app.labels import services

LONGEST = 1800  # seconds


@job(queue="interactive", label="Print labels", timeout=LONGEST, retry_after=(10,))
def draw_labels(*, batch_id: int) -> dict[str, Any]:
    """Draw the labels of a batch."""
    return services.draw_batch(batch_id, report_progress)
