"""A page to calibrate a printer with: the borders of its labels, and crosses with rulers.

Printed on plain paper and held against a sheet of labels, the rulers of the first and the last
label tell how many millimetres are missing.
"""

from collections.abc import Iterator

from app.core.pdf import render_pdf
from app.labels.drawing.bars import with_bars
from app.labels.drawing.dots import least_dots, to_dots
from app.labels.drawing.placing import Bar
from app.labels.drawing.sheets import Paper
from app.labels.drawing.stylesheet import style

THIN = 0.1  # mm
REACH = 5  # mm of a ruler to either side
TICK, LONG_TICK = 1.0, 2.0
LONG = 5  # every fifth mark is long


def draw_calibration(paper: Paper) -> bytes:
    """Draw the page, with the offset of the paper."""
    bars = list(_bars(paper))
    return render_pdf(
        "labels/paper/calibration.html",
        look="css/labels-paper.css",
        css=style(paper, {}, ()),
        finisher=with_bars([bars], height=paper.format.page[1], dpi=paper.dpi),
        paper=paper,
    )


def _bars(paper: Paper) -> Iterator[Bar]:
    (right, down), (width, height) = paper.offset, paper.format.size
    corners = [(left + right, top + down) for left, top in paper.format.corners]
    for left, top in corners:
        for x in (left, left + width - THIN):  # both lines inside, as on a roll all must be
            yield _bar(paper, x, top, 0, height)
        for y in (top, top + height - THIN):
            yield _bar(paper, left, y, width, 0)
    for left, top in dict.fromkeys((corners[0], corners[-1])):
        yield from _cross(paper, left + width / 2, top + height / 2)


def _cross(paper: Paper, x: float, y: float) -> Iterator[Bar]:
    """Two rulers through a point, with a mark each millimetre."""
    yield _bar(paper, x - REACH, y, 2 * REACH, 0)
    yield _bar(paper, x, y - REACH, 0, 2 * REACH)
    for mark in range(-REACH, REACH + 1):
        half = LONG_TICK if mark % LONG == 0 else TICK
        yield _bar(paper, x + mark, y - half, 0, 2 * half)
        yield _bar(paper, x - half, y + mark, 2 * half, 0)


def _bar(paper: Paper, left: float, top: float, width: float, height: float) -> Bar:
    thin = least_dots(THIN, paper.dpi)
    return Bar(
        to_dots(left, paper.dpi),
        to_dots(top, paper.dpi),
        max(thin, to_dots(width, paper.dpi)),
        max(thin, to_dots(height, paper.dpi)),
    )
