"""Counts for programs: what is to be counted, what was found, what is decided about it."""

from typing import Any

import marshmallow as ma
from flask_login import current_user
from sqlalchemy import func, select

from app.core.api import Blueprint, PageQuery, Sort, page_of, page_schema
from app.core.db import db
from app.core.errors import Invalid, in_row, sent_as
from app.core.idempotency import idempotent
from app.core.permissions import may, requires
from app.core.web import one_or_404
from app.counting import queries, services
from app.counting.models import CountTask
from app.counting.models.lines import LINE_STATES
from app.counting.models.tasks import CAUSES, STATES
from app.stock import services as stock
from app.stock.api.fields import NamesProduct, Quantity

bp = Blueprint("counts_api", __name__, url_prefix="/api/v1/counts", description="Counts")

WRONG_STATE = "It is in a state, or in hands, in which this is not done (not_allowed)"
NOTE = ma.validate.Length(max=500)


class CountLineSchema(ma.Schema):
    """What was found of a product; `on_hand` is what the books said at that moment."""

    id = ma.fields.Int()
    round = ma.fields.Int()
    product_id = ma.fields.Int()
    sku = ma.fields.Str(attribute="product.sku")
    lot = ma.fields.Str(
        attribute="lot.code", allow_none=True, metadata={"description": "Or serial number"}
    )
    lot_id = ma.fields.Int(allow_none=True)
    counted = Quantity(allow_none=True)
    on_hand = Quantity(allow_none=True)
    state = ma.fields.Str(validate=ma.validate.OneOf([*LINE_STATES]))
    recount_reason = ma.fields.Str(allow_none=True)
    counted_at = ma.fields.AwareDateTime(allow_none=True)


class CountSchema(ma.Schema):
    """A bin that is to be counted, and why; with a product, only that."""

    id = ma.fields.Int()
    location = ma.fields.Str(attribute="location.code")
    product_id = ma.fields.Int(allow_none=True)
    sku = ma.fields.Str(attribute="product.sku")
    cause = ma.fields.Str(validate=ma.validate.OneOf([*CAUSES]))
    state = ma.fields.Str(validate=ma.validate.OneOf([*STATES]))
    round = ma.fields.Int(metadata={"description": "2 is the recount"})
    note = ma.fields.Str()
    reason = ma.fields.Str(metadata={"description": "The approver's"})
    claimed_by_id = ma.fields.Int(allow_none=True)
    approved_by_id = ma.fields.Int(allow_none=True)
    created_at = ma.fields.AwareDateTime()
    ended_at = ma.fields.AwareDateTime(allow_none=True)


class CountWithLinesSchema(CountSchema):
    """A count, and what was found."""

    lines = ma.fields.List(ma.fields.Nested(CountLineSchema))


class CountQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(queries.SORTS)
    q = ma.fields.Str(load_default="", validate=ma.validate.Length(max=100))
    state = ma.fields.Str(
        load_default="", validate=ma.validate.OneOf(["", "unfinished", *STATES])
    )
    cause = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *CAUSES]))


class NewCountSchema(NamesProduct):
    """What is to be counted: a location, a product, or so many bins not counted for long."""

    location = ma.fields.Str(
        validate=ma.validate.Length(min=1), metadata={"description": "A bin, or a zone's bins"}
    )
    oldest = ma.fields.Int(
        strict=True, validate=ma.validate.Range(min=1, max=services.MOST_BINS)
    )
    with_empty = ma.fields.Bool(load_default=False)
    note = ma.fields.Str(load_default="", validate=NOTE)

    @ma.validates_schema
    def _one_name(self, body: dict[str, Any], **_rest: Any) -> None:
        if sum(name in body for name in ("location", "sku", "product_id", "oldest")) != 1:
            reason = "Give one of location, sku, product_id and oldest."
            raise ma.ValidationError(reason, "location")


class WantedCountSchema(ma.Schema):
    """A bin or a zone, a product wherever it lies, or with both only that product there."""

    location = ma.fields.Str(validate=ma.validate.Length(min=1))
    sku = ma.fields.Str(validate=ma.validate.Length(min=1))

    @ma.validates_schema
    def _something(self, body: dict[str, Any], **_rest: Any) -> None:
        if not body:
            raise ma.ValidationError("Give a location, a sku, or both.", "location")


class CountListSchema(ma.Schema):
    """What is to be counted, line by line: all of it, or nothing."""

    items = ma.fields.List(
        ma.fields.Nested(WantedCountSchema),
        required=True,
        validate=ma.validate.Length(min=1, max=services.MOST_BINS),
    )
    note = ma.fields.Str(load_default="", validate=NOTE)


class CreatedCountsSchema(ma.Schema):
    """The counts that were made; of how many more bins there was one already."""

    items = ma.fields.List(ma.fields.Nested(CountSchema))
    skipped = ma.fields.Int()


class ApprovalSchema(ma.Schema):
    """Why the differences are right; `release` frees reservations that are not covered."""

    reason = ma.fields.Str(required=True, validate=NOTE)
    release = ma.fields.Bool(load_default=False)


class CountReversalSchema(ma.Schema):
    """Why a count that was posted is taken back."""

    reason = ma.fields.Str(required=True, validate=ma.validate.And(ma.validate.Length(1), NOTE))


class CountCancellationSchema(ma.Schema):
    """Why it is not counted."""

    reason = ma.fields.Str(load_default="", validate=NOTE)


class CountScanSchema(ma.Schema):
    """A scan of the bin or of a piece; the same id twice counts once."""

    id = ma.fields.UUID(required=True)
    code = ma.fields.Str(required=True, validate=ma.validate.Length(min=1, max=200))


class CountQuantitySchema(ma.Schema):
    """How many there are of a line's product in all."""

    id = ma.fields.UUID(required=True)
    line_id = ma.fields.Int(required=True, strict=True)
    quantity = Quantity(required=True)


class CountStepSchema(ma.Schema):
    """A step of the counter; the same id twice counts once."""

    id = ma.fields.UUID(required=True)


class CountResultSchema(ma.Schema):
    """What became of a step. What the books say is not told to who counts."""

    outcome = ma.fields.Str(metadata={"description": "ok, line, done or wrong"})
    message = ma.fields.Str()
    is_repeat = ma.fields.Bool()


@bp.get("")
@requires("counting.view")
@bp.arguments(CountQuery, location="query")
@bp.response(200, page_schema(CountSchema))
def list_counts(query: dict[str, Any]) -> dict[str, Any]:
    """List counts."""
    found = queries.counts(
        search=query.pop("q"), state=query.pop("state"), cause=query.pop("cause")
    )
    return page_of(found, query, sorts=queries.SORTS)


@bp.post("")
@requires("counting.manage")
@sent_as(product="sku", number="oldest")
@idempotent
@bp.arguments(NewCountSchema)
@bp.response(201, CreatedCountsSchema)
@bp.alt_response(409, description="All of it is being counted already (not_allowed)")
def create_counts(body: dict[str, Any]) -> dict[str, Any]:
    """Have a location, a product, or what nobody has counted for long counted."""
    return _shown(_created(body))


@bp.post("/lists")
@requires("counting.manage")
@sent_as(lines="items")
@idempotent
@bp.arguments(CountListSchema)
@bp.response(201, CreatedCountsSchema)
@bp.alt_response(409, description="All of it is being counted already (not_allowed)")
def create_count_list(body: dict[str, Any]) -> dict[str, Any]:
    """Have several bins, zones and products counted at once."""
    wanted = []
    for row, item in enumerate(body["items"]):
        with in_row("items", row):
            wanted.append(_wanted(item))
    return _shown(services.count_lines(wanted, note=body["note"]))


def _wanted(item: dict[str, str]) -> services.WantedCount:
    place = stock.find_location(item["location"]) if "location" in item else None
    return services.WantedCount(place, _product(item["sku"]) if "sku" in item else None)


def _product(sku: str) -> int:
    found = db.session.scalar(select(func.product_with_sku(sku)))
    if found is None:
        raise Invalid("sku", f"There is no product {sku}.")
    return int(found)


def _shown(created: services.CreatedCounts) -> dict[str, Any]:
    ids = [count.id for count in created.counts]
    made = queries.counts().where(CountTask.id.in_(ids)).order_by(CountTask.id)
    return {"items": db.session.scalars(made).all(), "skipped": created.skipped}


@bp.get("/<int:count_id>")
@requires("counting.view")
@bp.response(200, CountWithLinesSchema)
def get_count(count_id: int) -> CountTask:
    """Show a count, and what was found."""
    return one_or_404(queries.count(count_id))


@bp.post("/<int:count_id>/approve")
@requires("counting.approve")
@idempotent
@bp.arguments(ApprovalSchema)
@bp.response(200, CountWithLinesSchema)
@bp.alt_response(409, description=f"{WRONG_STATE}, or reservations_not_covered")
def approve_count(body: dict[str, Any], count_id: int) -> CountTask:
    """Approve the differences: the books say from now on what was found."""
    one_or_404(queries.count(count_id))
    services.approve(count_id, reason=body["reason"], releases=body["release"])
    return _fresh(count_id)


@bp.post("/<int:count_id>/recount")
@requires("counting.approve")
@idempotent
@bp.response(200, CountWithLinesSchema)
@bp.alt_response(409, description=WRONG_STATE)
def recount(count_id: int) -> CountTask:
    """Ask for a recount of what differs."""
    one_or_404(queries.count(count_id))
    services.request_recount(count_id)
    return _fresh(count_id)


@bp.post("/<int:count_id>/reversal")
@requires("counting.approve")
@idempotent
@bp.arguments(CountReversalSchema)
@bp.response(200, CountWithLinesSchema)
@bp.alt_response(409, description=f"{WRONG_STATE}, counted again since, or insufficient_stock")
def reverse_count(body: dict[str, Any], count_id: int) -> CountTask:
    """Undo a count that was posted: each difference goes back through the ledger."""
    one_or_404(queries.count(count_id))
    services.undo_count(count_id, reason=body["reason"])
    return _fresh(count_id)


@bp.post("/<int:count_id>/cancel")
@requires("counting.manage")
@idempotent
@bp.arguments(CountCancellationSchema)
@bp.response(200, CountWithLinesSchema)
@bp.alt_response(409, description=WRONG_STATE)
def cancel_count(body: dict[str, Any], count_id: int) -> CountTask:
    """Cancel a count: nothing of it is posted."""
    one_or_404(queries.count(count_id))
    services.cancel(count_id, reason=body["reason"])
    return _fresh(count_id)


@bp.post("/<int:count_id>/claim")
@requires("counting.count")
@bp.response(200, CountResultSchema)
@bp.alt_response(409, description=WRONG_STATE)
def claim_count(count_id: int) -> dict[str, Any]:
    """Take a count into hand; who has it already keeps it."""
    one_or_404(queries.count(count_id))
    services.claim(count_id, _counter())
    return {"outcome": "ok", "message": "Scan the bin.", "is_repeat": False}


@bp.post("/<int:count_id>/release")
@requires("counting.count")
@bp.response(200, CountResultSchema)
@bp.alt_response(409, description=WRONG_STATE)
def release_count(count_id: int) -> dict[str, Any]:
    """Give a count back; with `counting.manage` also somebody else's."""
    one_or_404(queries.count(count_id))
    services.release(count_id, user_id=None if may("counting.manage") else current_user.id)
    return {"outcome": "ok", "message": "Somebody else may count it.", "is_repeat": False}


@bp.post("/<int:count_id>/scan")
@requires("counting.count")
@bp.arguments(CountScanSchema)
@bp.response(200, CountResultSchema)
@bp.alt_response(409, description=WRONG_STATE)
def scan(body: dict[str, Any], count_id: int) -> Any:
    """Scan the bin, then its pieces; a wrong scan is answered with outcome wrong."""
    one_or_404(queries.count(count_id))
    return services.scan(count_id, _counter(), scan_id=body["id"], code=body["code"])


@bp.post("/<int:count_id>/quantity")
@requires("counting.count")
@bp.arguments(CountQuantitySchema)
@bp.response(200, CountResultSchema)
@bp.alt_response(409, description=WRONG_STATE)
def set_quantity(body: dict[str, Any], count_id: int) -> Any:
    """Say how many there are of a product, where nobody scans each of them."""
    one_or_404(queries.count(count_id))
    scan_id = body.pop("id")
    return services.set_quantity(count_id, _counter(), scan_id=scan_id, **body)


@bp.post("/<int:count_id>/undo")
@requires("counting.count")
@bp.arguments(CountStepSchema)
@bp.response(200, CountResultSchema)
@bp.alt_response(409, description=WRONG_STATE)
def undo(body: dict[str, Any], count_id: int) -> Any:
    """Undo what was counted last."""
    one_or_404(queries.count(count_id))
    return services.undo(count_id, _counter(), scan_id=body["id"])


@bp.post("/<int:count_id>/empty")
@requires("counting.count")
@bp.arguments(CountStepSchema)
@bp.response(200, CountResultSchema)
@bp.alt_response(409, description=WRONG_STATE)
def report_empty(body: dict[str, Any], count_id: int) -> Any:
    """Say that nothing lies in the bin."""
    one_or_404(queries.count(count_id))
    return services.report_empty(count_id, _counter(), scan_id=body["id"])


@bp.post("/<int:count_id>/finish")
@requires("counting.count")
@bp.arguments(CountStepSchema)
@bp.response(200, CountResultSchema)
@bp.alt_response(409, description=WRONG_STATE)
def finish(body: dict[str, Any], count_id: int) -> Any:
    """End the count: what agrees is done, what differs waits for approval or a recount."""
    one_or_404(queries.count(count_id))
    return services.finish(count_id, _counter(), scan_id=body["id"])


def _created(body: dict[str, Any]) -> services.CreatedCounts:
    note = body["note"]
    if "oldest" in body:
        return services.count_oldest(body["oldest"], note=note)
    if "location" in body:
        place = stock.find_location(body["location"])
        return services.count_location(place, with_empty=body["with_empty"], note=note)
    product_id = body.get("product_id") or _product(body["sku"])
    return services.count_product(product_id, note=note)


def _counter() -> services.Counter:
    return services.Counter(user_id=current_user.id, device="api")


def _fresh(count_id: int) -> CountTask:
    return one_or_404(queries.count(count_id).execution_options(populate_existing=True))
