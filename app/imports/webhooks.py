"""What other programs hear of imports."""

from app.core.webhooks import WebhookEvent
from app.imports.events import FileImported

WEBHOOKS = (
    WebhookEvent(
        name="file.imported",
        label="File imported: records new or changed",
        event=FileImported,
        data=lambda **_fields: {},
    ),
)
