"""The style sheet of a batch: its pages, its cells, and the parts of its labels, mm."""

from collections.abc import Iterable, Mapping

from app.labels.drawing.contents import BANDS, DARK_ON
from app.labels.drawing.layout import LEADING, MM_PER_POINT, Box, Layout
from app.labels.drawing.sheets import Paper


def style(paper: Paper, layouts: Mapping[Layout, int], sizes: Iterable[float]) -> str:
    """Write the rules for a batch, whose layouts are numbered."""
    return "\n".join(
        [
            *_page(paper),
            *_cells(paper),
            *(rule for layout, number in layouts.items() for rule in _layout(layout, number)),
            *(f".s{size * 10:.0f} {{ font-size: {size:g}pt }}" for size in sizes),
            *_bands(),
        ]
    )


def _page(paper: Paper) -> list[str]:
    width, height = paper.format.page
    return [
        f"@page {{ size: {width:g}mm {height:g}mm; margin: 0 }}",
        f"section {{ width: {width:g}mm; height: {height:g}mm }}",
    ]


def _cells(paper: Paper) -> list[str]:
    right, down = paper.offset
    width, height = paper.format.size
    rules = [f".cell {{ width: {width:g}mm; height: {height:g}mm }}"]
    for cell, (left, top) in enumerate(paper.format.corners):
        rules.append(f".k{cell} {{ left: {left + right:.3f}mm; top: {top + down:.3f}mm }}")
    return rules


def _layout(layout: Layout, number: int) -> list[str]:
    of = f".a{number}"
    rules = [f"{of} .text {{ {_place(layout.text._replace(size=0))} }}"]
    if layout.title:
        lines = round(layout.title.height / (layout.title.size * LEADING * MM_PER_POINT))
        rules.append(f"{of} .title {{ {_place(layout.title)}; max-lines: {lines} }}")
    if layout.band:
        rules.append(f"{of} .band {{ {_place(layout.band)} }}")
    if layout.picture:
        rules.append(f"{of} img {{ {_place(layout.picture)} }}")
    for line, box in enumerate(layout.lines):
        rules.append(f"{of} .l{line} {{ {_place(box)} }}")
    if layout.is_beside:
        rules.append(f"{of} .text {{ text-align: left; white-space: normal }}")
        rules.append(f"{of} .text b {{ display: block }}")
    return rules


def _place(box: Box) -> str:
    place = f"left: {box.left:.2f}mm; top: {box.top:.2f}mm; "
    place += f"width: {box.width:.2f}mm; height: {box.height:.2f}mm"
    return f"{place}; font-size: {box.size:.2f}pt" if box.size else place


def _bands() -> list[str]:
    return [
        f".{name} {{ background: {colour}; color: {'#000' if name in DARK_ON else '#fff'} }}"
        for name, colour in BANDS.items()
    ]
