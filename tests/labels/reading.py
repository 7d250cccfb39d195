"""Reading what we print: rasterised by PDFium, read by ZXing, neither of which drew it."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2
import pytest
import zxingcpp

from app.labels.drawing.contents import LabelContent
from app.labels.drawing.dots import DOTS_PER_INCH, dot
from app.labels.drawing.formats import Format
from app.labels.drawing.placing import place
from app.labels.drawing.printing import print_labels
from app.labels.drawing.sheets import Paper

SYMBOLOGIES = {
    "Code128": "code128",
    "EAN13": "ean13",
    "QRCode": "qr",
    "DataMatrix": "datamatrix",
}


# A scanner is told what to expect as well: pieces of a long Code 128 pass for ITF, which has no
# check digit.
OURS = zxingcpp.barcode_formats_from_str(",".join(SYMBOLOGIES))


class Read(NamedTuple):
    """One symbol on one page: where it is, mm."""

    page: int
    symbology: str
    text: str
    left: float
    top: float
    right: float
    bottom: float


def printed(
    faces: list[LabelContent],
    format_: Format,
    *,
    symbology: str = "code128",
    dpi: int = 203,
    start_cell: int = 1,
    offset: tuple[float, float] = (0.0, 0.0),
) -> bytes:
    """Print what labels say."""
    require_pango()
    labels = [place(f, size=format_.size, symbology=symbology, dpi=dpi) for f in faces]
    paper = Paper(format=format_, dpi=dpi, offset=offset)
    return print_labels(labels, paper, start_cell=start_cell)


def require_pango() -> None:
    """Leave a test out that prints where nothing can be printed."""
    try:
        import weasyprint  # noqa: F401, PLC0415  (asks for Pango)
    except OSError:
        pytest.skip("Pango is missing")


def rasters(pdf: bytes, dpi: int) -> Iterator[Any]:
    """Pages as a printer sees them: a picture of a dot each."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            picture = page.render(scale=DOTS_PER_INCH[dpi] / 72, grayscale=True)
            yield picture.to_pil().copy()
    finally:
        document.close()


def read(pdf: bytes, dpi: int) -> list[Read]:
    """Every symbol on every page."""
    return [
        _read(number, one, dpi)
        for number, picture in enumerate(rasters(pdf, dpi), start=1)
        for one in zxingcpp.read_barcodes(picture, formats=OURS)
    ]


def _read(page: int, one: Any, dpi: int) -> Read:
    corners = one.position
    xs = [getattr(corners, name).x for name in CORNERS]
    ys = [getattr(corners, name).y for name in CORNERS]
    ends = (min(xs), min(ys), max(xs), max(ys))
    kind = SYMBOLOGIES[one.format.name]
    return Read(page, kind, one.text, *(end * dot(dpi) for end in ends))


CORNERS = ("top_left", "top_right", "bottom_right", "bottom_left")


def texts(pdf: bytes, dpi: int) -> Counter[str]:
    """How often each text was read."""
    return Counter(one.text for one in read(pdf, dpi))


def words(pdf: bytes) -> str:
    """The texts of all pages."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()
