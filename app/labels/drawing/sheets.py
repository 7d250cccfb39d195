"""Which label goes into which cell of which page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.labels.drawing.dots import to_dots
from app.labels.drawing.formats import Format
from app.labels.drawing.placing import Bar, Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is printed on and with what; `offset` moves everything right and down, mm."""

    format: Format
    dpi: int
    offset: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: labels by their cell (from 0), and all their bars in dots of the page."""

    labels: tuple[tuple[int, Label], ...]
    bars: tuple[Bar, ...]


def page_count(labels: int, *, format_: Format, start_cell: int) -> int:
    """How many pages so many labels take, the first of them begun at a cell (from 1)."""
    return -(-(labels + start_cell - 1) // format_.cells) if labels else 0


def pages(labels: Sequence[Label], paper: Paper, *, start_cell: int = 1) -> Iterator[Page]:
    """Fill pages with labels, the first one from a cell on (from 1)."""
    cells, taken, done = paper.format.cells, start_cell - 1, 0
    while done < len(labels):
        here = labels[done : done + cells - taken]
        yield _page(list(enumerate(here, start=taken)), paper)
        done, taken = done + len(here), 0


def _page(placed: list[tuple[int, Label]], paper: Paper) -> Page:
    bars: list[Bar] = []
    corners = paper.format.corners
    for cell, label in placed:
        left = to_dots(corners[cell][0] + paper.offset[0], paper.dpi)
        top = to_dots(corners[cell][1] + paper.offset[1], paper.dpi)
        bars += (Bar(left + x, top + y, width, height) for x, y, width, height in label.bars)
    return Page(tuple(placed), tuple(bars))
