"""Placing one label: its bars in whole dots, its code in letters that fit."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from app.labels.drawing.contents import LabelContent
from app.labels.drawing.dots import dot, least_dots, most_dots, to_dots
from app.labels.drawing.errors import Unprintable
from app.labels.drawing.layout import LEADING, MM_PER_POINT, Box, Layout, Shape, layout
from app.labels.drawing.symbols import SYMBOLOGIES, Symbol, encoded

LEAST_BARS = 5.0  # mm: lower bars are hard to hit
LARGEST_MODULE = 0.8  # mm, of a square symbol; a big one may be of twice that
ADVANCE = 0.61  # width of a letter of a monospaced font, in its size
SMALLEST_TEXT = 5.0  # points
STEP = 0.5
BROKEN_BELOW = 9.0  # points: a big code stays on one line as long as it may be that large


class Bar(NamedTuple):
    """A dark rectangle: left, top, width and height in dots."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Label:
    """One label, ready to be put on a page; bars are relative to its corner."""

    content: LabelContent
    layout: Layout
    text: str
    points: float  # size of the text
    bars: tuple[Bar, ...]


def place(
    content: LabelContent, *, size: tuple[float, float], symbology: str, dpi: int
) -> Label:
    """Place what a label says on a label of a size (mm).

    Raises:
        Unprintable: The code cannot be encoded, or does not fit; nothing is ever scaled.
            Where only a picture is in its way, the label has none.
    """
    try:
        return _placed(content, size, symbology, dpi)
    except Unprintable:
        if content.picture is None:
            raise
    return _placed(replace(content, picture=None), size, symbology, dpi)


def _placed(
    content: LabelContent, size: tuple[float, float], symbology: str, dpi: int
) -> Label:
    symbol, narrowest = (
        encoded(symbology, content.code),
        SYMBOLOGIES[symbology].module_dots(dpi),
    )
    times = 2 if content.is_big else 1
    largest = times * most_dots(LARGEST_MODULE, dpi)
    side = 0.0 if symbol.is_linear else symbol.full_width * largest * dot(dpi)
    places = layout(size, Shape.of(content, size, side=side))
    if symbol.is_linear:
        module = _widest(symbol, places.symbol, size[0], narrowest, dpi, times=times)
        bars = _linear(symbol, places.symbol, size[0], module, dpi)
    else:
        bars = _square(symbol, places.symbol, narrowest, largest, dpi)
    points = _fitting(symbol.text, content, places)
    return Label(content, places, symbol.text, points, bars)


def _widest(
    symbol: Symbol, room: Box, label_width: float, module: int, dpi: int, *, times: int
) -> int:
    """Widen the bars of a big label by whole dots: they are read from further away."""
    for wider in range(module * times, module, -1):
        span = _span(symbol, room, label_width, wider, dpi)
        if span.first <= span.last:
            return wider
    return module


class _Span(NamedTuple):
    """Where bars may begin, in dots; nowhere if the first place is after the last."""

    first: int
    last: int
    needed: int  # how wide a label would have to be


def _span(symbol: Symbol, room: Box, label_width: float, module: int, dpi: int) -> _Span:
    before, after = (quiet * module for quiet in symbol.quiet)
    first = max(least_dots(room.left, dpi), before)
    margin = max(least_dots(label_width - room.left - room.width, dpi), after)
    width = symbol.width * module
    last = most_dots(label_width, dpi) - margin - width
    return _Span(first, last, first + width + margin)


def _linear(
    symbol: Symbol, room: Box, label_width: float, module: int, dpi: int
) -> tuple[Bar, ...]:
    """Centre the bars within the inset; the quiet zones may use what is white anyway."""
    span = _span(symbol, room, label_width, module, dpi)
    if span.first > span.last:
        raise Unprintable(
            f"“{symbol.text}” needs a label {span.needed * dot(dpi):.1f} mm wide; "
            f"this one has {label_width:g} mm. A Data Matrix needs less."
        )
    top = least_dots(room.top, dpi)
    height = most_dots(room.bottom, dpi) - top
    if height < least_dots(LEAST_BARS, dpi):
        raise Unprintable("The label is too low for bars below so many lines.")
    both_sides = round(2 * room.left + room.width, 6)  # mm; without a picture, the label
    middle = (most_dots(both_sides, dpi) - symbol.width * module) // 2
    left = min(max(middle, span.first), span.last)
    return tuple(Bar(left + x * module, top, n * module, height) for _y, x, n in symbol.runs)


def _square(
    symbol: Symbol, room: Box, narrowest: int, largest: int, dpi: int
) -> tuple[Bar, ...]:
    """Make the modules as large as the room allows, in whole dots."""
    side = most_dots(min(room.width, room.height), dpi)
    module = min(side // symbol.full_width, largest)
    if module < narrowest:
        needed, there = symbol.full_width * narrowest * dot(dpi), side * dot(dpi)
        raise Unprintable(
            f"“{symbol.text}” needs {needed:.1f} mm for its symbol; here are {there:.1f} mm."
        )
    size = symbol.width * module
    left = to_dots(room.left, dpi) + (most_dots(room.width, dpi) - size) // 2
    top = to_dots(room.top, dpi) + (most_dots(room.height, dpi) - size) // 2
    return tuple(
        Bar(left + x * module, top + y * module, n * module, module) for y, x, n in symbol.runs
    )


def _fitting(text: str, content: LabelContent, places: Layout) -> float:
    """The largest size in which the whole code can be read, points.

    Raises:
        Unprintable: There is none.
    """
    points = places.text.size - places.text.size % STEP
    while points >= SMALLEST_TEXT:
        if len(text) <= _letters(points, content, places):
            return points
        points -= STEP
    raise Unprintable(f"“{text}” cannot be written on this label in letters one can read.")


def _letters(points: float, content: LabelContent, places: Layout) -> int:
    """How many letters of a size there is room for."""
    box = places.text
    in_line = int(box.width / (points * ADVANCE * MM_PER_POINT))
    if not places.is_beside:
        return in_line - (len(content.aside) + 1 if content.aside else 0)
    lines = int(box.height / (points * LEADING * MM_PER_POINT)) - bool(content.aside)
    is_one_line = content.is_big and points > BROKEN_BELOW
    return in_line * (min(lines, 1) if is_one_line else lines)
