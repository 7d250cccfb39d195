"""Formats and printers that people keep, and what was printed."""

from app.labels.models.batches import LabelBatch, LabelItem
from app.labels.models.formats import LabelFormat
from app.labels.models.printers import LabelPrinter

__all__ = ["LabelBatch", "LabelFormat", "LabelItem", "LabelPrinter"]
