"""A sketch of one label for the screen, as plain numbers for an SVG in millimetres.

It shows what fits and where it lies; how letters really fall only the PDF knows.
"""

from dataclasses import dataclass
from typing import NamedTuple

from app.labels.drawing.dots import dot
from app.labels.drawing.layout import BOLD, MM_PER_POINT, Box
from app.labels.drawing.placing import Label

BASELINE = 0.95  # of the size of letters, below the top of their line


class Writing(NamedTuple):
    """A line of text: where its baseline begins or has its middle, and how high letters are."""

    text: str
    x: float
    y: float
    size: float
    kind: str  # title, line, hri (what a barcode holds, for people) or band
    anchor: str  # start or middle


@dataclass(frozen=True, slots=True)
class Sketch:
    """What an SVG draws: the path of the bars is in dots."""

    width: float
    height: float
    dot: float
    path: str
    writings: tuple[Writing, ...]
    band: Box | None
    colour: str
    picture: Box | None


def sketch(label: Label, size: tuple[float, float], dpi: int) -> Sketch:
    """Sketch a label of a size (mm)."""
    path = "".join(f"M{x} {y}h{w}v{h}h-{w}z" for x, y, w, h in label.bars)
    layout = label.layout
    return Sketch(
        *size,
        dot(dpi),
        path,
        tuple(_writings(label)),
        layout.band,
        label.content.band,
        layout.picture,
    )


def _writings(label: Label) -> list[Writing]:
    layout, content = label.layout, label.content
    found = []
    if layout.band:
        found.append(_line(content.number, layout.band, "band", "middle"))
    if layout.title:
        found.append(_line(_cut(content.title, layout.title), layout.title, "title", "start"))
    for text, box in zip(content.lines, layout.lines, strict=True):
        found.append(_line(_cut(text, box), box, "line", "start"))
    code = layout.text._replace(size=label.points)
    text = f"{label.text} {content.aside}".strip()
    anchor = "start" if layout.is_beside else "middle"
    return [*found, _line(text, code, "hri", anchor)]


def _line(text: str, box: Box, kind: str, anchor: str) -> Writing:
    size = box.size * MM_PER_POINT
    x = box.left if anchor == "start" else box.left + box.width / 2
    return Writing(text, x, box.top + size * BASELINE, size, kind, anchor)


def _cut(text: str, box: Box) -> str:
    """Cut a text to about one line."""
    letters = int(box.width / (box.size * BOLD * MM_PER_POINT))
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"
