"""Connections, what was mirrored through them, and how each sync went."""

from app.integrations.models.connections import Connection, SignInAttempt, SystemApp
from app.integrations.models.mirror import ExternalRecord, RecordLink, RejectedRecord
from app.integrations.models.outbound import OutboxMessage
from app.integrations.models.runs import StreamState, SyncPage, SyncRun
from app.integrations.models.webhooks import WebhookEvent

__all__ = [
    "Connection",
    "ExternalRecord",
    "OutboxMessage",
    "RecordLink",
    "RejectedRecord",
    "SignInAttempt",
    "StreamState",
    "SyncPage",
    "SyncRun",
    "SystemApp",
    "WebhookEvent",
]
