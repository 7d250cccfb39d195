"""The table of changes."""

from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Model
from app.core.permissions import may_see_field
from app.core.value_texts import HIDDEN


class AuditEntry(Model):
    """One change of one record: `changes` maps a field to its value before and after.

    `label` is what the record was called then, and `actor` who the person was called:
    the entry still reads well when both are long gone.

    `version` is the one that the change made, of a record that has versions; `held` is what its
    fields held before, exactly, so that a change based on an older version can be merged.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_record", "record_type", "record_id", "id"),
        Index("ix_audit_entry_actor", "actor_id", "id"),
        Index("ix_audit_entry_created_at", "created_at"),
    )

    record_type: Mapped[str]
    record_id: Mapped[int]
    label: Mapped[str] = mapped_column(server_default="")
    action: Mapped[str] = mapped_column(server_default="changed")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    actor: Mapped[str]
    address: Mapped[str | None]
    changes: Mapped[dict[str, list[Any]]] = mapped_column(JSONB)
    version: Mapped[int | None]
    held: Mapped[dict[str, Any] | None] = mapped_column(JSONB)

    @property
    def told(self) -> dict[str, list[Any]]:
        """The changes as the person asking may see them: of some fields only that they are."""
        seen = {name: both for name, both in self.changes.items() if may_see_field(name)}
        if self.action == "created":
            return seen
        return {name: seen.get(name, [HIDDEN, HIDDEN]) for name in self.changes}
