"""Drawing a batch: the good labels are printed, and of the others it is said why not."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import update

from app.core.db import db, transaction
from app.core.files import StoredFile, store_file
from app.labels import queries
from app.labels.drawing.errors import Unprintable
from app.labels.drawing.faces import Face
from app.labels.drawing.placing import Label, place
from app.labels.drawing.preview import first_page
from app.labels.drawing.printing import print_labels
from app.labels.drawing.sheets import Paper, page_count
from app.labels.models import LabelBatch, LabelItem
from app.labels.subjects import SUBJECTS, Wanted

SHOWN_ERRORS = 100
LOOKED_UP = 1000  # things at once
PERMISSION = "labels.view"

Report = Callable[[int, int], None]


def draw_batch(batch_id: int, report: Report = lambda _done, _total: None) -> dict[str, Any]:
    """Draw the labels of a batch and keep them as PDF, with a picture of the first page.

    What the labels say is looked up the first time only. Doing it again draws the same.

    Raises:
        PdfUnavailable: This machine lacks Pango.
        Cancelled: Somebody has asked to stop.
    """
    batch = db.session.get_one(LabelBatch, batch_id)
    items = db.session.scalars(queries.items(batch_id)).all()
    if not batch.is_drawn:
        _look_up(batch, items)
    paper = batch.paper
    labels = [label for item in items for label in _placed(item, paper, batch.symbology)]
    report(0, len(labels))
    content = b""
    if labels:
        content = print_labels(
            labels,
            paper,
            start_cell=batch.start_cell,
            tell=lambda done: report(done, len(labels)),
        )
    _keep(batch, items, len(labels), content)
    return _result(batch, items)


def _look_up(batch: LabelBatch, items: Sequence[LabelItem]) -> None:
    wanted = Wanted(batch.symbology, batch.code, batch.has_price)
    kinds = defaultdict[str, list[LabelItem]](list)
    for item in items:
        kinds[item.kind].append(item)
    for kind, members in kinds.items():
        subject = SUBJECTS[kind]
        for first in range(0, len(members), LOOKED_UP):
            some = members[first : first + LOOKED_UP]
            answers = subject.faces([item.asked for item in some], wanted)
            for item in some:
                unknown = f"There is no {subject.noun} {item.asked}."
                _answer(item, answers.get(item.asked, unknown))


def _answer(item: LabelItem, answer: Face | str) -> None:
    if isinstance(answer, Face):
        item.face, item.error = answer.values, None
    else:
        item.face, item.error = None, answer


def _placed(item: LabelItem, paper: Paper, symbology: str) -> list[Label]:
    """All copies of an item's label; none if it cannot be printed, with the reason in it."""
    face = item.says
    if face is None:
        return []
    try:
        label = place(face, size=paper.format.size, symbology=symbology, dpi=paper.dpi)
    except Unprintable as error:
        item.error = str(error)
        return []
    return [label] * item.copies


def _keep(batch: LabelBatch, items: Sequence[LabelItem], labels: int, content: bytes) -> None:
    """Write what came of it."""
    rows = [{"id": item.id, "face": item.face, "error": item.error} for item in items]
    with transaction() as session:
        session.execute(update(LabelItem), rows)
        batch.labels = labels
        format_ = batch.label_format
        batch.pages = page_count(labels, format_=format_, start_cell=batch.start_cell)
        batch.failed = sum(1 for item in items if item.error is not None)
        batch.is_drawn = True
        batch.file_id = batch.preview_id = None
        if content:
            name = f"labels-{batch.id}"
            batch.file_id = _stored(f"{name}.pdf", content, "application/pdf").id
            batch.preview_id = _stored(f"{name}.png", first_page(content), "image/png").id


def _stored(name: str, content: bytes, content_type: str) -> StoredFile:
    return store_file(name, content, content_type=content_type, permission=PERMISSION)


def _result(batch: LabelBatch, items: Sequence[LabelItem]) -> dict[str, Any]:
    failed = [item for item in items if item.error is not None]
    return {
        "labels": batch.labels,
        "pages": batch.pages,
        "failed": batch.failed,
        "errors": [row_error(item) for item in failed[:SHOWN_ERRORS]],
        "file_url": f"/files/{batch.file_id}" if batch.file_id else None,
    }


def row_error(item: LabelItem) -> dict[str, Any]:
    """Say what is wrong with an item, in the words of every list of wrong rows."""
    return {
        "row": item.position,
        "field": item.kind,
        "value": item.asked,
        "error": item.error,
    }
