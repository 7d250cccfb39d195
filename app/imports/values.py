"""How the cells of a file are read: settled once for each file, then cell by cell."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from app.core.cells import (
    Clock,
    Failed,
    Moment,
    RoundedFigure,
    Truth,
    is_error,
    unguarded,
)
from app.core.settings import setting
from app.core.texts import parse_line
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

MOST_KNOWN = 100_000  # cells of a column that need not be read again
CURRENCY = "currency"


class Wanted(NamedTuple):
    """A field, and the position of its column; -1 of one that the file does not have.

    `fixed` is its value where the file has none, `known` what cells were read as already, and
    `plain` and `figures` what texts and numbers stand for that have no sign of a currency.
    """

    field: Field
    position: int
    fixed: Any
    sign: str  # of a currency, in the name of the column
    known: dict[str, tuple[Any, str]]
    plain: dict[str, Any]
    figures: dict[str, Any]


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
        group=place_of(wanted, importer.group),
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


def place_of(wanted: Sequence[Wanted], name: str) -> int | None:
    """Give the place of a field among those that are wanted."""
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
            known={},
            plain={},
            figures={},
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


def read_cell(one: Wanted, cell: str, how: Reading) -> tuple[Any, str]:
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
        _refuse_valueless(text, field, how)
    if not text:
        return None, ""
    sign = ""
    if field.is_number:
        sign, text = _number(field, text, how)
    elif field.is_date:
        text = (plain_moment if field.has_time else plain_date)(text, how.dates)
    value = (field.parse_own if how.is_own and field.parse_own else field.parse)(text)
    return (None if value == "" else value), sign


def _refuse_valueless(text: str, field: Field, how: Reading) -> None:
    """Refuse what stands where a value should: an error, a formula, another kind of value."""
    if is_error(text):
        raise ValueError(f"The cell holds {text}.")
    if text[:1] == "=" and not (how.is_own and field.parse_own):
        raise ValueError("This is a formula: put there what comes of it.")
    if field.parse is parse_line and isinstance(text, Truth | Moment | Clock):
        what = "a truth value" if isinstance(text, Truth) else "a date or a time"
        raise ValueError(f"The cell holds {what}, where words are wanted: enter it as text.")


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
