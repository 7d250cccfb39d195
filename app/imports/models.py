"""Imports that were begun, and which columns people chose."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Model
from app.core.files import StoredFile
from app.core.jobs import JobRun

STAGES = {
    "uploaded": "Columns to choose",
    "ready": "To be checked",
    "checked": "Checked",
    "applied": "Applied",
    "undone": "Undone",
}


class ImportRun(Model):
    """One file on its way in: `job` is the step being worked on, `result` what came out."""

    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint(f"stage IN {tuple(STAGES)}", "stage"),
        Index("ix_import_run_kind", "kind", "id"),
        Index("ix_import_run_job_id", "job_id"),
        Index("ix_import_run_file_id", "file_id"),
        Index("ix_import_run_error_file_id", "error_file_id"),
    )

    kind: Mapped[str]
    stage: Mapped[str] = mapped_column(default="uploaded")
    file_name: Mapped[str]
    file_id: Mapped[int | None] = mapped_column(ForeignKey(StoredFile.id, ondelete="SET NULL"))
    # How to read the file: what `reading.Layout` holds.
    layout: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    columns: Mapped[list[str]] = mapped_column(JSONB, default=list)
    # What was guessed of the file or left out of it, in sentences.
    notices: Mapped[list[str]] = mapped_column(JSONB, server_default="[]", default=list)
    mapping: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    # Our field -> their column, of fields that who chose the columns may not see.
    left_out: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}", default=dict)
    # Our field -> what it is in every row, where the file does not say it.
    fixed: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}", default=dict)
    profile: Mapped[str] = mapped_column(server_default="", default="")  # by its name
    update: Mapped[bool] = mapped_column(default=True)
    options: Mapped[list[str]] = mapped_column(JSONB, default=list)
    job_id: Mapped[int | None] = mapped_column(ForeignKey(JobRun.id, ondelete="SET NULL"))
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    error_file_id: Mapped[int | None] = mapped_column(
        ForeignKey(StoredFile.id, ondelete="SET NULL")
    )
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    actor: Mapped[str]

    job: Mapped[JobRun | None] = relationship(lazy="raise")


class ImportMapping(Model):
    """Our field -> their column, as it was last chosen for a file with these columns."""

    __tablename__ = "import_mapping"
    __table_args__ = (UniqueConstraint("kind", "signature"),)

    kind: Mapped[str]
    signature: Mapped[str]
    mapping: Mapped[dict[str, str]] = mapped_column(JSONB)


class ImportProfile(Model):
    """How files of one sender are read: what was chosen for one, under a name."""

    __tablename__ = "import_profile"
    __table_args__ = (
        Index("uq_import_profile_name", "kind", text("lower(name)"), unique=True),
        CheckConstraint("name <> ''", "name"),
    )

    kind: Mapped[str]
    name: Mapped[str]
    layout: Mapped[dict[str, Any]] = mapped_column(JSONB)
    mapping: Mapped[dict[str, str]] = mapped_column(JSONB)
    fixed: Mapped[dict[str, str]] = mapped_column(JSONB)
    update: Mapped[bool]
    options: Mapped[list[str]] = mapped_column(JSONB)
