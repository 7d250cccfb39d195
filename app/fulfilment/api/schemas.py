"""What pick & pack tells programs, and what it takes of them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import marshmallow as ma

from app.core.api import PageQuery, Sort
from app.core.totals import EXACT
from app.fulfilment.models import SHORT_REASONS, PickTask
from app.fulfilment.models.tasks import TASK_STATES
from app.stock.api.fields import Quantity

LONGEST = 100
SORTS = {"id": PickTask.id}
LONGEST_SIDE = 100_000  # centimetres


LOT = {"description": "Or serial number"}


class QueueItemSchema(ma.Schema):
    """An order that is ready."""

    order_id = ma.fields.Int()
    order_number = ma.fields.Str()
    customer = ma.fields.Str()
    ship_by = ma.fields.AwareDateTime(allow_none=True)
    lines = ma.fields.Int()
    units = Quantity()


class QueueSchema(ma.Schema):
    """What is ready, the first cut-off first."""

    items = ma.fields.List(ma.fields.Nested(QueueItemSchema))
    total = ma.fields.Int()
    total_is_exact = ma.fields.Bool(metadata={"description": EXACT})


class SessionLineSchema(ma.Schema):
    """A line of a pick task."""

    id = ma.fields.Int()
    order_id = ma.fields.Int()
    sku = ma.fields.Str(attribute="product.sku")
    name = ma.fields.Str(attribute="product.name")
    lot = ma.fields.Str(attribute="lot.code", allow_none=True, metadata=LOT)
    expires_on = ma.fields.Date(attribute="lot.expires_on", allow_none=True)
    location = ma.fields.Str(attribute="location.code")
    quantity = Quantity()
    picked = Quantity()
    state = ma.fields.Str()
    reason = ma.fields.Str(allow_none=True)


class SessionOrderSchema(ma.Schema):
    """An order of a pick task, with its tote. `id` is what `pack` and `complete` take."""

    id = ma.fields.Int()
    order_id = ma.fields.Int()
    order_number = ma.fields.Str(attribute="order.number")
    tote = ma.fields.Str(attribute="tote.code")
    state = ma.fields.Str()
    is_stopped = ma.fields.Bool(
        attribute="is_unseen",
        metadata={"description": "Cancelled in the picker's hands: see `stop`"},
    )


class SessionSchema(ma.Schema):
    """A pick task."""

    id = ma.fields.Int()
    state = ma.fields.Str(validate=ma.validate.OneOf(TASK_STATES))
    claimed_by_id = ma.fields.Int(allow_none=True)
    lease_until = ma.fields.AwareDateTime(allow_none=True)
    is_idle = ma.fields.Function(
        lambda task: task.is_idle(datetime.now(UTC)), metadata={"type": "boolean"}
    )
    orders = ma.fields.List(ma.fields.Nested(SessionOrderSchema))
    lines = ma.fields.List(ma.fields.Nested(SessionLineSchema))


class SessionQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(SORTS)
    state = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *TASK_STATES]))


class ClaimSchema(ma.Schema):
    """Which order is to be picked, if not the next."""

    order_id = ma.fields.Int()


class AssigneeSchema(ma.Schema):
    """Who goes on with a pick task."""

    user_id = ma.fields.Int(strict=True, required=True)


class SessionScanSchema(ma.Schema):
    """A scan; the same id twice counts once."""

    id = ma.fields.UUID(required=True)
    code = ma.fields.Str(required=True, validate=ma.validate.Length(min=1, max=200))


class SessionShortSchema(ma.Schema):
    """The rest of a line is not there."""

    id = ma.fields.UUID(required=True)
    line_id = ma.fields.Int(required=True)
    reason = ma.fields.Str(required=True, validate=ma.validate.OneOf([*SHORT_REASONS]))


class SessionPackSchema(SessionScanSchema):
    """A piece goes into the parcel of an order."""

    order_id = ma.fields.Int(required=True)


class SessionCompleteSchema(ma.Schema):
    """The parcels of an order leave; all orders of the pick task, if none is named."""

    order_id = ma.fields.Int()
    accept_short = ma.fields.Bool(load_default=False)


class ActionResultSchema(ma.Schema):
    """What became of a scan, and the pick task after it."""

    outcome = ma.fields.Str(metadata={"description": "ok, line, done or wrong"})
    message = ma.fields.Str()
    is_repeat = ma.fields.Bool()
    session = ma.fields.Nested(SessionSchema)


class SessionStepSchema(ma.Schema):
    """A step of the picker; the same id twice counts once."""

    id = ma.fields.UUID(required=True)


class SessionSkipSchema(SessionStepSchema):
    """A line that is left for the end."""

    line_id = ma.fields.Int(required=True, strict=True)


class SessionQuantitySchema(SessionSkipSchema):
    """Several pieces of a line at once."""

    quantity = Quantity(required=True)


class EmptyBinSchema(SessionStepSchema):
    """Whether a bin is as empty as the books say."""

    is_empty = ma.fields.Bool(required=True)


class ParcelLineSchema(ma.Schema):
    """How much of an order line is in a parcel."""

    id = ma.fields.Int()
    order_line_id = ma.fields.Int()
    lot_id = ma.fields.Int(allow_none=True)
    lot = ma.fields.Str(
        attribute="lot.code",
        dump_default=None,
        allow_none=True,
        metadata={"description": "Of goods with lots; a piece's serial number"},
    )
    quantity = Quantity()


class Side(Quantity):
    """A side of a parcel in centimetres, with one decimal."""

    def _deserialize(self, value: Any, *rest: Any, **more: Any) -> Decimal:
        side = super()._deserialize(value, *rest, **more)
        if not 0 < side < LONGEST_SIDE or side != round(side, 1):
            raise ma.ValidationError("Above zero, with at most 1 decimal.")
        return side


class ParcelSchema(ma.Schema):
    """A parcel of an order: what is in it, what it weighs, who brings it."""

    id = ma.fields.Int(dump_only=True)
    number = ma.fields.Int(dump_only=True)
    order_id = ma.fields.Int(dump_only=True)
    state = ma.fields.Str(dump_only=True)
    weight_kg = Quantity(allow_none=True)
    length_cm = Side(allow_none=True)
    width_cm = Side(allow_none=True)
    height_cm = Side(allow_none=True)
    carrier = ma.fields.Str(validate=ma.validate.Length(max=LONGEST))
    tracking = ma.fields.Str(validate=ma.validate.Length(max=LONGEST))
    lines = ma.fields.List(ma.fields.Nested(ParcelLineSchema), dump_only=True)


class ParcelsSchema(ma.Schema):
    """The parcels of an order in a pick task."""

    items = ma.fields.List(ma.fields.Nested(ParcelSchema))


class RepackSchema(SessionStepSchema):
    """So much of a line of a parcel goes elsewhere."""

    line_id = ma.fields.Int(required=True, metadata={"description": "id of a parcel's line"})
    quantity = Quantity(required=True)
    to = ma.fields.Str(
        required=True, metadata={"description": "out, new, or the id of another parcel"}
    )


class PutBackSchema(ma.Schema):
    """Goods of a cancelled order that go from their tote back to a bin."""

    id = ma.fields.Int()
    order_number = ma.fields.Str(attribute="order.number")
    sku = ma.fields.Str(attribute="product.sku")
    lot = ma.fields.Str(attribute="lot.code", allow_none=True, metadata=LOT)
    tote = ma.fields.Str(attribute="tote.code")
    location = ma.fields.Str(attribute="location.code")
    quantity = Quantity()


class PutBacksSchema(ma.Schema):
    """What goes back to its bins, tote by tote."""

    items = ma.fields.List(ma.fields.Nested(PutBackSchema))


class PutBackScanSchema(SessionStepSchema):
    """The bin that goods were put into; another one than planned is scanned twice."""

    code = ma.fields.Str(required=True, validate=ma.validate.Length(min=1, max=200))


class PutBackResultSchema(ma.Schema):
    """What became of a step of a put-back."""

    outcome = ma.fields.Str(metadata={"description": "ok, done or wrong"})
    message = ma.fields.Str()
    is_repeat = ma.fields.Bool()
