"""Background work of bills: one service called, safe to run twice."""

from app.core.jobs import job
from app.vendor_bills import services


@job(queue="scheduled", label="Match bills with purchase orders", timeout=600)
def match_documents() -> dict[str, int]:
    """Look for our orders that documents of the books are about, which nobody has settled."""
    return services.match_documents()
