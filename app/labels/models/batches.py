"""What was requested to be printed, and what came of it."""

from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Model
from app.core.files import StoredFile
from app.core.indexes import trigram_index
from app.core.jobs import JobRun
from app.labels.drawing.dots import DPI
from app.labels.drawing.formats import Format
from app.labels.drawing.sheets import Paper
from app.labels.drawing.symbols import SYMBOLOGIES
from app.labels.models.printers import LabelPrinter, Offset

MOST_LABELS = 10_000
CODES = {"sku": "SKU", "barcode": "Barcode, if it has one"}


class LabelBatch(Model):
    """One printing of labels. Format and offset stay as they were: it prints again alike."""

    __tablename__ = "label_batch"
    __table_args__ = (
        CheckConstraint(f"dpi IN {DPI}", "dpi"),
        CheckConstraint(f"symbology IN {tuple(SYMBOLOGIES)}", "symbology"),
        CheckConstraint(f"code IN {tuple(CODES)}", "code"),
        CheckConstraint("start_cell >= 1", "start_cell"),
        CheckConstraint(f"requested BETWEEN 1 AND {MOST_LABELS}", "requested"),
        CheckConstraint("labels BETWEEN 0 AND requested", "labels"),
        Index("ix_label_batch_format_name", "format_name", "id"),
        Index("ix_label_batch_actor_id", "actor_id", "id"),
        Index("ix_label_batch_printer_id", "printer_id"),
        Index("ix_label_batch_repeats_id", "repeats_id"),
        Index("ix_label_batch_job_id", "job_id"),
        Index("ix_label_batch_file_id", "file_id"),
        Index("ix_label_batch_preview_id", "preview_id"),
    )

    title: Mapped[str]  # the first item, and how many more
    format_name: Mapped[str]
    layout: Mapped[dict[str, Any]] = mapped_column(JSONB)  # a `Format`
    symbology: Mapped[str]
    dpi: Mapped[int]
    offset_x: Mapped[Decimal] = mapped_column(Offset, default=Decimal(0))
    offset_y: Mapped[Decimal] = mapped_column(Offset, default=Decimal(0))
    printer_id: Mapped[int | None] = mapped_column(
        ForeignKey(LabelPrinter.id, ondelete="SET NULL")
    )
    start_cell: Mapped[int] = mapped_column(default=1)
    code: Mapped[str] = mapped_column(default="sku")  # which code of a product
    has_price: Mapped[bool] = mapped_column(default=False)
    requested: Mapped[int]  # labels, with all copies
    labels: Mapped[int] = mapped_column(default=0)  # drawn
    pages: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)  # items that cannot be printed
    is_drawn: Mapped[bool] = mapped_column(default=False)
    repeats_id: Mapped[int | None] = mapped_column(ForeignKey("label_batch.id"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey(JobRun.id, ondelete="SET NULL"))
    file_id: Mapped[int | None] = mapped_column(ForeignKey(StoredFile.id, ondelete="SET NULL"))
    preview_id: Mapped[int | None] = mapped_column(
        ForeignKey(StoredFile.id, ondelete="SET NULL")
    )
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    actor: Mapped[str]

    job: Mapped[JobRun | None] = relationship(lazy="raise")
    file: Mapped[StoredFile | None] = relationship(lazy="raise", foreign_keys=[file_id])
    printer: Mapped[LabelPrinter | None] = relationship(lazy="raise")

    @property
    def label_format(self) -> Format:
        """The format as it was when this was requested."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in self.layout.items()
        }
        return Format(**values)

    @label_format.setter
    def label_format(self, chosen: Format) -> None:
        self.format_name, self.layout = chosen.key, asdict(chosen)

    @property
    def paper(self) -> Paper:
        """What it is printed on and with."""
        offset = float(self.offset_x), float(self.offset_y)
        return Paper(format=self.label_format, dpi=self.dpi, offset=offset)

    @property
    def state(self) -> str:
        """The state of its job; of one that is long forgotten, how it ended."""
        if self.job is not None:
            return self.job.state
        return "succeeded" if self.is_drawn else "failed"

    @property
    def is_working(self) -> bool:
        """Tell whether something will still happen by itself."""
        return self.job is not None and not self.job.is_finished

    @property
    def has_file(self) -> bool:
        """Tell whether its PDF is still kept."""
        if self.file is None:
            return False
        return self.file.expires_at is None or self.file.expires_at > datetime.now(UTC)


class LabelItem(Model):
    """One thing of a batch: what was requested, how many labels, and what each says."""

    __tablename__ = "label_item"
    __table_args__ = (
        UniqueConstraint("batch_id", "position"),
        CheckConstraint("position >= 1", "position"),
        CheckConstraint(f"copies BETWEEN 1 AND {MOST_LABELS}", "copies"),
        Index(
            "ix_label_item_errors",
            "batch_id",
            "position",
            postgresql_where=text("error IS NOT NULL"),
        ),
        trigram_index("label_item", "requested"),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey(LabelBatch.id, ondelete="CASCADE"))
    position: Mapped[int]  # from 1
    kind: Mapped[str]  # what `requested` is: the field of a subject
    requested: Mapped[str]
    copies: Mapped[int] = mapped_column(default=1)
    # A `LabelContent`.
    content: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    error: Mapped[str | None]
