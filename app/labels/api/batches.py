"""Labels for programs: ask for a batch, hear how it fares, fetch the PDF."""

from io import BytesIO
from typing import Any

import marshmallow as ma
from flask import Response, jsonify, send_file, url_for
from flask.typing import ResponseReturnValue

from app.core.api import PageQuery, Sort, page_of, page_schema
from app.core.db import db
from app.core.errors import Invalid
from app.core.idempotency import idempotent
from app.core.jobs.models import STATES
from app.core.permissions import ensure, requires
from app.core.web import one_or_404
from app.labels import queries, services
from app.labels.api.blueprint import bp
from app.labels.drawing.dots import DPI
from app.labels.drawing.symbols import SYMBOLOGIES
from app.labels.jobs import draw_labels
from app.labels.models import LabelBatch
from app.labels.models.batches import CODES, MOST_LABELS
from app.labels.services.drawing import SHOWN_ERRORS, row_error
from app.labels.subjects import SUBJECTS

SORTS = {"id": LabelBatch.id}
ONE_OF = ", ".join(SUBJECTS)


class LabelItemSchema(ma.Schema):
    """One thing, named by one of its fields, and how many labels it gets."""

    sku = ma.fields.Str(metadata={"description": "Or a barcode of the product"})
    location = ma.fields.Str(metadata={"description": "Its code or barcode"})
    lot = ma.fields.Str(metadata={"description": "SKU and lot or serial number: KETTLE/L-7"})
    order_number = ma.fields.Str()
    employee_number = ma.fields.Str()
    copies = ma.fields.Int(load_default=1, validate=ma.validate.Range(min=1, max=MOST_LABELS))

    @ma.validates_schema
    def check_one(self, data: dict[str, Any], **_rest: Any) -> None:
        """Refuse what names nothing, or more than one thing."""
        if len(data.keys() - {"copies"}) != 1:
            raise ma.ValidationError(f"Name one thing, by one of: {ONE_OF}.")


class NewLabelsSchema(ma.Schema):
    """What to print; what is left out is as the format has it."""

    format = ma.fields.Str(required=True, metadata={"description": "L7160, 57x32, ..."})
    start_cell = ma.fields.Int(load_default=1)
    items = ma.fields.List(
        ma.fields.Nested(LabelItemSchema),
        required=True,
        validate=ma.validate.Length(min=1, max=MOST_LABELS),
    )
    symbology = ma.fields.Str(load_default="", validate=ma.validate.OneOf(("", *SYMBOLOGIES)))
    dpi = ma.fields.Int(load_default=None, allow_none=True, validate=ma.validate.OneOf(DPI))
    printer_id = ma.fields.Int(load_default=None, allow_none=True)
    code = ma.fields.Str(
        load_default="sku",
        validate=ma.validate.OneOf(tuple(CODES)),
        metadata={"description": "Which code of a product is printed"},
    )
    price = ma.fields.Bool(load_default=False)


class LabelsStartedSchema(ma.Schema):
    """Where to ask how it fares."""

    id = ma.fields.Int()
    job_id = ma.fields.Int()
    status_url = ma.fields.Str()


class LabelErrorSchema(ma.Schema):
    """Why an item has no label; `row` counts the items from 1."""

    row = ma.fields.Int()
    field = ma.fields.Str()
    value = ma.fields.Str()
    error = ma.fields.Str()


class LabelBatchSchema(ma.Schema):
    """A batch of labels."""

    id = ma.fields.Int()
    title = ma.fields.Str()
    format = ma.fields.Str(attribute="format_name")
    symbology = ma.fields.Str()
    state = ma.fields.Str(validate=ma.validate.OneOf(STATES))
    pages = ma.fields.Int()
    labels = ma.fields.Int()
    failed = ma.fields.Int(metadata={"description": "Items that have no label"})
    pdf_url = ma.fields.Method("pdf_address", metadata={"type": ["string", "null"]})
    created_at = ma.fields.DateTime()

    def pdf_address(self, batch: LabelBatch) -> str | None:
        """Where its PDF is, as far as there is one."""
        return url_for("labels_api.pdf", batch_id=batch.id) if batch.labels else None


class FirstErrors(ma.fields.List[Any]):
    """Which items of a batch have no label, and why."""

    def get_value(self, obj: Any, *_rest: Any, **_more: Any) -> list[Any]:
        """Look them up; a batch itself does not hold them."""
        failed = db.session.scalars(queries.failed_items(obj.id).limit(SHOWN_ERRORS))
        return [row_error(item) for item in failed]


class LabelBatchWithErrorsSchema(LabelBatchSchema):
    """A batch, and its first 100 errors."""

    errors = FirstErrors(ma.fields.Nested(LabelErrorSchema))


class LabelBatchQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(SORTS, default="-id")
    format = ma.fields.Str(load_default="")
    search = ma.fields.Str(load_default="", metadata={"description": "Text in an item"})


@bp.get("")
@requires("labels.view")
@bp.arguments(LabelBatchQuery, location="query")
@bp.response(200, page_schema(LabelBatchSchema))
def index(args: dict[str, Any]) -> dict[str, Any]:
    """List the batches, the newest first."""
    found = queries.batches(search=args.pop("search"), format_name=args.pop("format"))
    return page_of(found, args, sorts=SORTS)


@bp.post("")
@requires("labels.print")
@idempotent
@bp.arguments(NewLabelsSchema)
@bp.response(202, LabelsStartedSchema)
def create(body: dict[str, Any]) -> dict[str, Any]:
    """Print labels, in the background. Things that are unknown are errors of their rows."""
    requested = [_request(item) for item in body.pop("items")]
    for kind in {one.kind for one in requested}:
        ensure(SUBJECTS[kind].permission)
    choices = services.Choices(has_price=body.pop("price"), **body)
    return _started(services.request_batch(requested, choices, draw_labels))


@bp.get("/<int:batch_id>")
@requires("labels.view")
@bp.response(200, LabelBatchWithErrorsSchema)
def show(batch_id: int) -> LabelBatch:
    """Give one batch."""
    return one_or_404(queries.batch(batch_id))


@bp.get("/<int:batch_id>/pdf")
@requires("labels.view")
@bp.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
@bp.alt_response(
    202, schema=LabelsStartedSchema, description="It has expired and is drawn again"
)
@bp.alt_response(409, description="It is still being drawn, or no label could be")
def pdf(batch_id: int) -> ResponseReturnValue:
    """Give the labels of a batch as PDF."""
    batch = one_or_404(queries.batch(batch_id))
    if batch.is_working:
        raise services.NotReady("These labels are still being drawn.")
    if not batch.labels:
        raise services.NotReady("None of these labels can be printed.")
    if batch.file is None or not batch.has_file:
        services.redraw_batch(batch, draw_labels)
        return _accepted(batch)
    return send_file(
        BytesIO(batch.file.content),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=batch.file.name,
    )


def _request(item: dict[str, Any]) -> services.LabelRequest:
    copies = item.pop("copies")
    ((kind, code),) = item.items()
    if kind not in SUBJECTS:
        raise Invalid("items", f"There are no labels by {kind} yet.")
    return services.LabelRequest(kind, code.strip(), copies)


def _started(batch: LabelBatch) -> dict[str, Any]:
    address = url_for("labels_api.show", batch_id=batch.id)
    return {"id": batch.id, "job_id": batch.job_id, "status_url": address}


def _accepted(batch: LabelBatch) -> Response:
    answer = jsonify(_started(batch))
    answer.status_code = 202
    return answer
