"""Background work of bills: one service called, safe to run twice."""

from app.core.jobs import job
from app.vendor_bills import services


@job(queue="scheduled", label="Match bills with purchase orders", timeout=600)
def match_documents() -> dict[str, int]:
    """Look for our orders that documents of the books are about, which nobody has settled."""
    return services.match_documents() | {"compared": services.note_all_differences()}


@job(
    queue="interactive",
    label="Compare bills with a purchase order",
    timeout=300,
    retry_after=(5, 60),
    is_needed=services.is_decided_for,
)
def compare_documents(order_id: int) -> dict[str, int]:
    """Note whether what the books hold of an order, and what has changed there, differs."""
    return {"compared": services.note_differences([order_id])}
