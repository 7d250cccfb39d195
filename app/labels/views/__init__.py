"""Pages of labels."""

from app.labels.views import asking, batches, formats, printers
from app.labels.views.blueprint import bp

__all__ = ["asking", "batches", "bp", "formats", "printers"]
