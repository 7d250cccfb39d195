"""Where the parts of a label lie: the same for all labels that have the same parts.

Bars come below the texts and above the code as people read it; a square symbol stands left of
the texts, or below them where the label is narrow.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil
from typing import NamedTuple

from app.labels.drawing.contents import LabelContent

INSET = 2.0  # mm that stay white around everything but the quiet zones
GAP = 0.8
SIDE_GAP = 2.0
MM_PER_POINT = 25.4 / 72
LEADING = 1.2  # height of a line, in sizes of its letters
BOLD = 0.62  # width of a bold letter on average, in its size
SMALLEST, LARGEST = 6.5, 16.0  # points, of the texts
MOST_BARS = 30.0  # height of bars, mm: higher ones read no better
BAND_SHARE, BAND_MOST = 0.3, 24.0
BIG_SHARE, BIG_MOST = 0.4, 25.0
TALL, VERY_TALL = 30.0, 100.0  # from these heights on a title may have two lines, and three
PICTURE_SHARE, PICTURE_RATIO = 0.3, 0.8  # of the width of a label; of its own height
TITLE_SHARE = 0.55  # of the room beside a symbol


class Box(NamedTuple):
    """A place on a label, mm from its upper left corner; `size` of letters in points."""

    left: float
    top: float
    width: float
    height: float
    size: float = 0.0

    @property
    def bottom(self) -> float:
        """Where it ends, mm."""
        return self.top + self.height

    def below(self, top: float) -> "Box":
        """What is left of it below a height."""
        return self._replace(top=top, height=self.bottom - top)


class Shape(NamedTuple):
    """Which parts a label has: what its layout depends on."""

    title_lines: int
    lines: int
    has_band: bool
    is_big: bool
    side: float  # of a square symbol with its quiet zones, as large as it may be, mm; else 0
    has_picture: bool

    @classmethod
    def of(cls, content: LabelContent, size: tuple[float, float], *, side: float) -> "Shape":
        """Tell the shape of what a label of a size (mm) says."""
        title = _title_lines(content.title, size)
        return cls(
            title,
            len(content.lines),
            bool(content.band),
            content.is_big,
            side,
            content.picture is not None,
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of all parts; a part that the label has not is None or empty."""

    symbol: Box
    text: Box  # the code as people read it
    title: Box | None
    lines: tuple[Box, ...]
    band: Box | None
    is_beside: bool  # the texts stand right of the symbol
    picture: Box | None = None


@lru_cache(maxsize=512)
def layout(size: tuple[float, float], shape: Shape) -> Layout:
    """Lay out a label of a size (width and height, mm)."""
    inner = Box(INSET, INSET, size[0] - 2 * INSET, size[1] - 2 * INSET)
    band = _band(inner) if shape.has_band else None
    if band:
        inner = inner.below(band.bottom + GAP)
    picture = _picture(inner) if shape.has_picture else None
    if picture:
        taken = picture.width + SIDE_GAP
        inner = inner._replace(left=inner.left + taken, width=inner.width - taken)
    side = min(inner.height, shape.side)
    is_wide = size[0] > size[1] and inner.width - side >= max(side, inner.width / 3)
    is_beside = side > 0 and is_wide
    arrange = _beside if is_beside else _stacked
    found = arrange(inner, shape, letters(size[1]), band)
    return replace(found, picture=picture)


def letters(height: float) -> float:
    """Size of the texts of a label of a height (mm), points."""
    return min(LARGEST, max(SMALLEST, height * 0.22))


def _title_lines(title: str, size: tuple[float, float]) -> int:
    """How many lines a title is given: as many as it needs, as far as there is room."""
    width = len(title) * BOLD * letters(size[1]) * MM_PER_POINT
    most = 3 if size[1] >= VERY_TALL else 2 if size[1] >= TALL else 1
    return min(most, ceil(width / (size[0] - 2 * INSET)))


def _band(inner: Box) -> Box:
    height = min(BAND_MOST, inner.height * BAND_SHARE)
    return inner._replace(height=height, size=height * 0.75 / MM_PER_POINT)


def _picture(inner: Box) -> Box:
    """Give a photo its place, upright, at the left."""
    width = min(inner.width * PICTURE_SHARE, inner.height * PICTURE_RATIO)
    return inner._replace(width=width, height=width / PICTURE_RATIO)


def _stacked(inner: Box, shape: Shape, points: float, band: Box | None) -> Layout:
    title, lines, rest = _texts(inner, shape, points, shape.title_lines)
    height = points * LEADING * MM_PER_POINT
    if shape.is_big:
        height = min(BIG_MOST, rest.height * BIG_SHARE)
    size = height / LEADING / MM_PER_POINT
    text = rest._replace(top=rest.bottom - height, height=height, size=size)
    above = rest._replace(height=rest.height - height - GAP / 2)
    if not shape.side:
        above = above.below(max(above.top, above.bottom - MOST_BARS))
    return Layout(above, text, title, lines, band, is_beside=False)


def _beside(inner: Box, shape: Shape, points: float, band: Box | None) -> Layout:
    symbol = inner._replace(width=min(inner.height, shape.side))
    left = symbol.left + symbol.width + SIDE_GAP
    room = inner._replace(left=left, width=inner.left + inner.width - left)
    fitting = int(room.height * TITLE_SHARE / (points * LEADING * MM_PER_POINT))
    most_lines = 1 if shape.is_big else max(1, fitting)
    title_lines = most_lines if shape.title_lines else 0
    title, lines, rest = _texts(room, shape, points, title_lines)
    most = BIG_MOST / MM_PER_POINT if shape.is_big else points
    return Layout(symbol, rest._replace(size=most), title, lines, band, is_beside=True)


def _texts(
    room: Box, shape: Shape, points: float, title_lines: int
) -> tuple[Box | None, tuple[Box, ...], Box]:
    """Title and lines from the top of a room down, and what they leave of it."""
    top, height = room.top, points * LEADING * MM_PER_POINT
    title = None
    if title_lines:
        title = room._replace(height=height * title_lines, size=points)
        top = title.bottom
    lines = tuple(
        room._replace(top=top + number * height, height=height, size=points)
        for number in range(shape.lines)
    )
    top = lines[-1].bottom if lines else top
    return title, lines, room.below(top + (GAP if top > room.top else 0))
