"""What other programs hear of imports."""

from app.core.webhooks import WebhookEvent
from app.imports.events import FileImported

WEBHOOKS = (
    WebhookEvent(
        name="file.imported",
        label="Records were made or changed from a file, all at once",
        event=FileImported,
        data=lambda **_fields: {},
    ),
)
