"""The sheet that shows by how much a printer misses the labels."""

from app.labels.drawing.calibration import draw_calibration
from app.labels.drawing.formats import Format
from app.labels.drawing.sheets import Paper
from app.labels.models import LabelPrinter


def calibration_sheet(printer: LabelPrinter, format_: Format) -> bytes:
    """Draw the borders of all labels of a format, and rulers to measure the offset with.

    Raises:
        PdfUnavailable: This machine lacks Pango.
    """
    return draw_calibration(Paper(format=format_, dpi=printer.dpi, offset=printer.offset))
