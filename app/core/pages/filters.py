"""What narrows a list: how each filter is read, what its chip says, how it is asked for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from app.core.quantities import MONEY_DECIMALS, parse_decimal, plain

Options = Iterable[tuple[Any, str]]
LAST_DAY = date(9998, 12, 31)  # the day after it must still be a date


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One parameter of a list's address.

    `parse` makes of its text what the query takes, or raises a ValueError: then it filters
    nothing, and the page says so. `shows` writes that value for people; `chip` is what stands
    around it, empty for a filter that has no chip because its field shows it.
    """

    name: str
    label: str
    chip: str = "{}"
    parse: Callable[[str], Any] | None = None
    shows: Callable[[Any], str] | None = None
    empty: Any = ""  # the value of a filter that is not set
    is_open: Callable[[], bool] = lambda: True  # to the person asking

    control: ClassVar[str] = "text"

    @property
    def all_of_it(self) -> str:
        """Name the choice of none: beside others, "All" alone does not say of what."""
        return f"{self.label}: all"

    def read(self, text: str) -> Any:
        """Give what the query takes.

        Raises:
            ValueError: The text means nothing.
        """
        return self.parse(text) if self.parse else text

    def says(self, text: str, value: Any) -> str:
        """Write the chip; empty if there is none."""
        if not self.chip:
            return ""
        said = self.shows(value) if self.shows else text
        return self.chip.format(said) if said else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search(Filter):
    """What somebody types to find rows; `label` says what is looked through."""

    name: str = "search"
    chip: str = ""

    control: ClassVar[str] = "search"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Filter):
    """A short text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Filter):
    """One of several; `everything` names the choice of none, else its label does.

    Options that are a function are fetched only for a whole page, so their words are not
    checked: one that is none finds nothing.
    """

    options: Mapping[str, str] | Callable[[], Options]
    everything: str = ""
    usual: str = ""  # the word of an address for the choice of none
    words: Mapping[str, str] | None = None  # what chips say where that differs

    control: ClassVar[str] = "select"

    def read(self, text: str) -> Any:
        """Give what the query takes; a word that is no option means nothing."""
        if self.usual and text == self.usual:
            return ""
        if not callable(self.options) and text not in self.options:
            raise ValueError(text)
        return self.parse(text) if self.parse else text

    def says(self, text: str, value: Any) -> str:
        """Write the label of what was chosen."""
        known = {} if callable(self.options) else self.options
        label = self.shows(value) if self.shows else {**known, **(self.words or {})}.get(text)
        return self.chip.format(text if label is None else label) if label != "" else ""

    def offers(self) -> list[tuple[Any, str]]:
        """Give what may be chosen, first the choice of none."""
        options = self.options() if callable(self.options) else self.options.items()
        return [("", self.everything or self.all_of_it), *options]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments(Choice):
    """One of a few, all of them in sight."""

    control: ClassVar[str] = "segments"


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(Filter):
    """A calendar day; two of them make a span."""

    chip: str = ""
    empty: Any = None

    control: ClassVar[str] = "date"

    def read(self, text: str) -> date:
        """Give the day."""
        day = date.fromisoformat(text)
        if day > LAST_DAY:
            raise ValueError(text)
        return day


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Filter):
    """A number, as a limit."""

    empty: Any = None
    shows: Callable[[Any], str] | None = plain

    control: ClassVar[str] = "number"

    def read(self, text: str) -> Decimal:
        """Give the number."""
        return parse_decimal(text, decimals=MONEY_DECIMALS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference(Filter):
    """A record by its id: `shows` gives its name. Without options it comes by a link only."""

    empty: Any = None
    options: Callable[[], Options] | None = None
    everything: str = ""

    @property
    def control(self) -> str:  # type: ignore[override]
        """A select, if there is something to offer."""
        return "select" if self.options else "hidden"

    def read(self, text: str) -> int:
        """Give the id."""
        if not (text.isascii() and text.isdecimal()):
            raise ValueError(text)
        return int(text)

    def offers(self) -> list[tuple[Any, str]]:
        """Give what may be chosen, first the choice of none."""
        options = self.options() if self.options else ()
        return [("", self.everything or self.all_of_it), *options]
