"""A forecast as an Excel file, in quantity, value or margin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import chain
from typing import Any

from sqlalchemy import func, select

from app.catalog.costs import COSTS
from app.core.db import db
from app.core.files import store_file
from app.core.jobs import report_progress
from app.core.sheets import Format, excel_cell
from app.planning import queries
from app.planning.models import Cycle, ScopeRow
from app.planning.services.pricing import (
    MEASURES,
    VALUE_DECIMALS,
    Priced,
    prices,
    prices_of,
)
from app.planning.services.row_history import Told, forecasts_of

SHEET, KEPT = "Forecast", "Kept"  # what people see, and what it was when it was written
FIGURE = "Figure"  # the column that says what the figures of a file are
MEASURE, PRICE = "Measure", "Price"  # and what is kept of that
NAMES = ("Row", "Customer", "Name", "SKU", "Product", "Rep", FIGURE)
WIDTHS = {"B": 14, "C": 28, "D": 16, "E": 34, "F": 18, "G": 14}
SEES_ALL = "forecasts.manage"  # others fetch no file but their own
KEEP_DAYS = 7
MOST_AT_ONCE = 500  # rows that somebody waits for


def is_large(cycle: Cycle, *, rep_id: int | None) -> bool:
    """Tell whether a forecast has more rows than a request should write."""
    rows = queries.named_rows(cycle.id, rep_id).limit(MOST_AT_ONCE + 1).subquery()
    found = db.session.scalar(select(func.count()).select_from(rows)) or 0
    return found > MOST_AT_ONCE


def store_forecast_file(
    cycle_id: int, *, rep_id: int | None, measure: str = "quantity"
) -> dict[str, Any]:
    """Keep the forecasts of a cycle as an Excel file, for who asked and who sees them all.

    One of margins is for who asked alone.
    """
    cycle = db.session.scalars(queries.cycle(cycle_id)).one()
    report_progress(0, 2)
    content = forecast_file(cycle, rep_id=rep_id, measure=measure)
    report_progress(1, 2)
    file = store_file(
        file_name(cycle, measure),
        content,
        content_type=Format.EXCEL.content_type,
        permission=COSTS if measure == "margin" else SEES_ALL,
        keep_days=KEEP_DAYS,
    )
    return {"file_url": file.url}


def file_name(cycle: Cycle, measure: str) -> str:
    """What the file of a cycle is called."""
    kind = "" if measure == "quantity" else f"-{measure}"
    return f"forecast-{cycle.month:%Y-%m}{kind}.xlsx"


def forecast_file(cycle: Cycle, *, rep_id: int | None, measure: str = "quantity") -> bytes:
    """Write the forecasts of a cycle, or of one rep, as an Excel file.

    Only quantities, or values, can be changed in it; margins are for reading. What it shows is
    what counts: what was written, else the baseline. A sheet that nobody sees keeps the
    measure, the version of each cell, and the price by which a value becomes a quantity again.
    """
    from openpyxl import Workbook  # noqa: PLC0415  (only those who export need it)

    found = queries.rows(cycle.id, rep_id=rep_id).order_by(*queries.ROWS_IN_ORDER)
    told = forecasts_of(db.session.scalars(found).all())
    worth, figure = prices_of(cycle), figure_name(measure, prices(cycle).currency)
    shown = [_Shown(row, one, worth[row.product_id], measure) for row, one in told]
    book = Workbook(write_only=True)
    _write_seen(book.create_sheet(SHEET), cycle, shown, figure)
    kept = book.create_sheet(KEPT)
    kept.sheet_state = "veryHidden"
    names = (name for month in cycle.horizon for name in _kept_names(month))
    kept.append(["Cycle", "Row", MEASURE, PRICE, *names])
    for one in shown:
        versions = (month.cell.version if month.cell else 0 for month in one.told.months)
        cells = zip(versions, one.figures, strict=True)
        head = (cycle.id, one.row.id, measure, one.priced.price)
        kept.append([*head, *chain.from_iterable(cells)])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _kept_names(month: date) -> tuple[str, str]:
    return f"Version {month}", f"Shown {month}"


@dataclass(frozen=True, slots=True)
class _Shown:
    """A row of a file: what it says of its months in a measure."""

    row: ScopeRow
    told: Told
    priced: Priced
    measure: str

    @property
    def figures(self) -> list[Decimal | None]:
        """What each month comes to; None where that is not known."""
        found = (self.priced.figure(self.measure, one.total) for one in self.told.months)
        return [None if one is None else round(one, VALUE_DECIMALS) for one in found]

    @property
    def is_writable(self) -> bool:
        """Tell whether what is written into its months can become quantities."""
        if self.measure == "value":
            return self.priced.price is not None
        return self.measure == "quantity"


def figure_name(measure: str, currency: str) -> str:
    """What the figures of a file are, as its rows say it."""
    name = MEASURES[measure]
    return name if measure == "quantity" else f"{name}, {currency}"


def _write_seen(sheet: Any, cycle: Cycle, shown: Sequence[_Shown], figure: str) -> None:
    """Fill the sheet; what openpyxl says of its types leaves out protection and columns."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Protection  # noqa: PLC0415

    open_, locked = ([WriteOnlyCell(sheet) for _month in cycle.horizon] for _kind in range(2))
    for cell in open_:
        cell.protection = Protection(locked=False)
    sheet.protection.enable()
    sheet.freeze_panes = f"{chr(ord('A') + len(NAMES))}2"
    sheet.column_dimensions["A"].hidden = True
    for column, width in WIDTHS.items():
        sheet.column_dimensions[column].width = width
    sheet.append([*NAMES, *(excel_cell(sheet, f"{month:%Y-%m}") for month in cycle.horizon)])
    for one in shown:
        customer, product, user = one.row.customer, one.row.product, one.row.user
        named = (customer.code, customer.name, product.sku, product.name, user.name, figure)
        texts = [excel_cell(sheet, text) for text in named]
        months = open_ if one.is_writable else locked
        for cell, value in zip(months, one.figures, strict=True):
            cell.value = value  # a row is written before the next: no cell for each
        sheet.append([one.row.id, *texts, *months])
