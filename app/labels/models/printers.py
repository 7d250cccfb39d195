"""Printers of labels, and by how much each misses the labels."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.audit import Audited
from app.core.db import Model
from app.core.versions import Versioned
from app.labels.drawing.dots import DPI

MOST_OFFSET = 10  # mm
Offset = Numeric(5, 2)


class LabelPrinter(Audited, Versioned, Model):
    """A printer: its resolution, and how far (mm) right and down it has to be told to print."""

    __tablename__ = "label_printer"
    __table_args__ = (
        Index("uq_label_printer_name", text("lower(name)"), unique=True),
        CheckConstraint("name <> ''", "name"),
        CheckConstraint(f"dpi IN {DPI}", "dpi"),
        CheckConstraint(
            f"abs(offset_x) <= {MOST_OFFSET} AND abs(offset_y) <= {MOST_OFFSET}", "offset"
        ),
    )

    name: Mapped[str]
    dpi: Mapped[int]
    offset_x: Mapped[Decimal] = mapped_column(Offset, default=Decimal(0), server_default="0")
    offset_y: Mapped[Decimal] = mapped_column(Offset, default=Decimal(0), server_default="0")
    format: Mapped[str] = mapped_column(default="", server_default="")  # offered first

    def __str__(self) -> str:
        return self.name

    @property
    def offset(self) -> tuple[float, float]:
        """How far right and down, mm."""
        return float(self.offset_x), float(self.offset_y)
