"""What was sent of a document by e-mail: to whom, with which words, and the file itself."""

from datetime import UTC, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Model
from app.core.files import StoredFile

SENDING_STATES = {
    "queued": "Waiting",
    "sent": "Sent",
    "failed": "Failed",
    "given_up": "Given up",  # it has failed, and somebody has seen that
}


class SentDocument(Model):
    """One e-mail with a document; but for how far it has got, nothing of it changes.

    `document_type` is the table of the document, `kind` which of its papers it is.
    """

    __tablename__ = "sent_document"
    __table_args__ = (
        Index("ix_sent_document_document", "document_type", "document_id", "id"),
        Index("ix_sent_document_file", "file_id"),
        CheckConstraint(f"state IN {tuple(SENDING_STATES)}", "state"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", "sent_at"),
        CheckConstraint("recipient <> '' AND subject <> ''", "words"),
    )

    document_type: Mapped[str]
    document_id: Mapped[int]
    kind: Mapped[str]
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str] = mapped_column(server_default="", default="")
    file_id: Mapped[int] = mapped_column(ForeignKey(StoredFile.id))
    sender_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    state: Mapped[str] = mapped_column(server_default="queued", default="queued")
    error: Mapped[str] = mapped_column(server_default="", default="")
    sent_at: Mapped[datetime | None]

    file: Mapped[StoredFile] = relationship(lazy="raise")
    sender: Mapped[User | None] = relationship(lazy="raise")

    def __str__(self) -> str:
        return self.file.name

    @property
    def label(self) -> str:
        """Its state in words."""
        return SENDING_STATES[self.state]

    def succeed(self) -> None:
        """The mail server has it."""
        self.state, self.error, self.sent_at = "sent", "", datetime.now(UTC)

    def fail(self, reason: str, *, is_final: bool) -> None:
        """The mail server did not take it; unless that was final, it is tried again."""
        self.error = reason
        self.state = "failed" if is_final else "queued"
