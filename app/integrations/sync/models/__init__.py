"""What was mirrored, how each sync went, and what webhooks have named."""

from app.integrations.sync.models.mirror import ExternalRecord, RejectedRecord
from app.integrations.sync.models.runs import StreamState, SyncPage, SyncRun
from app.integrations.sync.models.webhooks import WebhookEvent

__all__ = [
    "ExternalRecord",
    "RejectedRecord",
    "StreamState",
    "SyncPage",
    "SyncRun",
    "WebhookEvent",
]
