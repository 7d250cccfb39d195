"""The history of what was printed, and printing it again."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from werkzeug import Response

from app.core.db import db
from app.core.pages import Action, RecordLink, RecordPage, Resource
from app.labels import queries, services
from app.labels.drawing.symbols import SYMBOLOGIES
from app.labels.forms import RepeatForm
from app.labels.jobs import draw_labels
from app.labels.models import LabelBatch
from app.labels.views.blueprint import bp
from app.labels.views.lists import BATCHES

SHOWN_ERRORS = 200

BATCHES.add_to(bp)


def _context(batch: LabelBatch) -> Mapping[str, Any]:
    """Give what could not be printed."""
    errors: Sequence[Any] = ()
    if batch.failed:
        failed = queries.failed_items(batch.id).limit(SHOWN_ERRORS)
        errors = db.session.scalars(failed).all()
    return {"errors": errors, "symbologies": SYMBOLOGIES}


def _repeat(batch_id: int, **values: Any) -> LabelBatch:
    return services.repeat_batch(BATCH.find(batch_id), draw_labels, **values)


def _redraw(batch_id: int) -> None:
    services.redraw_batch(BATCH.find(batch_id), draw_labels)


def _show(batch: LabelBatch, form: RepeatForm, status: int) -> Response:
    return batch_page.show(batch, form=form, status=status)


BATCH = Resource(
    name="batch",
    area="labels",
    query=queries.batch,
    rule="/<int:batch_id>",
    keys={"batch_id": "id"},
)
repeat = Action(
    resource=BATCH,
    name="create_repeat",
    path="/repeats",
    title="Print again",
    permission="labels.print",
    form=RepeatForm,
    page=_show,
    act=_repeat,
    done="The labels are printed again.",
    leads_on=True,
    leaves=True,
)
redraw = Action(
    resource=BATCH,
    name="create_drawing",
    path="/drawings",
    title="Draw the PDF again",
    permission="labels.view",
    act=_redraw,
    done="The PDF is drawn again.",
    leaves=True,
    kind="primary",
    icon="refresh",
    when=lambda batch: not batch.is_working and batch.labels and not batch.has_file,
)
download = RecordLink(
    label="Download PDF",
    href=lambda batch: batch.file.url,
    kind="primary",
    icon="download",
    when=lambda batch: not batch.is_working and batch.labels and batch.has_file,
)
batch_page = RecordPage(
    resource=BATCH,
    permission="labels.view",
    title="{0.title} · Labels",
    heading="{0.title}",
    subtitle="Batch {0.id}",
    crumbs=lambda _batch: [("Labels", url_for("labels.index"))],
    buttons=(download, redraw),
    body="labels/_batch.html",
    context=_context,
    forms={"form": RepeatForm},
    has_history=False,
)

batch_page.add_to(bp)
for action in (repeat, redraw):
    action.add_to(bp)
