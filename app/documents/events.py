"""What documents publish."""

from dataclasses import dataclass

from app.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentQueued(Event):
    """Somebody has sent a document by e-mail; a job has to hand it in."""

    sent_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingChanged(Event):
    """An e-mail with a document waits, was sent, has failed, or was given up."""

    sent_id: int
