"""Charts: figures by category, drawn in the browser and written as a table beside it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from app.core.quantities import grouped, plain

COLOURS = 6  # tokens.css has so many; more lines in one chart nobody tells apart
ROWS = 31  # of a heat map, which needs one colour alone
KINDS = {"line": "Line chart", "bar": "Bar chart", "heat": "Heat map"}
NONE = "—"

Category = str | date


@dataclass(frozen=True, slots=True)
class Series:
    """One line or colour of a chart: a figure for each category, None where there is none."""

    name: str
    values: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn, and what the table says: the same figures.

    In a heat map each series is a row of fields, the stronger the more.

    Raises:
        ValueError: A series has not one value for each category, or there are more series
            than can be told apart.
    """

    kind: Literal["line", "bar", "heat"]
    title: str
    category_label: str  # what stands above the categories in the table: "Day"
    categories: tuple[Category, ...]
    series: tuple[Series, ...]
    unit: str = ""
    decimals: int = 0  # so many at least; 2 for money
    is_stacked: bool = False  # the series add up

    def __post_init__(self) -> None:
        if any(len(each.values) != len(self.categories) for each in self.series):
            raise ValueError("Each series needs one value for each category.")
        most = ROWS if self.kind == "heat" else COLOURS
        if len(self.series) > most:
            raise ValueError(f"At most {most} series can be told apart.")

    @property
    def is_empty(self) -> bool:
        """Tell whether there is no figure at all."""
        return all(value is None for each in self.series for value in each.values)

    @property
    def has_totals(self) -> bool:
        """Tell whether the table has a column that adds the others up."""
        return self.is_stacked and len(self.series) > 1

    @property
    def has_legend(self) -> bool:
        """Tell whether colours have to be named; rows of a heat map have their names."""
        return len(self.series) > 1 and self.kind != "heat"

    @property
    def rows(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Category and figures as people read them; of days the newest stands first."""
        rows = list(zip(self.categories, *(each.values for each in self.series), strict=True))
        is_by_day = bool(rows) and isinstance(rows[0][0], date)
        for category, *values in reversed(rows) if is_by_day else rows:
            yield str(category), tuple(map(self.text, self._with_total(values)))

    @property
    def figures(self) -> str:
        """What the browser draws, as JSON. Numbers are text, so that none is rounded."""
        return json.dumps(
            {
                "kind": self.kind,
                "isStacked": self.is_stacked,
                "unit": self.shown_unit,
                "decimals": self.decimals,
                "spoken": self.spoken,
                "categories": [str(category) for category in self.categories],
                "ticks": [_tick(category) for category in self.categories],
                "series": [
                    {"name": each.name, "values": [_number(value) for value in each.values]}
                    for each in self.series
                ],
            }
        )

    @property
    def shown_unit(self) -> str:
        """The unit; pieces are what everybody counts in, so they go without saying."""
        return "" if self.unit == "pcs" else self.unit

    @property
    def spoken(self) -> str:
        """What a screen reader says instead of the drawing; the table says the rest."""
        return f"{KINDS[self.kind]}: {self.title}. {' '.join(map(self._range, self.series))}"

    def text(self, value: Decimal | None) -> str:
        """Write a figure as it stands in the table."""
        if value is None:
            return NONE
        if value == round(value, self.decimals):
            return f"{value:,.{self.decimals}f}"
        return grouped(value)

    def _range(self, series: Series) -> str:
        known = [value for value in series.values if value is not None]
        if not known:
            return f"{series.name}: no figures."
        low, high, last = (self.text(value) for value in (min(known), max(known), known[-1]))
        return f"{series.name}: lowest {low}, highest {high}, last {last}."

    def _with_total(self, values: list[Decimal | None]) -> list[Decimal | None]:
        if not self.has_totals:
            return values
        return [*values, sum((value or Decimal(0) for value in values), Decimal(0))]


def _tick(category: Category) -> str:
    """Write a category below the axis, where there is little room."""
    return f"{category.day} {category:%b}" if isinstance(category, date) else category


def _number(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
