"""Labels for programs: `/api/v1/labels`."""

from app.labels.api import batches, formats, printers
from app.labels.api.blueprint import bp

__all__ = ["batches", "bp", "formats", "printers"]
