"""A forecast as an Excel file that comes back: what it says differently is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import chain
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import func, select

from app.core.cells import Failed, Figure
from app.core.db import db, transaction
from app.core.files import StoredFile, store_file
from app.core.jobs import report_progress
from app.core.quantities import QUANTITY_DECIMALS
from app.core.sheets import Format, excel_cell
from app.imports.reading import FileKind, Layout, UnreadableFile, kind_of, open_table
from app.planning import queries
from app.planning.models import Cycle, ForecastCell, ScopeRow
from app.planning.services.cells import MOST_CELLS, CellEdit, SavedCells, save_cells
from app.planning.services.row_history import Told, forecasts_of

SHEET, KEPT = "Forecast", "Kept"  # what people see, and what it was when it was written
NAMES = ("Row", "Customer", "Name", "SKU", "Product", "Rep")
WIDTHS = {"B": 14, "C": 28, "D": 16, "E": 34, "F": 18}
STRANGE = "This file is no forecast of ours: export one, and change that."
SEES_ALL = "forecasts.manage"  # others fetch no file but their own
KEEP_DAYS = 7
MOST_AT_ONCE = 500  # rows that somebody waits for

Key = tuple[int, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """A cell that a file says differently; one with a `problem` is left as it is."""

    row_id: int
    month: date
    customer: str
    product: str
    version: int  # that the file was written with
    before: Decimal | None  # what the file showed then
    quantity: Decimal | None  # None: back to the baseline
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTold:
    """What a file says: of which cycle, and what differs."""

    cycle: Cycle
    changes: Sequence[FileChange]

    @property
    def good(self) -> list[FileChange]:
        """Those that can be written."""
        return [one for one in self.changes if not one.problem]


def is_large(cycle: Cycle, *, rep_id: int | None) -> bool:
    """Tell whether a forecast has more rows than a request should write."""
    rows = queries.named_rows(cycle.id, rep_id).limit(MOST_AT_ONCE + 1).subquery()
    found = db.session.scalar(select(func.count()).select_from(rows)) or 0
    return found > MOST_AT_ONCE


def store_forecast_file(cycle_id: int, *, rep_id: int | None) -> dict[str, Any]:
    """Keep the forecasts of a cycle as an Excel file, for who asked and who sees them all."""
    cycle = db.session.scalars(queries.cycle(cycle_id)).one()
    report_progress(0, 2)
    content = forecast_file(cycle, rep_id=rep_id)
    report_progress(1, 2)
    file = store_file(
        file_name(cycle),
        content,
        content_type=Format.EXCEL.content_type,
        permission=SEES_ALL,
        keep_days=KEEP_DAYS,
    )
    return {"file_url": file.url}


def file_name(cycle: Cycle) -> str:
    """What the file of a cycle is called."""
    return f"forecast-{cycle.month:%Y-%m}.xlsx"


def forecast_file(cycle: Cycle, *, rep_id: int | None) -> bytes:
    """Write the forecasts of a cycle, or of one rep, as an Excel file.

    Only quantities can be changed in it. What it shows is what counts: what was written, else
    the baseline. A sheet that nobody sees keeps the version of each cell.
    """
    from openpyxl import Workbook  # noqa: PLC0415  (only those who export need it)

    found = queries.rows(cycle.id, rep_id=rep_id).order_by(*queries.ROWS_IN_ORDER)
    told = forecasts_of(db.session.scalars(found).all())
    book = Workbook(write_only=True)
    _write_seen(book.create_sheet(SHEET), cycle, told)
    kept = book.create_sheet(KEPT)
    kept.sheet_state = "veryHidden"
    kept.append(["Cycle", "Row", *(n for month in cycle.horizon for n in _kept_names(month))])
    for row, forecast in told:
        cells = ((one.cell.version if one.cell else 0, one.total) for one in forecast.months)
        kept.append([cycle.id, row.id, *chain.from_iterable(cells)])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _kept_names(month: date) -> tuple[str, str]:
    return f"Version {month}", f"Shown {month}"


def _write_seen(sheet: Any, cycle: Cycle, told: Sequence[tuple[ScopeRow, Told]]) -> None:
    """Fill the sheet; what openpyxl says of its types leaves out protection and columns."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Protection  # noqa: PLC0415

    months: list[Any] = [WriteOnlyCell(sheet) for _month in cycle.horizon]
    for cell in months:
        cell.protection = Protection(locked=False)
    sheet.protection.enable()
    sheet.freeze_panes = f"{chr(ord('A') + len(NAMES))}2"
    sheet.column_dimensions["A"].hidden = True
    for column, width in WIDTHS.items():
        sheet.column_dimensions[column].width = width
    sheet.append([*NAMES, *(excel_cell(sheet, f"{month:%Y-%m}") for month in cycle.horizon)])
    for row, forecast in told:
        customer, product = row.customer, row.product
        named = (customer.code, customer.name, product.sku, product.name, row.user.name)
        texts = [excel_cell(sheet, text) for text in named]
        for cell, one in zip(months, forecast.months, strict=True):
            cell.value = one.total  # a row is written before the next: no cell for each
        sheet.append([row.id, *texts, *months])


def keep_file(cycle: Cycle, content: bytes, *, name: str, rep_id: int | None) -> StoredFile:
    """Keep a file that came back until somebody has looked at what it changes.

    Raises:
        UnreadableFile: It is no such file, or of another cycle.
    """
    told = read_file(content, rep_id=rep_id)
    if told.cycle.id != cycle.id:
        raise UnreadableFile(f"This is the forecast of {told.cycle}, not of {cycle}.")
    return store_file(
        name,
        content,
        content_type=Format.EXCEL.content_type,
        permission=SEES_ALL,
        keep_days=KEEP_DAYS,
    )


def read_file(content: bytes, *, rep_id: int | None) -> FileTold:
    """Tell what a file would change; `rep_id` is whose rows may be written, None for all.

    Raises:
        UnreadableFile: It is no file of ours.
    """
    cycle_id, kept = _kept(content)
    cycle = db.session.get(Cycle, cycle_id)
    if cycle is None:
        raise UnreadableFile(STRANGE)
    mine = {*db.session.scalars(queries.named_rows(cycle_id, rep_id))}
    now = _versions(cycle_id)
    changes = [_checked(change, mine, now) for change in _changes(content, kept)]
    return FileTold(cycle=cycle, changes=changes)


def apply_changes(told: FileTold, *, sha256: str, rep_id: int | None) -> SavedCells:
    """Write what a file changes, all of it at once; applied twice, it counts once.

    What has a problem is left, and so is what others have changed since the file was written.
    `sha256` is the file's: it tells its changes from those of another.

    Raises:
        CycleNotOpen: The cycle is closed.
        ForecastLocked: The rep has submitted it.
    """
    result, edits = SavedCells(), [_edit(sha256, one) for one in told.good]
    with transaction():
        for begin in range(0, len(edits), MOST_CELLS):
            part = edits[begin : begin + MOST_CELLS]
            done = save_cells(told.cycle.id, part, rep_id=rep_id)
            result.saved += done.saved
            result.conflicts += done.conflicts
    return result


def _edit(sha256: str, change: FileChange) -> CellEdit:
    return CellEdit(
        op_id=uuid5(NAMESPACE_OID, f"{sha256} {change.row_id} {change.month}"),
        row_id=change.row_id,
        month=change.month,
        version=change.version,
        quantity=change.quantity,
        source="imported",
    )


def _versions(cycle_id: int) -> dict[Key, int]:
    cells = select(ForecastCell.scope_id, ForecastCell.month, ForecastCell.version)
    of_cycle = cells.join(ForecastCell.scope).where(ScopeRow.cycle_id == cycle_id)
    return {(row.scope_id, row.month): row.version for row in db.session.execute(of_cycle)}


def _checked(change: FileChange, mine: set[int], now: Mapping[Key, int]) -> FileChange:
    problem = change.problem
    if change.row_id not in mine:
        problem = "This row is not in your forecast."
    elif now.get((change.row_id, change.month), 0) != change.version:
        problem = "This was written since the file was exported."
    return replace(change, problem=problem)


def _kept(content: bytes) -> tuple[int, dict[Key, tuple[int, str]]]:
    """Read what the file was written with: the cycle, and cells with version and text."""
    if kind_of(content) is not FileKind.EXCEL:
        raise UnreadableFile(STRANGE)
    try:
        table = open_table(content, Layout(sheet=KEPT))
        months = [date.fromisoformat(name.split()[1]) for name in table.columns[2::2]]
        cycles, kept = set[int](), dict[Key, tuple[int, str]]()
        for _number, (cycle, row, *cells) in table.rows():
            cycles.add(int(cycle))
            for month, version, shown in zip(months, cells[::2], cells[1::2], strict=False):
                kept[int(row), month] = (int(version), shown)
    except (UnreadableFile, ValueError, IndexError) as error:
        raise UnreadableFile(STRANGE) from error
    if len(cycles) != 1:
        raise UnreadableFile(STRANGE)
    return cycles.pop(), kept


def _changes(content: bytes, kept: Mapping[Key, tuple[int, str]]) -> Iterator[FileChange]:
    table = open_table(content, Layout(sheet=SHEET))
    months = [(place, _month(name)) for place, name in enumerate(table.columns)]
    for _number, cells in table.rows():
        row_id = int(cells[0]) if cells[0].isdecimal() else 0
        for place, month in months:
            if month is None or (row_id, month) not in kept:
                continue
            version, shown = kept[row_id, month]
            if cells[place] != shown:
                quantity, problem = _quantity(cells[place])
                yield FileChange(
                    row_id=row_id,
                    month=month,
                    customer=cells[2],
                    product=cells[4],
                    version=version,
                    before=Decimal(shown) if shown else None,
                    quantity=quantity,
                    problem=problem,
                )


def _month(name: str) -> date | None:
    try:
        return date.fromisoformat(f"{name}-01")
    except ValueError:
        return None


def _quantity(cell: str) -> tuple[Decimal | None, str]:
    """Read what somebody put into a cell: a quantity, or what is wrong with it."""
    if isinstance(cell, Failed):
        return None, cell.reason
    if not cell.strip():
        return None, ""
    if not isinstance(cell, Figure):
        return None, f"“{cell[:40]}” is no number."
    quantity = Decimal(cell)
    if quantity < 0:
        return quantity, "A forecast is a number from 0 on."
    if quantity != round(quantity, QUANTITY_DECIMALS):
        return quantity, f"At most {QUANTITY_DECIMALS} decimals."
    return quantity, ""
