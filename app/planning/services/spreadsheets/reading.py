"""A forecast that comes back as an Excel file: what it says differently is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import select

from app.core.cells import Failed, Figure
from app.core.db import db, transaction
from app.core.errors import Invalid
from app.core.files import StoredFile, store_file
from app.core.quantities import QUANTITY_DECIMALS
from app.core.sheets import Format
from app.imports.reading import FileKind, Layout, UnreadableFile, kind_of, open_table
from app.planning import queries
from app.planning.models import Cycle, ForecastCell, ScopeRow
from app.planning.services.cells import MOST_CELLS, CellEdit, SavedCells, save_cells
from app.planning.services.pricing import (
    MEASURES,
    NO_PRICE,
    VALUE_DECIMALS,
    Priced,
    prices,
    prices_of,
)
from app.planning.services.spreadsheets.writing import (
    FIGURE,
    KEEP_DAYS,
    KEPT,
    MEASURE,
    PRICE,
    SEES_ALL,
    SHEET,
    figure_name,
)

READ_ONLY = "This file is of margins, which follow: bring back one of quantities or values."
STRANGE = "This file is no forecast of ours: export one, and change that."

Key = tuple[int, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """A cell that a file says differently; one with a `problem` is left as it is."""

    row_id: int
    month: date
    customer: str
    product: str
    version: int  # that the file was written with
    before: Decimal | None  # what the file showed then,
    after: Decimal | None  # and what it says now, both in its measure
    quantity: Decimal | None  # None: back to the baseline
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTold:
    """What a file says: of which cycle, in which measure and currency, and what differs."""

    cycle: Cycle
    measure: str
    currency: str
    changes: Sequence[FileChange]

    @property
    def good(self) -> list[FileChange]:
        """Those that can be written."""
        return [one for one in self.changes if not one.problem]


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
    kept = _kept(content)
    cycle_id = kept.cycle_id
    cycle = db.session.get(Cycle, cycle_id)
    if cycle is None:
        raise UnreadableFile(STRANGE)
    if kept.measure == "margin":
        raise UnreadableFile(READ_ONLY)
    currency, worth = prices(cycle).currency, prices_of(cycle)
    products = dict(db.session.execute(queries.products_of(cycle_id)).all())
    kept.now = {row: worth[product] for row, product in products.items()}
    mine = {*db.session.scalars(queries.named_rows(cycle_id, rep_id))}
    now = _versions(cycle_id)
    said = figure_name(kept.measure, currency)
    changes = [_checked(change, mine, now) for change in _changes(content, kept, said)]
    return FileTold(cycle=cycle, measure=kept.measure, currency=currency, changes=changes)


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


@dataclass(slots=True, kw_only=True)
class _Kept:
    """What a file was written with, and what the goods of its rows are worth now."""

    cycle_id: int
    measure: str
    cells: Mapping[Key, tuple[int, str]]  # version and text
    prices: Mapping[int, str]  # by row
    now: Mapping[int, Priced] = field(default_factory=dict)


def _kept(content: bytes) -> _Kept:
    """Read what the file was written with; one without a measure is of quantities."""
    if kind_of(content) is not FileKind.EXCEL:
        raise UnreadableFile(STRANGE)
    try:
        table = open_table(content, Layout(sheet=KEPT))
        is_old = MEASURE not in table.columns
        head = len(("Cycle", "Row") if is_old else ("Cycle", "Row", MEASURE, PRICE))
        months = [date.fromisoformat(name.split()[1]) for name in table.columns[head::2]]
        found, kept, priced = set[tuple[int, str]](), dict[Key, tuple[int, str]](), {}
        for _number, row in table.rows():
            row_id, cells = int(row[1]), row[head:]
            found.add((int(row[0]), "quantity" if is_old else row[2]))
            priced[row_id] = "" if is_old else row[3]
            for month, version, shown in zip(months, cells[::2], cells[1::2], strict=False):
                kept[row_id, month] = (int(version), shown)
    except (UnreadableFile, ValueError, IndexError) as error:
        raise UnreadableFile(STRANGE) from error
    if len(found) != 1:
        raise UnreadableFile(STRANGE)
    [(cycle_id, measure)] = found
    if measure not in MEASURES:
        raise UnreadableFile(STRANGE)
    return _Kept(cycle_id=cycle_id, measure=measure, cells=kept, prices=priced)


def _changes(content: bytes, kept: _Kept, said: str) -> Iterator[FileChange]:
    table = open_table(content, Layout(sheet=SHEET))
    months = [(place, _month(name)) for place, name in enumerate(table.columns)]
    figure = table.columns.index(FIGURE) if FIGURE in table.columns else None
    for number, cells in table.rows():
        row_id = int(cells[0]) if cells[0].isdecimal() else 0
        if figure is not None and row_id and cells[figure] != said:
            found = f"Row {number} says “{cells[figure][:40]}”"
            raise UnreadableFile(f"{found}, but the file is of “{said}”: export it anew.")
        for place, month in months:
            if month is None or (row_id, month) not in kept.cells:
                continue
            version, shown = kept.cells[row_id, month]
            if cells[place] != shown:
                after, quantity, problem = _said(cells[place], row_id, kept)
                yield FileChange(
                    row_id=row_id,
                    month=month,
                    customer=cells[2],
                    product=cells[4],
                    version=version,
                    before=Decimal(shown) if shown else None,
                    after=after,
                    quantity=quantity,
                    problem=problem,
                )


def _month(name: str) -> date | None:
    try:
        return date.fromisoformat(f"{name}-01")
    except ValueError:
        return None


def _said(cell: str, row_id: int, kept: _Kept) -> tuple[Decimal | None, Decimal | None, str]:
    """Read what somebody put into a cell: a figure, its quantity, and what is wrong with it."""
    is_value = kept.measure == "value"
    figure, problem = _figure_in(cell, VALUE_DECIMALS if is_value else QUANTITY_DECIMALS)
    if problem or figure is None or not is_value:
        return figure, figure, problem
    now, then = kept.now.get(row_id, Priced()), kept.prices[row_id]
    if now.price is None or not then:
        return figure, None, NO_PRICE
    if now.price != Decimal(then):
        return figure, None, "The price has changed since the file was exported."
    try:
        return figure, now.quantity(figure), ""
    except Invalid as error:
        return figure, None, str(error)


def _figure_in(cell: str, decimals: int) -> tuple[Decimal | None, str]:
    """Read a figure from 0 on out of a cell, or say what is wrong with it."""
    if isinstance(cell, Failed):
        return None, cell.reason
    if not cell.strip():
        return None, ""
    if not isinstance(cell, Figure):
        return None, f"“{cell[:40]}” is no number."
    quantity = Decimal(cell)
    if quantity < 0:
        return quantity, "A forecast is a number from 0 on."
    if quantity != round(quantity, decimals):
        return quantity, f"At most {decimals} decimals."
    return quantity, ""
