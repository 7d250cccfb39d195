"""Background work of documents: ids in, one service called, safe to run twice."""

from app.core.jobs import is_last_attempt, job
from app.documents import services

PAUSES = (60, 300, 1800)


@job(
    queue="interactive",
    label="Send a document by e-mail",
    timeout=120,
    retry_after=PAUSES,
    has_alerts=True,
)
def deliver_document(sent_id: int) -> dict[str, str]:
    """Hand a mail in at the mail server, once."""
    return {"state": services.deliver(sent_id, is_last=is_last_attempt(PAUSES))}
