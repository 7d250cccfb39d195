"""Saved views of lists, and what a person has chosen for a list."""

from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Model
from app.core.versions import Versioned


class SavedView(Versioned, Model):
    """Filters, order and columns of a list under a name; its owner's, or a role's too."""

    __tablename__ = "saved_view"
    __table_args__ = (
        Index("uq_saved_view_name", "owner_id", "list_name", text("lower(name)"), unique=True),
        Index("ix_saved_view_role", "role_id", postgresql_where=text("role_id IS NOT NULL")),
    )

    list_name: Mapped[str]
    name: Mapped[str]
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    role_id: Mapped[int | None] = mapped_column(ForeignKey("role.id", ondelete="SET NULL"))
    # What the address of the list says: the texts of its filters, and `sort`.
    state: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    columns: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")

    def __str__(self) -> str:
        return self.name


class ListPreference(Model):
    """What a person has chosen for a list: the columns, and the view that it begins with."""

    __tablename__ = "list_preference"
    __table_args__ = (UniqueConstraint("user_id", "list_name"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    list_name: Mapped[str]
    columns: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    view_id: Mapped[int | None] = mapped_column(
        ForeignKey(SavedView.id, ondelete="SET NULL"), index=True
    )
