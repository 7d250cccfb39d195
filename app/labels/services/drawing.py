"""Drawing a batch: the good labels are printed, and of the others it is said why not."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from app.core.db import db, transaction
from app.core.files import StoredFile, store_file
from app.labels import queries
from app.labels.drawing.contents import LabelContent
from app.labels.drawing.errors import Unprintable
from app.labels.drawing.placing import Label, place
from app.labels.drawing.preview import first_page
from app.labels.drawing.printing import print_labels
from app.labels.drawing.sheets import Paper, page_count
from app.labels.models import LabelBatch, LabelItem
from app.labels.subjects import SUBJECTS, LabelOptions, Subject

SHOWN_ERRORS = 100
LOOKED_UP = 1000  # things at once
PERMISSION = "labels.view"

Report = Callable[[int, int], None]


@dataclass(slots=True)
class _Line:
    """An item while it is worked on: a row would be written whenever progress is reported."""

    id: int
    position: int
    kind: str
    requested: str
    copies: int
    content: LabelContent | None
    error: str | None

    @property
    def outcome(self) -> dict[str, Any]:
        """What is kept of it."""
        return {
            "id": self.id,
            "content": self.content and self.content.values,
            "error": self.error,
        }


def draw_batch(batch_id: int, report: Report = lambda _done, _total: None) -> dict[str, Any]:
    """Draw the labels of a batch and keep them as PDF, with a picture of the first page.

    What the labels say is looked up the first time only. Doing it again draws the same.

    Raises:
        PdfUnavailable: This machine lacks Pango.
        Cancelled: Somebody has asked to stop.
    """
    batch = db.session.get_one(LabelBatch, batch_id)
    paper, lines = batch.paper, _lines(batch_id)
    if not batch.is_drawn:
        _look_up(batch, lines)
    labels = [label for line in lines for label in _placed(line, paper, batch.symbology)]
    report(0, len(labels))
    content = b""
    if labels:
        content = print_labels(
            labels,
            paper,
            start_cell=batch.start_cell,
            report=lambda done: report(done, len(labels)),
            pictures=_pictures,
        )
    _keep(batch, lines, len(labels), content)
    return _result(batch, lines)


def _lines(batch_id: int) -> list[_Line]:
    columns = (LabelItem.id, LabelItem.position, LabelItem.kind, LabelItem.requested)
    more = (LabelItem.copies, LabelItem.content, LabelItem.error)
    rows = db.session.execute(queries.items(batch_id).with_only_columns(*columns, *more))
    return [
        _Line(
            number,
            position,
            kind,
            requested,
            copies,
            LabelContent.of(content) if content else None,
            error,
        )
        for number, position, kind, requested, copies, content, error in rows
    ]


def _look_up(batch: LabelBatch, lines: Sequence[_Line]) -> None:
    wanted = LabelOptions(batch.symbology, batch.code, batch.has_price)
    kinds = defaultdict[str, list[_Line]](list)
    for line in lines:
        kinds[line.kind].append(line)
    for kind, members in kinds.items():
        for first in range(0, len(members), LOOKED_UP):
            _answer(SUBJECTS[kind], members[first : first + LOOKED_UP], wanted)


def _answer(subject: Subject, lines: Sequence[_Line], wanted: LabelOptions) -> None:
    answers = subject.contents([line.requested for line in lines], wanted)
    for line in lines:
        answer = answers.get(line.requested, f"There is no {subject.noun} {line.requested}.")
        if isinstance(answer, LabelContent):
            line.content, line.error = answer, None
        else:
            line.content, line.error = None, answer


def _placed(line: _Line, paper: Paper, symbology: str) -> list[Label]:
    """All copies of an item's label; none if it cannot be printed, with the reason in it."""
    if line.content is None:
        return []
    try:
        label = place(line.content, size=paper.format.size, symbology=symbology, dpi=paper.dpi)
    except Unprintable as error:
        line.error = str(error)
        return []
    return [label] * line.copies


def _pictures(ids: Collection[int]) -> dict[int, bytes]:
    """Read pictures; one that is gone is printed nowhere any more."""
    found = select(StoredFile.id, StoredFile.content).where(StoredFile.id.in_(ids))
    return dict(db.session.execute(found).all()) if ids else {}


def _keep(batch: LabelBatch, lines: Sequence[_Line], labels: int, content: bytes) -> None:
    """Write what came of it."""
    with transaction() as session:
        session.execute(update(LabelItem), [line.outcome for line in lines])
        format_ = batch.label_format
        batch.labels = labels
        batch.pages = page_count(labels, format_=format_, start_cell=batch.start_cell)
        batch.failed = sum(1 for line in lines if line.error is not None)
        batch.is_drawn = True
        batch.file_id = batch.preview_id = None
        if content:
            name = f"labels-{batch.id}"
            batch.file_id = _stored(f"{name}.pdf", content, "application/pdf").id
            batch.preview_id = _stored(f"{name}.png", first_page(content), "image/png").id


def _stored(name: str, content: bytes, content_type: str) -> StoredFile:
    return store_file(name, content, content_type=content_type, permission=PERMISSION)


def _result(batch: LabelBatch, lines: Sequence[_Line]) -> dict[str, Any]:
    failed = [line for line in lines if line.error is not None]
    return {
        "labels": batch.labels,
        "pages": batch.pages,
        "failed": batch.failed,
        "errors": [row_error(line) for line in failed[:SHOWN_ERRORS]],
        "file_url": f"/files/{batch.file_id}" if batch.file_id else None,
    }


def row_error(item: LabelItem | _Line) -> dict[str, Any]:
    """Say what is wrong with an item, in the words of every list of wrong rows."""
    return {
        "row": item.position,
        "field": item.kind,
        "value": item.requested,
        "error": item.error,
    }
