"""From the cells of a file to values that fit, and to reasons why they do not.

Good rows and errors go to temporary files on disk, ready for COPY: memory stays flat, and
the long part of an import is over before its transaction begins.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple

from app.core.cells import Failed, RoundedFigure, is_error, unguarded
from app.core.settings import setting
from app.imports.dates import guess_order, plain_date
from app.imports.definition import OWN_CODES, Field, Importer
from app.imports.mapping import Mapped
from app.imports.numbers import currencies_of, guess_decimal, plain_number, split_currency
from app.imports.reading import Table, TextTable

BATCH = 2000  # rows between two reports of progress
SAMPLE_ROWS = 1000
SHOWN = 200  # characters of a wrong value
CURRENCY = "currency"

Progress = Callable[[int, int], None]


class RowError(NamedTuple):
    """Why a row cannot be imported; `group` is what it belongs to, as far as that is known."""

    row: int
    field: str
    value: str
    error: str
    group: str = ""


class Wanted(NamedTuple):
    """A field, and the position of its column; -1 of one that the file does not have."""

    field: Field
    position: int


class Reading(NamedTuple):
    """How the cells of one file are read."""

    wanted: Sequence[Wanted]
    width: int
    decimal: str
    dates: str
    figures: str
    currency: str  # the company's
    is_own: bool  # codes are taken as they stand
    group: int | None  # place among the wanted of the field that says what a row belongs to


class ParsedFile(NamedTuple):
    """What was read: good rows and errors as CSV for COPY, and how many rows there were."""

    fields: Sequence[Field]
    good: IO[str]
    wrong: IO[str]
    rows: int


@contextmanager
def parsed(
    importer: Importer,
    table: Table,
    mapping: Mapped,
    report: Progress,
    *,
    options: Sequence[str] = (),
) -> Iterator[ParsedFile]:
    """Parse a whole table; `report` hears the rows done and all there are."""
    how = reading_of(importer, table, mapping, options)
    with _scratch() as good, _scratch() as wrong:
        good_rows, errors = csv.writer(good), csv.writer(wrong)
        count = 0
        for count, (number, cells) in enumerate(table.rows(), 1):
            values, problems = _parse(number, cells, how)
            if problems:
                errors.writerows(problems)
            else:
                good_rows.writerow([number, *values])
            if count % BATCH == 0:
                report(count, max(table.height, count))
        good.seek(0)
        wrong.seek(0)
        yield ParsedFile([column.field for column in how.wanted], good, wrong, count)


def _scratch() -> IO[str]:
    return TemporaryFile("w+", encoding="utf-8", newline="")


def reading_of(
    importer: Importer, table: Table, mapping: Mapped, options: Sequence[str] = ()
) -> Reading:
    """Settle how the cells are read: as the layout says, else as the first rows show."""
    wanted = wanted_columns(importer, table, mapping)
    layout, sample = table.layout, table.preview(SAMPLE_ROWS)
    return Reading(
        wanted=wanted,
        width=len(table.columns),
        decimal=layout.decimal or _sampled_decimal(table, wanted, sample),
        dates=layout.dates or guess_order(_texts(wanted, sample, "is_date")),
        figures=layout.figures,
        currency=str(setting(CURRENCY)),
        is_own=OWN_CODES in options,
        group=_place(wanted, importer.group),
    )


def _place(wanted: Sequence[Wanted], name: str) -> int | None:
    return next((at for at, one in enumerate(wanted) if one.field.name == name), None)


def wanted_columns(importer: Importer, table: Table, mapping: Mapped) -> list[Wanted]:
    """Find the mapped fields' columns, in the order of the fields.

    Beside an amount may stand the sign of its currency, so that is staged with every amount.
    """
    has_money = any(field.is_money and field.name in mapping for field in importer.fields)
    return [
        Wanted(field, table.columns.index(mapping[field.name]) if field.name in mapping else -1)
        for field in importer.fields
        if field.name in mapping or (field.name == CURRENCY and has_money)
    ]


def _sampled_decimal(
    table: Table, wanted: Sequence[Wanted], sample: Sequence[tuple[int, list[str]]]
) -> str:
    delimiter = table.delimiter if isinstance(table, TextTable) else ""
    return guess_decimal(_texts(wanted, sample, "is_number"), delimiter)


def _texts(
    wanted: Sequence[Wanted], sample: Sequence[tuple[int, list[str]]], kind: str
) -> list[str]:
    """The cells of the columns that hold numbers, or dates."""
    places = [one.position for one in wanted if one.position >= 0 and getattr(one.field, kind)]
    return [row[place] for _number, row in sample for place in places]


def _parse(number: int, cells: list[str], how: Reading) -> tuple[list[Any], list[RowError]]:
    values: list[Any] = []
    errors: list[RowError] = []
    signs: list[tuple[Wanted, str]] = []
    for one in how.wanted:
        value = None
        if one.position >= 0 and (cell := cells[one.position]):
            try:
                value, sign = _value(one.field, cell, how)
            except ValueError as error:
                errors.append(RowError(number, one.field.name, _shown(cell), str(error)))
            else:
                if sign:
                    signs.append((one, sign))
        values.append(value)
    if signs:
        errors += _currency(number, cells, values, signs, how)
    if len(cells) > how.width:
        errors += _beyond(number, cells, how.width)
    group = "" if how.group is None or not errors else str(values[how.group] or "")
    return values, [error._replace(group=group) for error in errors]


def _value(field: Field, cell: str, how: Reading) -> tuple[Any, str]:
    """Parse a cell; None if it is empty. What our export has guarded is taken as it is.

    Beside it is the sign of the currency that stood there, if any.
    """
    if isinstance(cell, Failed):
        raise ValueError(cell.reason)  # noqa: TRY004  (it is the value that is missing)
    text = unguarded(cell)
    if text is None:
        text = cell if cell.__class__ is not str else cell.strip()
        if is_error(text):
            raise ValueError(f"The cell holds {text}.")
    if not text:
        return None, ""
    sign = ""
    if field.is_number:
        sign, text = _number(field, text, how)
    elif field.is_date:
        text = plain_date(text, how.dates)
    value = (field.parse_own if how.is_own and field.parse_own else field.parse)(text)
    return (None if value == "" else value), sign


def _number(field: Field, text: str, how: Reading) -> tuple[str, str]:
    """Give the sign of a currency and the number; a percentage keeps its own sign."""
    text = text.removeprefix("'") if text.__class__ is str else text
    if isinstance(text, RoundedFigure):
        text = _figure(text, how.figures)
    sign, percent = "", ""
    if text.endswith("%"):
        if not field.is_percent:
            raise ValueError("This is a percentage: a number is wanted here.")
        text, percent = text[:-1].rstrip(), "%"
    if field.is_money:
        sign, text = split_currency(text)
    return sign, plain_number(text, how.decimal) + percent


def _figure(figure: RoundedFigure, wanted: str) -> str:
    if wanted == "shown":
        return figure.shown
    if wanted == "held":
        return figure
    raise ValueError(f"The cell shows {figure.shown} and holds {figure}: choose which counts.")


def _currency(
    number: int,
    cells: list[str],
    values: list[Any],
    signs: Sequence[tuple[Wanted, str]],
    how: Reading,
) -> list[RowError]:
    """Hold the signs of currencies to the currency of their row, or else the company's."""
    place = _place(how.wanted, CURRENCY)
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
