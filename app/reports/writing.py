"""A report as a file: an Excel book with charts of its own, or a PDF with drawings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import zip_longest
from typing import Any

from markupsafe import Markup

from app.core.cells import Carried
from app.core.pages.charts import Chart
from app.core.pdf import render_pdf
from app.core.quantities import grouped
from app.core.settings import setting
from app.core.sheets import excel_cell
from app.reports.contents import Content, Part
from app.reports.drawing import svg_of

MOST_ROWS = 40  # of a table on paper; the Excel file has all of them
MOST_COLUMNS = 13
LAST_COLUMNS = 3  # sums, which stay where months in the middle have no room
CSS = """
@page { size: A4 landscape; }
.num { text-align: right; }
.name { min-width: 45mm; }
section { margin-bottom: 8mm; }
"""
WIDEST = 40  # letters of a column
HUNDRED = Decimal(100)


def write_pdf(content: Content) -> bytes:
    """Print a report on paper.

    Raises:
        PdfUnavailable: Pango is missing.
    """
    return render_pdf(
        "reports/paper.html",
        css=CSS,
        content=content,
        papers=[_on_paper(part) for part in content.parts],
        company=str(setting("company_name")),
        made=datetime.now(UTC),
    )


@dataclass(frozen=True, slots=True)
class Paper:
    """A part as it is printed; what has no room is counted."""

    part: Part
    drawing: Markup | None
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int]  # places of columns of figures
    more_rows: int
    more_columns: int


def _on_paper(part: Part) -> Paper:
    head, *rows = part.rows
    places = _places(head)
    shown = rows[:MOST_ROWS]
    return Paper(
        part,
        svg_of(part.chart) if part.chart else None,
        [head[place] for place in places],
        [[_text(row[place], head[place], part) for place in places] for row in shown],
        frozenset(
            number
            for number, place in enumerate(places)
            if any(isinstance(row[place], Decimal | int) for row in rows)
        ),
        len(rows) - len(shown),
        len(head) - len(places),
    )


def _places(head: Sequence[Any]) -> list[int]:
    """Leave out months in the middle where a page is too narrow for all of them."""
    if len(head) <= MOST_COLUMNS:
        return [*range(len(head))]
    first = MOST_COLUMNS - LAST_COLUMNS
    return [*range(first), *range(len(head) - LAST_COLUMNS, len(head))]


def _text(value: Any, name: str, part: Part) -> str:
    if value is None:
        return "—"
    if isinstance(value, Decimal):
        return f"{value * HUNDRED:,.1f} %" if name in part.parts_of_one else grouped(value)
    if isinstance(value, date):
        return f"{value:%-d %b %Y}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def write_book(content: Content) -> bytes:
    """Write a report as an Excel book: a sheet for each part, with its chart beside the table.

    What a chart draws stands behind the table: a spreadsheet draws cells, no figures.
    """
    from openpyxl import Workbook  # noqa: PLC0415  (only those who export need it)

    book = Workbook(write_only=True)
    for part in content.parts:
        sheet: Any = book.create_sheet(part.title[:31])
        sheet.freeze_panes = "A2"
        _set_widths(sheet, part)
        head, *rows = part.rows
        drawn = _drawn(part.chart) if part.chart and not part.chart.is_empty else []
        behind = len(head) + 2
        for table, beside in zip_longest([head, *rows], drawn):
            cells = [
                _cell(sheet, value, name, part)
                for value, name in zip(table or [], head, strict=False)
            ]
            cells += [None] * (behind - len(cells) - 1)
            sheet.append([*cells, *(_plain(sheet, value) for value in beside or [])])
        if part.chart and drawn:
            _add_chart(sheet, part.chart, column=behind, rows=len(drawn))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Any, value: Any, name: str, part: Part) -> Any:
    """Write a value; parts of one are shown as percent."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    if name not in part.parts_of_one or not isinstance(value, Decimal):
        return _plain(sheet, value)
    cell: Any = WriteOnlyCell(sheet, float(value))
    cell.number_format = "0.0%"
    return cell


def _plain(sheet: Any, value: Any) -> Any:
    """Write text as it is: as text it runs nothing, and the book is not for coming back."""
    return excel_cell(sheet, Carried(value) if isinstance(value, str) else value)


def _set_widths(sheet: Any, part: Part) -> None:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    for place, _name in enumerate(part.rows[0]):
        texts = [len(str(row[place])) for row in part.rows[:MOST_ROWS] if place < len(row)]
        sheet.column_dimensions[get_column_letter(place + 1)].width = min(
            max(texts) + 2, WIDEST
        )


def _drawn(chart: Chart) -> list[list[Any]]:
    """Give what a chart draws as rows, the names first."""
    values = zip(*(each.values for each in chart.series), strict=True)
    named = zip(map(str, chart.categories), values, strict=True)
    return [
        [chart.category_label, *(each.name for each in chart.series)],
        *([name, *figures] for name, figures in named),
    ]


def _add_chart(sheet: Any, chart: Chart, *, column: int, rows: int) -> None:
    from openpyxl.chart import BarChart, LineChart, Reference  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    drawing: Any = LineChart() if chart.kind == "line" else BarChart()
    drawing.title = chart.title
    drawing.width, drawing.height = 24, 11  # centimetres
    last = column + len(chart.series)
    figures = Reference(sheet, min_col=column + 1, max_col=last, min_row=1, max_row=rows)
    drawing.add_data(figures, titles_from_data=True)
    names = Reference(sheet, min_col=column, min_row=2, max_row=rows)
    drawing.set_categories(names)
    # Without this newer versions of Excel leave the axes out.
    drawing.x_axis.delete = drawing.y_axis.delete = False
    drawing.y_axis.title = chart.shown_unit or None
    sheet.add_chart(drawing, f"{get_column_letter(last + 2)}2")
