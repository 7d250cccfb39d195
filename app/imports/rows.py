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
from app.imports.dates import plain_date, plain_moment
from app.imports.definition import OWN_CODES, Field, Importer
from app.imports.findings import Findings, find_out
from app.imports.mapping import Mapped
from app.imports.numbers import (
    column_sign,
    currencies_of,
    plain_number,
    split_currency,
    with_sign,
)
from app.imports.reading import Table
from app.imports.totals import Sums, is_total

BATCH = 2000  # rows between two reports of progress
MOST_KNOWN = 100_000  # cells of a column that need not be read again
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
    """A field, and the position of its column; -1 of one that the file does not have.

    `fixed` is its value where the file has none, `known` what cells were read as already.
    """

    field: Field
    position: int
    fixed: Any
    sign: str  # of a currency, in the name of the column
    known: dict[str, tuple[Any, str]]


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
    keys: Sequence[int]  # places of the fields without which a row may be a total
    findings: Findings


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
    sums, notes, left_out = Sums(), [*how.findings.doubts], 0
    summed = [(p, one.field) for p, one in enumerate(how.wanted) if one.field.is_summed]
    added = [(place, field.name) for place, field in summed if how.keys]
    with _scratch() as good, _scratch() as wrong:
        good_rows, errors = csv.writer(good), csv.writer(wrong)
        count = 0
        for count, (number, cells) in enumerate(table.rows(), 1):
            values, problems = _parse(number, cells, how)
            if how.keys and _is_total(cells, values, how):
                told = [
                    (f.name, f.label, values[p]) for p, f in summed if values[p] is not None
                ]
                notes.append(sums.compare(number, told))
                left_out += 1
                continue
            if problems:
                errors.writerows(problems)
            else:
                good_rows.writerow([number, *values])
                for place, name in added:
                    if (value := values[place]) is not None:
                        sums.part[name] += value
            if count % BATCH == 0:
                report(count, max(table.height, count))
        good.seek(0)
        wrong.seek(0)
        fields = [column.field for column in how.wanted]
        yield ParsedFile(fields, good, wrong, count - left_out, notes)


def _is_total(cells: list[str], values: list[Any], how: Reading) -> bool:
    """Tell whether a row is a total: it is called one, and lacks what every record has."""
    return None in [values[place] for place in how.keys] and is_total(cells)


def _scratch() -> IO[str]:
    return TemporaryFile("w+", encoding="utf-8", newline="")


def reading_of(
    importer: Importer,
    table: Table,
    mapping: Mapped,
    options: Sequence[str] = (),
    fixed: Mapped | None = None,
) -> Reading:
    """Settle how the cells are read: as the layout says, else as the whole file shows."""
    wanted = wanted_columns(importer, table, mapping, fixed or {})
    columns = [(one.field, one.position) for one in wanted if one.position >= 0]
    findings = find_out(table, columns)
    return Reading(
        wanted=wanted,
        width=len(table.columns),
        decimal=findings.decimal,
        dates=findings.dates,
        figures=table.layout.figures,
        currency=_currency_of(wanted),
        is_own=OWN_CODES in options,
        group=_place(wanted, importer.group),
        keys=[
            place
            for place, one in enumerate(wanted)
            if importer.has_totals and one.field.name in importer.key
        ],
        findings=findings,
    )


def _currency_of(wanted: Sequence[Wanted]) -> str:
    """The currency of amounts that stand without one: what columns are called says it, if one.

    Else it is the company's.
    """
    told = [currencies_of(one.sign) for one in wanted if one.sign]
    common = set.intersection(*told) if told else set()
    own = str(setting(CURRENCY))
    return common.pop() if len(common) == 1 else own


def _place(wanted: Sequence[Wanted], name: str) -> int | None:
    return next((at for at, one in enumerate(wanted) if one.field.name == name), None)


def wanted_columns(
    importer: Importer, table: Table, mapping: Mapped, fixed: Mapped
) -> list[Wanted]:
    """Find the mapped fields' columns and the fixed fields, in the order of the fields.

    Beside an amount may stand the sign of its currency, so that is staged with every amount.
    """
    has_money = any(field.is_money and field.name in mapping for field in importer.fields)
    return [
        Wanted(
            field,
            table.columns.index(mapping[field.name]) if field.name in mapping else -1,
            parse_fixed(field, fixed.get(field.name, "")),
            column_sign(mapping[field.name])
            if field.is_money and field.name in mapping and table.layout.header
            else "",
            {},
        )
        for field in importer.fields
        if field.name in mapping
        or fixed.get(field.name)
        or (field.name == CURRENCY and has_money)
    ]


def parse_fixed(field: Field, text: str) -> Any:
    """Read what a field is in every row; None if nothing was said.

    Raises:
        ValueError: It does not fit.
    """
    return field.parse(text.strip()) if text.strip() else None


def _parse(number: int, cells: list[str], how: Reading) -> tuple[list[Any], list[RowError]]:
    values: list[Any] = []
    errors: list[RowError] = []
    signs: list[tuple[Wanted, str]] = []
    for one in how.wanted:
        _field, position, value, _sign, known = one
        if position >= 0 and (cell := cells[position]):
            # What was read before is not read again: here an import spends its time.
            found = known.get(cell) if cell.__class__ is str else None
            try:
                read, sign = found or _known(one, cell, how)
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


def _known(one: Wanted, cell: str, how: Reading) -> tuple[Any, str]:
    """Read a cell, and remember how the same text in the same column is read."""
    read = _signed(one, *_value(one.field, cell, how))
    if cell.__class__ is str and len(one.known) < MOST_KNOWN:
        one.known[cell] = read
    return read


def _signed(one: Wanted, value: Any, sign: str) -> tuple[Any, str]:
    """A sign in the name of a column stands beside each of its amounts."""
    return value, sign or (one.sign if value is not None else "")


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
        text = (plain_moment if field.has_time else plain_date)(text, how.dates)
    value = (field.parse_own if how.is_own and field.parse_own else field.parse)(text)
    return (None if value == "" else value), sign


def _number(field: Field, text: str, how: Reading) -> tuple[str, str]:
    """Give the sign of a currency and the number; a percentage keeps its own sign."""
    text = text.removeprefix("'") if text.__class__ is str else text
    if isinstance(text, RoundedFigure):
        text = _figure(text, how.figures)
    text = with_sign(text)
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
