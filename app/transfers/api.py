"""Transfers for programs."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

import marshmallow as ma

from app.catalog.api.fields import Cost
from app.core.api import Blueprint, PageQuery, Sort, page_of, page_schema
from app.core.days import today
from app.core.db import db, retried
from app.core.errors import Invalid, in_row, sent_as
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.web import one_or_404
from app.stock.api.fields import NamesProduct, Quantity
from app.transfers import queries, services
from app.transfers.models import CONDITIONS, EXPLANATIONS, KINDS, STATES, Transfer

bp = Blueprint(
    "transfer_orders_api",
    __name__,
    url_prefix="/api/v1/transfer-orders",
    description="Goods between warehouses, with what is on the way",
)
VIEW, EDIT = "transfers.view", "transfers.edit"
SEND, RECEIVE = "transfers.send", "transfers.receive"
WRONG_STATE = "It is in a state in which this is not done (not_allowed)"
NOTE, LINES = ma.validate.Length(max=500), ma.validate.Length(1, 500)


class TransferOrderWantedSchema(NamesProduct):
    """So much of a product, in its own unit."""

    quantity = Quantity(required=True)


class NewTransferOrderSchema(ma.Schema):
    """What goes from one warehouse to another; those are named by their codes."""

    source = ma.fields.Str(required=True, data_key="from", validate=ma.validate.Length(1, 100))
    destination = ma.fields.Str(
        required=True, data_key="to", validate=ma.validate.Length(1, 100)
    )
    expected_on = ma.fields.Date(load_default=None, allow_none=True)
    items = ma.fields.List(
        ma.fields.Nested(TransferOrderWantedSchema),
        required=True,
        validate=LINES,
    )
    note = ma.fields.Str(load_default="", validate=NOTE)


class TransferOrderLineSchema(ma.Schema):
    """A line; `on_the_way` has left and has not come, and nobody has explained it."""

    id = ma.fields.Int()
    product_id = ma.fields.Int()
    sku = ma.fields.Str(attribute="product.sku")
    quantity = Quantity()
    sent = Quantity()
    received = Quantity()
    lost = Quantity()
    found = Quantity()
    on_the_way = Quantity()


class TransferOrderPartSchema(ma.Schema):
    """So much of a line in a step, where it was taken from or put."""

    item_id = ma.fields.Int(attribute="line_id")
    sku = ma.fields.Str(attribute="line.product.sku")
    lot = ma.fields.Str(
        attribute="lot.code", allow_none=True, metadata={"description": "Or serial number"}
    )
    location = ma.fields.Str(attribute="location.code")
    quantity = Quantity()
    condition = ma.fields.Str(attribute="word")
    unit_cost = Cost()


class TransferOrderStepSchema(ma.Schema):
    """Goods left, arrived, or were accounted for."""

    id = ma.fields.Int()
    kind = ma.fields.Str(validate=ma.validate.OneOf(KINDS))
    note = ma.fields.Str()
    posting_id = ma.fields.Int()
    at = ma.fields.DateTime(attribute="created_at")
    undone_at = ma.fields.DateTime(allow_none=True)
    items = ma.fields.List(ma.fields.Nested(TransferOrderPartSchema), attribute="parts")


class TransferOrderHeadSchema(ma.Schema):
    """A transfer as the list has it."""

    id = ma.fields.Int()
    number = ma.fields.Str()
    source = ma.fields.Str(attribute="source.code", data_key="from")
    destination = ma.fields.Str(attribute="destination.code", data_key="to")
    status = ma.fields.Str(validate=ma.validate.OneOf(STATES))
    expected_on = ma.fields.Date(allow_none=True)
    note = ma.fields.Str()
    created_at = ma.fields.DateTime()
    items = ma.fields.List(ma.fields.Nested(TransferOrderLineSchema), attribute="lines")


class TransferOrderSchema(TransferOrderHeadSchema):
    """A transfer with its steps, the oldest first."""

    steps = ma.fields.List(ma.fields.Nested(TransferOrderStepSchema))


class TransferOrderQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(queries.SORTS)
    q = ma.fields.Str(load_default="", metadata={"description": "Number, SKU or name"})
    status = ma.fields.Str(
        load_default="",
        validate=ma.validate.OneOf(["", *queries.STATES_OF_LIST, *STATES]),
    )
    source = ma.fields.Str(data_key="from", load_default="")
    destination = ma.fields.Str(data_key="to", load_default="")


class TransferOrderMovedSchema(ma.Schema):
    """So much of a line, named by its id, or by its product."""

    item_id = ma.fields.Int(strict=True)
    sku = ma.fields.Str(validate=ma.validate.Length(min=1))
    quantity = Quantity(required=True)

    @ma.validates_schema
    def _one_name(self, body: dict[str, Any], **_rest: Any) -> None:
        if ("sku" in body) == ("item_id" in body):
            raise ma.ValidationError("Give either the SKU or the item_id.", "sku")


class TransferOrderDispatchSchema(ma.Schema):
    """What leaves now; without items, all that is left."""

    items = ma.fields.List(ma.fields.Nested(TransferOrderMovedSchema), validate=LINES)
    rest_follows = ma.fields.Bool(
        load_default=False,
        metadata={"description": "Else what is not sent now is not sent at all"},
    )
    note = ma.fields.Str(load_default="", validate=NOTE)


class TransferOrderArrivedSchema(TransferOrderMovedSchema):
    """What has come, and in which condition; damaged goods are put aside."""

    condition = ma.fields.Str(load_default="good", validate=ma.validate.OneOf(CONDITIONS))


class TransferOrderReceiptSchema(ma.Schema):
    """What has come; without items, all that is on the way."""

    items = ma.fields.List(ma.fields.Nested(TransferOrderArrivedSchema), validate=LINES)
    location = ma.fields.Str(load_default="", validate=ma.validate.Length(max=100))
    note = ma.fields.Str(load_default="", validate=NOTE)


class TransferOrderExplainedSchema(TransferOrderMovedSchema):
    """What became of goods on the way."""

    explanation = ma.fields.Str(required=True, validate=ma.validate.OneOf(EXPLANATIONS))


class TransferOrderExplanationSchema(ma.Schema):
    """What became of a difference."""

    items = ma.fields.List(
        ma.fields.Nested(TransferOrderExplainedSchema),
        required=True,
        validate=LINES,
    )
    note = ma.fields.Str(load_default="", validate=NOTE)


@bp.get("")
@requires(VIEW)
@sent_as(source="from", destination="to")
@bp.arguments(TransferOrderQuery, location="query")
@bp.response(200, page_schema(TransferOrderHeadSchema))
def list_transfer_orders(query: dict[str, Any]) -> dict[str, Any]:
    """List transfers, by `sort=number` or `expected`; `status=open` for all on the way."""
    paging = {name: query.pop(name) for name in ("page", "per_page", "sort")}
    source_id, destination_id = (
        services.warehouse_called(name, code) if (code := query.pop(name)) else None
        for name in ("source", "destination")
    )
    found = queries.transfers(
        search=query.pop("q"),
        source_id=source_id,
        destination_id=destination_id,
        today=today(),
        **query,
    )
    return page_of(found, paging, sorts=queries.SORTS)


@bp.post("")
@requires(EDIT)
@sent_as(source="from", destination="to")
@retried
@idempotent
@bp.arguments(NewTransferOrderSchema)
@bp.response(201, TransferOrderSchema)
def create_transfer_order(body: dict[str, Any]) -> Transfer:
    """Write down what is to go from one warehouse to another: nothing moves yet."""
    made = services.create_transfer(
        [_wanted(row, item) for row, item in enumerate(body["items"])],
        source_id=services.warehouse_called("source", body["source"]),
        destination_id=services.warehouse_called("destination", body["destination"]),
        expected_on=body["expected_on"],
        note=body["note"],
        key=f"api:transfer:{uuid4()}",
    )
    return _fresh(made.id)


@bp.get("/<int:transfer_id>")
@requires(VIEW)
@bp.response(200, TransferOrderSchema)
def get_transfer_order(transfer_id: int) -> Transfer:
    """Show a transfer with all that has happened to it."""
    return _fresh(transfer_id)


@bp.post("/<int:transfer_id>/send")
@requires(SEND)
@retried
@idempotent
@bp.arguments(TransferOrderDispatchSchema)
@bp.response(200, TransferOrderSchema)
@bp.alt_response(409, description=f"{WRONG_STATE}, or too few are available")
def send_transfer_order(body: dict[str, Any], transfer_id: int) -> Transfer:
    """Let goods leave: they are on the way, and incoming where they go to."""
    transfer = _fresh(transfer_id)
    items = _items(transfer, body.pop("items", None), lambda line: line.to_send)
    services.send_transfer(transfer_id, items, key=f"api:send:{uuid4()}", **body)
    return _fresh(transfer_id)


@bp.post("/<int:transfer_id>/receive")
@requires(RECEIVE)
@retried
@idempotent
@bp.arguments(TransferOrderReceiptSchema)
@bp.response(200, TransferOrderSchema)
@bp.alt_response(409, description=WRONG_STATE)
def receive_transfer_order(body: dict[str, Any], transfer_id: int) -> Transfer:
    """Take in what has come: partly, more than once, damaged."""
    transfer = _fresh(transfer_id)
    items = _items(transfer, body.pop("items", None), lambda line: line.on_the_way, "good")
    place = services.place_in(transfer.destination, body.pop("location"))
    services.receive_transfer(
        transfer_id, items, location_id=place, key=f"api:receive:{uuid4()}", **body
    )
    return _fresh(transfer_id)


@bp.post("/<int:transfer_id>/explain")
@requires(RECEIVE)
@retried
@idempotent
@bp.arguments(TransferOrderExplanationSchema)
@bp.response(200, TransferOrderSchema)
@bp.alt_response(409, description=WRONG_STATE)
def explain_transfer_order(body: dict[str, Any], transfer_id: int) -> Transfer:
    """Say what became of goods on the way: lost, damaged, stolen, or found on top."""
    items = _items(_fresh(transfer_id), body["items"], lambda line: line.on_the_way)
    services.explain_difference(
        transfer_id, items, key=f"api:explain:{uuid4()}", note=body["note"]
    )
    return _fresh(transfer_id)


@bp.post("/<int:transfer_id>/cancel")
@requires(EDIT)
@retried
@idempotent
@bp.response(200, TransferOrderSchema)
@bp.alt_response(409, description=WRONG_STATE)
def cancel_transfer_order(transfer_id: int) -> Transfer:
    """Cancel a transfer of which nothing has left."""
    one_or_404(queries.transfer(transfer_id))
    services.cancel_transfer(transfer_id)
    return _fresh(transfer_id)


@bp.post("/<int:transfer_id>/steps/<int:step_id>/reversal")
@requires(RECEIVE)
@retried
@idempotent
@bp.response(200, TransferOrderSchema)
@bp.alt_response(409, description="Undone already, or its goods are not there any more")
def undo_transfer_step(transfer_id: int, step_id: int) -> Transfer:
    """Undo a step: its goods lie again where they lay before."""
    one_or_404(queries.step(transfer_id, step_id))
    services.undo_step(transfer_id, step_id)
    return _fresh(transfer_id)


def _fresh(transfer_id: int) -> Transfer:
    db.session.flush()
    query = queries.transfer(transfer_id).execution_options(populate_existing=True)
    return one_or_404(query)


def _wanted(row: int, item: Mapping[str, Any]) -> services.Wanted:
    with in_row("items", row):
        product_id = item.get("product_id") or services.find_product(item["sku"])
    return services.Wanted(product_id, item["quantity"])


def _items(
    transfer: Transfer,
    items: Iterable[Mapping[str, Any]] | None,
    rest: Any,
    word: str = "",
) -> list[services.Said]:
    """Give what is said of the lines; with nothing said, the rest of each."""
    if items is None:
        rests: list[tuple[int, Decimal]] = [(line.id, rest(line)) for line in transfer.lines]
        return [services.Said(number, left, word) for number, left in rests if left > 0]
    return [
        services.Said(
            _line_id(transfer, row, item),
            item["quantity"],
            item.get("condition") or item.get("explanation") or "",
        )
        for row, item in enumerate(items)
    ]


def _line_id(transfer: Transfer, row: int, item: Mapping[str, Any]) -> int:
    if "item_id" in item:
        return int(item["item_id"])
    with in_row("items", row):
        product_id = services.find_product(item["sku"])
        for line in transfer.lines:
            if line.product_id == product_id:
                return line.id
        raise Invalid("sku", f"{transfer.number} has no line of it.")
