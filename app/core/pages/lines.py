"""The line editor: lines of a document that live in the browser until they are saved.

A slice declares the columns and the view that completes rows. The browser names each row by a
number that it never uses twice; what the server says of a row is matched by that number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple, Protocol, TypeVar

import wtforms
from flask import jsonify, render_template, request
from werkzeug import Response
from werkzeug.datastructures import MultiDict

from app.core.quantities import plain
from app.core.web import render

LONGEST_NUMBER = 6  # digits of a row's number

F = TypeVar("F", bound=wtforms.Form)


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a row; `choices` is the list that it offers.

    `is_short`: what is said in it is a word.
    """

    name: str
    unit: str = ""
    choices: str = ""
    is_number: bool = False
    is_short: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEditor:
    """How the lines of one kind of document are typed.

    `rows` is the FieldList of the form; the first column is the code that people type or scan,
    `quantity` the column that another scan of it raises ("" where lines have none: then it is
    the same line, and nothing more). A row with nothing in the columns `says` is an empty one.
    `endpoint` completes rows. What stands at the end of a row and below them all is drawn by
    the templates `figures` and `totals`.
    """

    rows: str
    columns: tuple[Column, ...]
    hidden: tuple[str, ...]
    says: tuple[str, ...]
    quantity: str
    endpoint: str
    figures: str
    totals: str
    flags: tuple[str, ...] = ()  # what is ticked at the end of a row

    @property
    def code(self) -> Column:
        """The column that names what a line is about."""
        return self.columns[0]


class ShownRow(Protocol):
    """A row as a slice has completed it."""

    @property
    def fields(self) -> wtforms.Form:
        """What stands in it."""

    @property
    def units(self) -> Any:
        """How much one scan of its code is worth; None if the code is not known."""

    @property
    def problem(self) -> str:
        """What is wrong with its code, for the person to read."""


class SentRows(NamedTuple):
    """What a browser sent, its rows numbered from 0, and the numbers they came with."""

    values: MultiDict[str, Any]
    numbers: list[str]


def sent_rows(
    sent: Mapping[str, Any], *, rows: str, says: Sequence[str], removed: str = ""
) -> SentRows:
    """Number the rows of what was sent anew, without the one removed and those left empty.

    A row that says nothing of `says` says nothing.
    """
    kept: MultiDict[str, Any] = MultiDict()
    found: dict[int, dict[str, Any]] = {}
    for name, value in MultiDict(sent).items(multi=True):
        prefix, _, rest = name.partition("-")
        number, _, field = rest.partition("-")
        if prefix == rows and number.isdecimal() and len(number) < LONGEST_NUMBER:
            found.setdefault(int(number), {})[field] = value
        else:
            kept.add(name, value)
    said = {
        str(number): row
        for number, row in sorted(found.items())
        if str(number) != removed and any(row.get(name, "").strip() for name in says)
    }
    for position, row in enumerate(said.values()):
        for field, value in row.items():
            kept.add(f"{rows}-{position}-{field}", value)
    return SentRows(kept, [*said])


def sent_form(editor: LineEditor, kind: type[F]) -> tuple[F, list[str]]:
    """Make the form of what was sent; with it the numbers by which the browser calls its rows.

    It has no row that is empty, nor the one whose button was pressed to remove it.
    """
    removed = request.form.get("removed", "")
    sent = sent_rows(request.form, rows=editor.rows, says=editor.says, removed=removed)
    return kind(sent.values), sent.numbers


def lines_form(editor: LineEditor, kind: type[F]) -> F:
    """Make the form of what was sent; an empty one where somebody has only come to write."""
    return sent_form(editor, kind)[0] if request.method == "POST" else kind()


def put(field: wtforms.Field, value: Any) -> None:
    """Put a value in place of what was sent."""
    written = plain(value) if isinstance(value, Decimal) else value
    field.data, field.raw_data = value, None if value is None else [str(written)]
    field.process_errors = []


def show_lines(
    template: str, editor: LineEditor, form: Any, *, status: int, **more: Any
) -> Response:
    """Show the page of a form: its lines as the slice has completed them, and an empty one."""
    form[editor.rows].append_entry()
    shown = {"form": form, "editor": editor, "lines_view": form.lines_view}
    return render(template, fragment="form", status=status, **shown, **more)


def completed(
    editor: LineEditor,
    numbers: Sequence[str],
    rows: Sequence[ShownRow],
    *,
    legend: str,
    **more: Any,
) -> Response:
    """Tell the browser what the server makes of its rows; `more` is for the templates."""
    told = {
        number: {
            "values": _values(editor, row),
            "units": None if row.units is None else str(row.units.normalize()),
            "problem": row.problem,
            "figures": render_template(editor.figures, row=row, **more),
        }
        for number, row in zip(numbers, rows, strict=True)
    }
    totals = render_template(editor.totals, **more)
    return jsonify(rows=told, totals=totals, legend=legend)


def _values(editor: LineEditor, row: ShownRow) -> dict[str, str]:
    names = (*editor.hidden, *(column.name for column in editor.columns))
    return {name: row.fields[name]._value() for name in names}  # noqa: SLF001  # as it is shown
