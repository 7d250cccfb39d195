"""Connections, what was mirrored through them, and how each sync went."""

from app.integrations.models.connections import Connection, SignInAttempt, SystemApp
from app.integrations.models.mirror import ExternalRecord, RecordLink, SetAside
from app.integrations.models.outbound import OutboundWrite
from app.integrations.models.runs import StreamState, SyncPage, SyncRun
from app.integrations.models.webhooks import WebhookEvent

__all__ = [
    "Connection",
    "ExternalRecord",
    "OutboundWrite",
    "RecordLink",
    "SetAside",
    "SignInAttempt",
    "StreamState",
    "SyncPage",
    "SyncRun",
    "SystemApp",
    "WebhookEvent",
]
