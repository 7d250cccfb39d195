"""Sheets and rolls that only this company has."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, Numeric, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.audit import Audited
from app.core.db import Model
from app.core.versions import Versioned
from app.labels.drawing.dots import DPI
from app.labels.drawing.formats import KINDS, Format
from app.labels.drawing.symbols import SYMBOLOGIES

Millimetres = Numeric(7, 2)


class LabelFormat(Audited, Versioned, Model):
    """A format of labels, mm; see `drawing.formats.Format`. A roll is a grid of one."""

    __tablename__ = "label_format"
    __table_args__ = (
        Index("uq_label_format_name", text("lower(name)"), unique=True),
        CheckConstraint("name <> ''", "name"),
        CheckConstraint(f"kind IN {tuple(KINDS)}", "kind"),
        CheckConstraint(f"dpi IN {DPI}", "dpi"),
        CheckConstraint(f"symbology IN {tuple(SYMBOLOGIES)}", "symbology"),
        CheckConstraint("columns BETWEEN 1 AND 50 AND rows BETWEEN 1 AND 100", "grid"),
        CheckConstraint("label_width >= 10 AND label_height >= 8", "size"),
        CheckConstraint("margin_left >= 0 AND margin_top >= 0", "margins"),
        CheckConstraint(
            "(columns = 1 OR pitch_x >= label_width) AND (rows = 1 OR pitch_y >= label_height)",
            "pitch",
        ),
        CheckConstraint(
            "margin_left + (columns - 1) * pitch_x + label_width <= page_width "
            "AND margin_top + (rows - 1) * pitch_y + label_height <= page_height",
            "inside",
        ),
        CheckConstraint("page_width <= 1000 AND page_height <= 1000", "page"),
    )

    name: Mapped[str]
    kind: Mapped[str]
    page_width: Mapped[Decimal] = mapped_column(Millimetres)
    page_height: Mapped[Decimal] = mapped_column(Millimetres)
    columns: Mapped[int] = mapped_column(default=1)
    rows: Mapped[int] = mapped_column(default=1)
    label_width: Mapped[Decimal] = mapped_column(Millimetres)
    label_height: Mapped[Decimal] = mapped_column(Millimetres)
    margin_left: Mapped[Decimal] = mapped_column(Millimetres, default=Decimal(0))
    margin_top: Mapped[Decimal] = mapped_column(Millimetres, default=Decimal(0))
    pitch_x: Mapped[Decimal] = mapped_column(Millimetres, default=Decimal(0))
    pitch_y: Mapped[Decimal] = mapped_column(Millimetres, default=Decimal(0))
    dpi: Mapped[int]
    symbology: Mapped[str]

    def __str__(self) -> str:
        return self.name

    @property
    def format(self) -> Format:
        """What is drawn with."""
        return Format(
            key=self.name,
            label=self.name,
            kind=self.kind,
            page=(float(self.page_width), float(self.page_height)),
            size=(float(self.label_width), float(self.label_height)),
            grid=(self.columns, self.rows),
            corner=(float(self.margin_left), float(self.margin_top)),
            pitch=(float(self.pitch_x), float(self.pitch_y)),
            dpi=self.dpi,
            symbology=self.symbology,
        )
