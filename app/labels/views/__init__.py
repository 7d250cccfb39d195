"""Pages of labels."""

from app.labels.views import batches, formats, printers, requesting
from app.labels.views.blueprint import bp

__all__ = ["batches", "bp", "formats", "printers", "requesting"]
