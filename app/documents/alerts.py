"""The kinds of alerts of documents."""

from app.core.alerts import AlertKind

ALERTS = (
    AlertKind(  # whoever may send such documents is told: it depends on their type
        name="document.unsent",
        keys="sent_document:*",
        label="A document could not be sent by e-mail",
    ),
)
