"""Cycles, rows and forecasts as programs see them."""

from typing import Any

import marshmallow as ma

from app.catalog.api.fields import Cost, Number
from app.core.quantities import MONEY_DECIMALS, QUANTITY_DECIMALS
from app.core.schemas import Text
from app.core.texts import parse_text
from app.planning.models import CYCLE_STATUSES, LONGEST_HORIZON, METHODS, SUBMISSION_STATUSES
from app.planning.models.cycles import MOST_PERCENT
from app.planning.models.prices import PRICE_DECIMALS
from app.planning.services.matrix import LONGEST_HISTORY


def _quantity(**more: Any) -> Number:
    """Make a field for a quantity that may not be known."""
    return Number(allow_none=True, decimals=QUANTITY_DECIMALS, **more)


class SubmissionSchema(ma.Schema):
    """What one rep hands in."""

    id = ma.fields.Int()
    cycle_id = ma.fields.Int()
    user_id = ma.fields.Int()
    name = ma.fields.Str(attribute="user.name")
    status = ma.fields.Str(validate=ma.validate.OneOf([*SUBMISSION_STATUSES]))
    reason = ma.fields.Str(metadata={"description": "Why it was returned"})
    submitted_at = ma.fields.DateTime(allow_none=True)
    decided_at = ma.fields.DateTime(allow_none=True)
    reminded_at = ma.fields.DateTime(allow_none=True)


class CycleSchema(ma.Schema):
    """A round of planning."""

    id = ma.fields.Int(dump_only=True)
    month = ma.fields.Date(
        required=True, metadata={"description": "A day of the first month that is forecast"}
    )
    months = ma.fields.Int(
        required=True, strict=True, validate=ma.validate.Range(1, LONGEST_HORIZON)
    )
    due_on = ma.fields.Date(required=True)
    threshold = ma.fields.Int(
        required=True,
        strict=True,
        validate=ma.validate.Range(0, MOST_PERCENT),
        metadata={"description": "Percent off the baseline that ask for a reason; 0: none do"},
    )
    note = Text(parse_text)
    rep_ids = ma.fields.List(ma.fields.Int(strict=True), required=True)
    reminder_subject = ma.fields.Str(validate=ma.validate.Length(max=300))
    reminder_text = ma.fields.Str(validate=ma.validate.Length(max=10_000))
    status = ma.fields.Str(dump_only=True, validate=ma.validate.OneOf([*CYCLE_STATUSES]))
    opened_at = ma.fields.DateTime(dump_only=True, allow_none=True)
    closed_at = ma.fields.DateTime(dump_only=True, allow_none=True)
    submissions = ma.fields.List(ma.fields.Nested(SubmissionSchema), dump_only=True)
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})
    created_at = ma.fields.DateTime(dump_only=True)
    updated_at = ma.fields.DateTime(dump_only=True)


class PlannedCycleSchema(CycleSchema):
    """A cycle to be made."""

    copies = ma.fields.Bool(
        load_default=False,
        load_only=True,
        metadata={"description": "With the matrix of the newest cycle"},
    )


class FillSchema(ma.Schema):
    """From which sales the matrix is filled."""

    months = ma.fields.Int(
        load_default=12, strict=True, validate=ma.validate.Range(1, LONGEST_HISTORY)
    )
    others_id = ma.fields.Int(
        load_default=None,
        allow_none=True,
        strict=True,
        metadata={"description": "The rep who takes what nobody is known for"},
    )


class FilledSchema(ma.Schema):
    """How many rows are new, and how many nobody is known for."""

    added = ma.fields.Int()
    left_out = ma.fields.Int()


class RemindedSchema(ma.Schema):
    """How many mails wait to be sent."""

    people = ma.fields.Int()


class MailSchema(ma.Schema):
    """A reminder as it was sent."""

    to = ma.fields.Str()
    subject = ma.fields.Str()
    text = ma.fields.Str()
    warning = ma.fields.Str(
        metadata={"description": "What its reader will miss; empty: nothing"}
    )


class AssignmentSchema(ma.Schema):
    """Who forecasts a row."""

    user_id = ma.fields.Int(required=True, strict=True)


class RowSchema(AssignmentSchema):
    """A customer and a product that a rep forecasts."""

    id = ma.fields.Int(dump_only=True)
    cycle_id = ma.fields.Int(dump_only=True)
    customer_id = ma.fields.Int(required=True, strict=True)
    product_id = ma.fields.Int(required=True, strict=True)


class ReturnSchema(ma.Schema):
    """Why it is returned."""

    reason = ma.fields.Str(required=True)


class SubmitSchema(ma.Schema):
    """How blank cells are meant."""

    accepts_blanks = ma.fields.Bool(load_default=False)


class ForecastMonthSchema(ma.Schema):
    """A month of a forecast."""

    month = ma.fields.Date(required=True)
    quantity = _quantity(required=True, metadata={"description": "Null: the baseline counts"})
    version = ma.fields.Int(required=True, strict=True)
    reason = ma.fields.Str()
    comment = ma.fields.Str()
    baseline = _quantity(dump_only=True)
    low = _quantity(dump_only=True)
    high = _quantity(dump_only=True)
    previous = _quantity(dump_only=True, metadata={"description": "Of the cycle before"})
    total = _quantity(dump_only=True, metadata={"description": "What counts"})
    adjusted = _quantity(
        dump_only=True,
        metadata={"description": "What planners have added in the consensus, or taken off"},
    )
    consensus = _quantity(
        dump_only=True, metadata={"description": "What counts, with what planners adjusted"}
    )
    value = Number(
        dump_only=True,
        allow_none=True,
        decimals=MONEY_DECIMALS,
        metadata={"description": "What the total comes to by list price; null without one"},
    )
    margin = Cost(dump_only=True)


class ForecastSchema(ma.Schema):
    """What a rep says of a customer and a product."""

    id = ma.fields.Int(dump_only=True, metadata={"description": "Of the row"})
    cycle_id = ma.fields.Int(dump_only=True)
    user_id = ma.fields.Int(dump_only=True)
    customer_id = ma.fields.Int(dump_only=True)
    customer = ma.fields.Str(dump_only=True)
    product_id = ma.fields.Int(dump_only=True)
    sku = ma.fields.Str(dump_only=True)
    method = ma.fields.Str(dump_only=True, validate=ma.validate.OneOf([*METHODS]))
    method_reason = ma.fields.Str(dump_only=True)
    wape = Number(
        dump_only=True,
        allow_none=True,
        decimals=MONEY_DECIMALS,
        metadata={"description": "Error of the baseline over months it was not shown"},
    )
    currency = ma.fields.Str(dump_only=True, metadata={"description": "Of value and margin"})
    price = Number(
        dump_only=True,
        allow_none=True,
        decimals=PRICE_DECIMALS,
        metadata={
            "description": "Of one unit: today's, or that of the day when the cycle was closed"
        },
    )
    cost = Cost(dump_only=True)
    months = ma.fields.List(ma.fields.Nested(ForecastMonthSchema), required=True)
