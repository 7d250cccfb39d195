"""Asking for labels: new ones, the same again, or the same file again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import insert, select

from app.core.actors import current_actor
from app.core.db import db, locked, transaction
from app.core.errors import DomainError, Invalid, InvalidRow
from app.core.jobs import JobRun
from app.labels import queries
from app.labels.drawing.dots import DPI
from app.labels.drawing.formats import Format
from app.labels.drawing.symbols import SYMBOLOGIES
from app.labels.models import LabelBatch, LabelItem, LabelPrinter
from app.labels.models.batches import CODES, MOST_LABELS
from app.labels.services.formats import find_format
from app.labels.subjects import SUBJECTS

LONGEST_CODE = 200


class NotReady(DomainError):
    """The labels are still being drawn, or there are none."""


class LabelRequest(NamedTuple):
    """One thing that labels are requested; `kind` is the field of a subject."""

    kind: str
    code: str
    copies: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """How labels are wanted. What is left out is as the format and the printer have it."""

    format: str
    start_cell: int = 1
    symbology: str = ""
    dpi: int | None = None
    printer_id: int | None = None
    code: str = "sku"
    has_price: bool = False


def request_batch(requested: Sequence[LabelRequest], choices: Choices, job: Any) -> LabelBatch:
    """Ask for labels; `job` draws them. Things that are unknown turn out only there.

    Raises:
        Invalid: A choice does not exist, or these are no labels, or too many.
    """
    _refuse_invalid(requested)
    printer = printer_of(choices.printer_id)
    format_ = find_format(choices.format)
    if format_ is None:
        raise Invalid("format", f"There is no format called “{choices.format}”.")
    batch = LabelBatch(
        label_format=format_,
        symbology=choices.symbology or format_.symbology,
        dpi=choices.dpi or (printer.dpi if printer else format_.dpi),
        offset_x=printer.offset_x if printer else 0,
        offset_y=printer.offset_y if printer else 0,
        printer_id=printer and printer.id,
        start_cell=choices.start_cell if format_.is_sheet else 1,
        code=choices.code,
        has_price=choices.has_price,
    )
    _refuse_unknown(batch, format_)
    return _create(batch, requested, job)


def repeat_batch(
    batch: LabelBatch, job: Any, *, first_label: int = 1, start_cell: int | None = None
) -> LabelBatch:
    """Print a batch again from a label on (from 1), with what its labels say now.

    Raises:
        Invalid: There is no such label or cell.
    """
    rest = _from_label(batch, first_label)
    if not rest:
        raise Invalid("first_label", "There is no such label in this batch.")
    again = LabelBatch(
        label_format=batch.label_format,
        **{name: getattr(batch, name) for name in ("symbology", "dpi", "code", "has_price")},
        **{name: getattr(batch, name) for name in ("offset_x", "offset_y", "printer_id")},
        start_cell=batch.start_cell if start_cell is None else start_cell,
        repeats_id=batch.id,
    )
    _refuse_unknown(again, batch.label_format)
    return _create(again, rest, job)


def redraw_batch(batch: LabelBatch, job: Any) -> JobRun:
    """Draw the PDF once more that is not kept any longer: the labels say what they said.

    Raises:
        NotReady: It is being drawn already.
    """
    with transaction() as session:
        row = locked(select(LabelBatch).where(LabelBatch.id == batch.id), LabelBatch)
        session.scalars(row).one()
        run = session.get(JobRun, batch.job_id) if batch.job_id else None
        if run is not None and not run.is_finished:
            raise NotReady("These labels are being drawn. Please wait until that has ended.")
        started: JobRun = job.enqueue(batch_id=batch.id)
        batch.job_id = started.id
    return started


def _create(batch: LabelBatch, requested: Sequence[LabelRequest], job: Any) -> LabelBatch:
    actor = current_actor()
    batch.actor_id, batch.actor = actor.id, actor.name
    batch.requested = sum(one.copies for one in requested)
    batch.title = _title(requested)
    with transaction() as session:
        session.add(batch)
        session.flush()
        session.execute(
            insert(LabelItem),
            [
                {
                    "batch_id": batch.id,
                    "position": number,
                    "kind": one.kind,
                    "requested": one.code,
                    "copies": one.copies,
                }
                for number, one in enumerate(requested, start=1)
            ],
        )
        batch.job_id = job.enqueue(batch_id=batch.id).id
    return batch


def _title(requested: Sequence[LabelRequest]) -> str:
    more = len(requested) - 1
    return f"{requested[0].code} and {more:,} more" if more else requested[0].code


def _refuse_invalid(requested: Sequence[LabelRequest]) -> None:
    if not requested:
        raise Invalid("items", "Say what to print labels for.")
    for row, one in enumerate(requested):
        if one.kind not in SUBJECTS:
            reason = f"there are no labels for “{one.kind}”."
            raise InvalidRow("items", row, one.kind, reason)
        if not 0 < len(one.code) <= LONGEST_CODE or "\0" in one.code:
            reason = f"a code has 1 to {LONGEST_CODE} characters."
            raise InvalidRow("items", row, one.kind, reason)
        if one.copies < 1:
            raise InvalidRow("items", row, "copies", f"{one.code}: at least one copy.")
    if sum(one.copies for one in requested) > MOST_LABELS:
        raise Invalid("items", f"At most {MOST_LABELS:,} labels at once.")


def _refuse_unknown(batch: LabelBatch, format_: Format) -> None:
    if batch.symbology not in SYMBOLOGIES:
        raise Invalid("symbology", f"There is no symbology called “{batch.symbology}”.")
    if batch.dpi not in DPI:
        raise Invalid("dpi", f"The resolution is one of {', '.join(map(str, DPI))} dpi.")
    if batch.code not in CODES:
        raise Invalid("code", f"The code is one of {', '.join(CODES)}.")
    if not 1 <= batch.start_cell <= format_.cells:
        raise Invalid("start_cell", f"This format has the cells 1 to {format_.cells}.")


def printer_of(printer_id: int | None) -> LabelPrinter | None:
    """The printer that was chosen, if one was.

    Raises:
        Invalid: There is no such printer.
    """
    if printer_id is None:
        return None
    printer = db.session.get(LabelPrinter, printer_id)
    if printer is None:
        raise Invalid("printer_id", "There is no such printer.")
    return printer


def _from_label(batch: LabelBatch, first: int) -> list[LabelRequest]:
    """The items from a label on; what could not be printed had no label."""
    rest, skipped = list[LabelRequest](), first - 1
    for item in db.session.scalars(queries.items(batch.id)):
        if item.error is not None and first > 1:
            continue
        left = item.copies - skipped
        skipped = max(0, skipped - item.copies)
        if left > 0:
            rest.append(LabelRequest(item.kind, item.requested, min(left, item.copies)))
    return rest
