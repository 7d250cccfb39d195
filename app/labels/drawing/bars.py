"""Bars on pages of a PDF: one path a page, put before what WeasyPrint has drawn.

WeasyPrint draws SVG as well, but reads each path letter by letter: this is twice as fast, and
faster than bitmaps (`bench/labels.py`).
"""

from collections.abc import Sequence
from typing import Any

from app.core.pdf import Finisher
from app.labels.drawing.dots import MM_PER_INCH, POINTS_PER_INCH, dot
from app.labels.drawing.placing import Bar


def with_bars(pages: Sequence[Sequence[Bar]], *, height: float, dpi: int) -> Finisher:
    """Make what WeasyPrint calls with its document and the PDF, before that is written.

    `height` of the pages is in mm.
    """
    import pydyf  # noqa: PLC0415  (comes with WeasyPrint, and as late)

    def finish(_document: Any, pdf: Any) -> None:
        for number, bars in zip(pdf.pages["Kids"][::3], pages, strict=True):
            page = pdf.objects[number]
            stream = pydyf.Stream([_path(bars, height=height, dpi=dpi)], compress=True)
            pdf.add_object(stream)
            page["Contents"] = pydyf.Array([stream.reference, page["Contents"]])

    return finish


def _path(bars: Sequence[Bar], *, height: float, dpi: int) -> bytes:
    """Write one path in units of dots from the upper left corner (ISO 32000-2, 8.5)."""
    scale = POINTS_PER_INCH / MM_PER_INCH
    unit = dot(dpi) * scale
    rectangles = " ".join("{} {} {} {} re".format(*bar) for bar in bars)
    return f"q {unit:.9f} 0 0 -{unit:.9f} 0 {height * scale:.6f} cm {rectangles} f Q".encode()
