"""Background work of pick & pack: ids in, one service called, safe to run twice."""

from app.core.jobs import job
from app.fulfilment import services


@job(queue="interactive", label="Stop picking a cancelled order", retry_after=(5, 60))
def freeze_pick(order_id: int) -> dict[str, int]:
    """Freeze the pick of a cancelled order, and plan what goes back."""
    return {"frozen": int(services.freeze(order_id))}
