"""Sheets and rolls of labels, mm. Those that are sold everywhere are known from the start.

The measures of the Avery sheets are those of the maker's templates L7160, L7163 and 5160.
"""

from collections.abc import Iterator
from dataclasses import dataclass

A4 = (210.0, 297.0)
LETTER = (215.9, 279.4)
KINDS = {"sheet": "Sheet", "roll": "Roll"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """Where the labels are on a page. A label of a roll is a page of its own."""

    key: str
    label: str
    kind: str
    page: tuple[float, float]  # width and height
    size: tuple[float, float]  # of one label
    grid: tuple[int, int] = (1, 1)  # columns and rows
    corner: tuple[float, float] = (0.0, 0.0)  # left and top of the first label
    pitch: tuple[float, float] = (0.0, 0.0)  # from one label to the next
    dpi: int = 300
    symbology: str = "code128"

    @property
    def is_sheet(self) -> bool:
        """Tell whether a page may be begun somewhere in the middle."""
        return self.kind == "sheet"

    @property
    def cells(self) -> int:
        """Labels on a page."""
        return self.grid[0] * self.grid[1]

    @property
    def corners(self) -> list[tuple[float, float]]:
        """Left and top of every label of a page, row by row."""
        return list(self._corners())

    @property
    def measures(self) -> str:
        """The size of a label as people say it."""
        return f"{self.size[0]:g} × {self.size[1]:g} mm"

    def _corners(self) -> Iterator[tuple[float, float]]:
        for row in range(self.grid[1]):
            for column in range(self.grid[0]):
                left = self.corner[0] + column * self.pitch[0]
                yield left, self.corner[1] + row * self.pitch[1]


def _sheet(key: str, label: str, page: tuple[float, float], **measures: object) -> Format:
    return Format(key=key, label=label, kind="sheet", page=page, **measures)  # type: ignore[arg-type]


def roll(key: str, label: str, width: float, height: float, *, dpi: int = 203) -> Format:
    """A roll, whose labels come one by one."""
    size = (width, height)
    return Format(key=key, label=label, kind="roll", page=size, size=size, dpi=dpi)


BUILT_IN = {
    one.key: one
    for one in (
        _sheet(
            "L7160", "Avery L7160 (A4, 21 labels)", A4,
            grid=(3, 7), size=(63.5, 38.1), corner=(7.21, 15.15), pitch=(66.04, 38.1),
        ),
        _sheet(
            "L7163", "Avery L7163 (A4, 14 labels)", A4,
            grid=(2, 7), size=(99.06, 38.1), corner=(4.67, 15.15), pitch=(101.6, 38.1),
        ),
        _sheet(
            "5160", "Avery 5160 (Letter, 30 labels)", LETTER,
            grid=(3, 10), size=(66.68, 25.4), corner=(4.76, 12.7), pitch=(69.85, 25.4),
        ),
        roll("102x152", "Roll 102 × 152 (shipping)", 102, 152),
        roll("57x32", "Roll 57 × 32", 57, 32),
        roll("50x25", "Roll 50 × 25", 50, 25),
        roll("30252", "Dymo 30252 (89 × 28)", 89, 28, dpi=300),
    )
}  # fmt: skip
