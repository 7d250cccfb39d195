"""Printing labels, and keeping the formats and printers that are printed with."""

from app.labels.services.calibrating import calibration_sheet
from app.labels.services.drawing import draw_batch
from app.labels.services.formats import (
    all_formats,
    create_format,
    delete_format,
    find_format,
    revise_format,
)
from app.labels.services.printers import create_printer, delete_printer, revise_printer
from app.labels.services.requesting import (
    Choices,
    LabelRequest,
    NotReady,
    redraw_batch,
    repeat_batch,
    request_batch,
)

__all__ = [
    "Choices",
    "LabelRequest",
    "NotReady",
    "all_formats",
    "calibration_sheet",
    "create_format",
    "create_printer",
    "delete_format",
    "delete_printer",
    "draw_batch",
    "find_format",
    "redraw_batch",
    "repeat_batch",
    "request_batch",
    "revise_format",
    "revise_printer",
]
