"""One batch of labels, and printing it again."""

from typing import Any

from flask import url_for
from werkzeug import Response

from app.core.db import db
from app.core.errors import DomainError
from app.core.permissions import requires
from app.core.web import one_or_404, render, respond_redirect
from app.labels import queries, services
from app.labels.drawing.symbols import SYMBOLOGIES
from app.labels.forms import RepeatForm
from app.labels.jobs import draw_labels
from app.labels.models import LabelBatch
from app.labels.views.blueprint import bp
from app.labels.views.lists import BATCHES

SHOWN_ERRORS = 200

BATCHES.add_to(bp)


@bp.get("/<int:batch_id>")
@requires("labels.view")
def show(batch_id: int) -> Response:
    """Show one batch: how far it is, its first page, and what could not be printed."""
    return _page(one_or_404(queries.batch(batch_id)), RepeatForm())


@bp.post("/<int:batch_id>/repeats")
@requires("labels.print")
def create_repeat(batch_id: int) -> Response:
    """Print it again, whole or from a label on, with what its labels say now."""
    batch, form = one_or_404(queries.batch(batch_id)), RepeatForm()
    if not form.validate_on_submit():
        return _page(batch, form, 422)
    try:
        again = services.repeat_batch(batch, draw_labels, **form.values)
    except DomainError as error:
        return _page(batch, form, form.refuse(error))
    return respond_redirect(
        url_for(".show", batch_id=again.id), "The labels are printed again."
    )


@bp.post("/<int:batch_id>/drawings")
@requires("labels.view")
def create_drawing(batch_id: int) -> Response:
    """Draw the PDF once more that is not kept any longer."""
    batch = one_or_404(queries.batch(batch_id))
    services.redraw_batch(batch, draw_labels)
    return respond_redirect(url_for(".show", batch_id=batch.id), "The PDF is drawn again.")


def _page(batch: LabelBatch, form: RepeatForm, status: int = 200) -> Response:
    errors: list[Any] = []
    if batch.failed:
        failed = queries.failed_items(batch.id).limit(SHOWN_ERRORS)
        errors = list(db.session.scalars(failed))
    return render(
        "labels/show.html",
        fragment="record",
        status=status,
        batch=batch,
        form=form,
        errors=errors,
        symbologies=SYMBOLOGIES,
    )
