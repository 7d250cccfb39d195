"""What one label says, whatever it is printed on."""

from dataclasses import asdict, dataclass
from typing import Any

# Colours of totes that also a colour-blind person tells apart by their names on the band.
BANDS = {
    "red": "#c1121f",
    "blue": "#0353a4",
    "green": "#1b7f3b",
    "yellow": "#f2c200",
    "orange": "#e8710a",
    "purple": "#6a3d9a",
    "brown": "#6b4226",
    "grey": "#5c6670",
}
DARK_ON = frozenset({"yellow", "orange"})  # bands whose text is black


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelContent:
    """The texts of a label, and the code of its symbol, in the symbology of its batch."""

    code: str
    title: str = ""
    lines: tuple[str, ...] = ()
    aside: str = ""  # beside the code as people read it: a price
    band: str = ""  # a colour of BANDS, across the top
    number: str = ""  # large, on the band
    is_big: bool = False  # the code is to be read from far away
    picture: int | None = None  # a stored file, left of everything; a photo

    @property
    def values(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)

    @classmethod
    def of(cls, values: dict[str, Any]) -> "LabelContent":
        """Make it of its plain values again."""
        return cls(**{**values, "lines": tuple(values["lines"])})
