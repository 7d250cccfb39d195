"""From the cells of a file to values that fit, and to reasons why they do not.

Good rows and errors go to temporary files on disk, ready for COPY: memory stays flat, and
the long part of an import is over before its transaction begins.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple

from app.imports.batches import read_columns
from app.imports.definition import Field, Importer
from app.imports.mapping import Mapped
from app.imports.numbers import currencies_of
from app.imports.reading import Table
from app.imports.reading.table import Row
from app.imports.totals import Sums, is_total
from app.imports.values import CURRENCY, Reading, Wanted, place_of, read_cell, reading_of

BATCH = 2000  # rows between two reports of progress
SHOWN = 200  # characters of a wrong value

Progress = Callable[[int, int], None]


class RowError(NamedTuple):
    """Why a row cannot be imported; `group` is what it belongs to, as far as that is known."""

    row: int
    field: str
    value: str
    error: str
    group: str = ""


class ParsedFile(NamedTuple):
    """What was read: good rows and errors as CSV for COPY, and how many rows there were."""

    fields: Sequence[Field]
    good: IO[str]
    wrong: IO[str]
    rows: int
    notes: Sequence[str] = ()  # what was found out of the file, and of its totals


@contextmanager
def parsed(
    importer: Importer,
    table: Table,
    mapping: Mapped,
    report: Progress,
    *,
    options: Sequence[str] = (),
    fixed: Mapped | None = None,
) -> Iterator[ParsedFile]:
    """Parse a whole table; `report` hears the rows done and all there are."""
    how = reading_of(importer, table, mapping, options, fixed)
    with _scratch() as good, _scratch() as wrong:
        written, count = _Written(how, good, wrong), 0
        rows = table.rows()
        while batch := [*islice(rows, BATCH)]:
            written.add(batch)
            count += len(batch)
            if len(batch) == BATCH:
                report(count, max(table.height, count))
        good.seek(0)
        wrong.seek(0)
        fields = [column.field for column in how.wanted]
        notes = [*how.findings.doubts, *written.notes]
        yield ParsedFile(fields, good, wrong, count - written.left_out, notes)


class _Written:
    """Rows on their way into the files of good ones and of errors; totals are left out."""

    def __init__(self, how: Reading, good: IO[str], wrong: IO[str]) -> None:
        self.how = how
        self.notes: list[str] = []
        self.left_out = 0
        self._good, self._errors = csv.writer(good), csv.writer(wrong)
        self._sums = Sums()
        self._summed = [
            (p, one.field) for p, one in enumerate(how.wanted) if one.field.is_summed
        ]
        self._added = [(place, field.name) for place, field in self._summed if how.keys]

    def add(self, batch: Sequence[Row]) -> None:
        """Write rows: all at once where they are simple, else one after the other."""
        columns = read_columns(batch, self.how)
        if columns is None:
            for number, cells in batch:
                self._add(number, cells)
            return
        self._good.writerows(zip([row[0] for row in batch], *columns, strict=True))
        for place, name in self._added:
            known = (value for value in columns[place] if value is not None)
            self._sums.part[name] += sum(known)

    def _add(self, number: int, cells: list[str]) -> None:
        values, problems = _parse(number, cells, self.how)
        if self.how.keys and _is_total(cells, values, self.how):
            self._compare(number, values)
        elif problems:
            self._errors.writerows(problems)
        else:
            self._good.writerow([number, *values])
            for place, name in self._added:
                if (value := values[place]) is not None:
                    self._sums.part[name] += value

    def _compare(self, number: int, values: Sequence[Any]) -> None:
        """Hold a total against the rows above it."""
        told = [
            (field.name, field.label, values[place])
            for place, field in self._summed
            if values[place] is not None
        ]
        self.notes.append(self._sums.compare(number, told))
        self.left_out += 1


def _is_total(cells: list[str], values: list[Any], how: Reading) -> bool:
    """Tell whether a row is a total: it is called one, and lacks what every record has."""
    return None in [values[place] for place in how.keys] and is_total(cells)


def _scratch() -> IO[str]:
    return TemporaryFile("w+", encoding="utf-8", newline="")


def _parse(number: int, cells: list[str], how: Reading) -> tuple[list[Any], list[RowError]]:
    values: list[Any] = []
    errors: list[RowError] = []
    signs: list[tuple[Wanted, str]] = []
    for one in how.wanted:
        value = one.fixed
        if one.position >= 0 and (cell := cells[one.position]):
            # What was read before is not read again.
            found = one.known.get(cell) if cell.__class__ is str else None
            try:
                read, sign = found or read_cell(one, cell, how)
            except ValueError as error:
                errors.append(RowError(number, one.field.name, _shown(cell), str(error)))
            else:
                value = value if read is None else read
                if sign:
                    signs.append((one, sign))
        values.append(value)
    if signs:
        errors += _currency(number, cells, values, signs, how)
    if len(cells) > how.width:
        errors += _beyond(number, cells, how.width)
    group = "" if how.group is None or not errors else str(values[how.group] or "")
    return values, [error._replace(group=group) for error in errors]


def _currency(
    number: int,
    cells: list[str],
    values: list[Any],
    signs: Sequence[tuple[Wanted, str]],
    how: Reading,
) -> list[RowError]:
    """Hold the signs of currencies to the currency of their row, or else the company's."""
    place = place_of(how.wanted, CURRENCY)
    currency = (values[place] if place is not None else None) or how.currency
    wrong = [
        RowError(
            number,
            one.field.name,
            _shown(cells[one.position]),
            f"The currency sign “{sign}” does not fit {currency}: choose a column that "
            "says the currency.",
        )
        for one, sign in signs
        if currency not in currencies_of(sign)
    ]
    if place is not None:
        values[place] = currency
    return wrong


def _beyond(number: int, cells: list[str], width: int) -> list[RowError]:
    """Refuse cells to the right of the last column: a separator inside of a text, mostly."""
    extra = [cell for cell in cells[width:] if cell.strip()]
    reason = "The row has more cells than the table has columns."
    return [RowError(number, "", _shown(cell), reason) for cell in extra[:1]]


def _shown(text: str) -> str:
    """Cut a value short, without what PostgreSQL cannot keep."""
    return text[:SHOWN].replace("\0", "").encode("utf-8", "replace").decode()
