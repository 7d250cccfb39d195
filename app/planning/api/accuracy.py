"""Accuracy for programs."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import marshmallow as ma

from app.catalog.api.fields import Number
from app.core.api import Blueprint
from app.core.errors import Invalid
from app.core.pages.asked import read
from app.core.permissions import requires
from app.core.quantities import MONEY_DECIMALS, QUANTITY_DECIMALS
from app.planning.filters import FILTERS, USUAL_LEVEL, USUAL_ROWS, USUAL_SAID, wanted_of
from app.planning.models import LONGEST_HORIZON
from app.planning.services.accuracy import LEVELS, ROWS, SAID, Accuracy, measure

bp = Blueprint(
    "sop_accuracy_api",
    __name__,
    url_prefix="/api/v1/sop/accuracy",
    description="How far forecasts were from what was sold",
)


class AccuracyQuery(ma.Schema):
    """Filters of accuracy. Without a period it is the last twelve months that are measured."""

    since = ma.fields.Date(data_key="from", load_default=None)
    until = ma.fields.Date(data_key="to", load_default=None)
    group_by = ma.fields.Str(load_default=USUAL_ROWS, validate=ma.validate.OneOf([*ROWS]))
    lag = ma.fields.Int(
        load_default=1,
        validate=ma.validate.Range(1, LONGEST_HORIZON),
        metadata={"description": "Months ahead; 1 is the first month of a cycle"},
    )
    stage = ma.fields.Str(load_default=USUAL_SAID, validate=ma.validate.OneOf([*SAID]))
    level = ma.fields.Str(
        load_default=USUAL_LEVEL,
        validate=ma.validate.OneOf([*LEVELS]),
        metadata={"description": "What errors are added up of: each row, or each product"},
    )
    cycle = ma.fields.Int(load_default=None, metadata={"description": "Its id"})
    rep = ma.fields.Int(load_default=None, metadata={"description": "Id of the user"})
    customer = ma.fields.Str(load_default="", metadata={"description": "Its code"})
    product = ma.fields.Str(load_default="", metadata={"description": "Its SKU"})


class _Part(Number):
    """A part of 1; below zero where something is less or worse."""

    def __init__(self, description: str) -> None:
        super().__init__(
            allow_none=True, decimals=MONEY_DECIMALS, metadata={"description": description}
        )


class AccuracyRowSchema(ma.Schema):
    """How far the forecasts of a row were, as parts of what was sold."""

    key = ma.fields.Str(metadata={"description": "Month, lag or id"})
    label = ma.fields.Str()
    detail = ma.fields.Str(metadata={"description": "Name of a product or a customer"})
    cells = ma.fields.Int(metadata={"description": "Forecasts that are measured"})
    left_out = ma.fields.Int(
        metadata={"description": "Without a baseline or without what is measured"}
    )
    sold = Number(decimals=QUANTITY_DECIMALS)
    wape = _Part("Sum of errors by sum of sales")
    baseline_wape = _Part("The same of the baselines")
    naive_wape = _Part("The same of what was sold a year before")
    mase = _Part(
        "Mean of errors by how far each history was from the year before; null where no "
        "history is longer than a year"
    )
    baseline_mase = _Part("The same of the baselines")
    naive_mase = _Part("The same of what was sold a year before")
    bias = _Part("Too much is above zero")
    added_to_baseline = _Part("WAPE of the baseline less that of the forecast")
    added_to_naive = _Part("WAPE of the year before less that of the forecast")


class AccuracySchema(ma.Schema):
    """The rows, and all of them together."""

    since = ma.fields.Date(attribute="wanted.since", data_key="from")
    until = ma.fields.Date(attribute="wanted.until", data_key="to")
    group_by = ma.fields.Str(attribute="wanted.rows")
    lag = ma.fields.Int(attribute="wanted.lag")
    stage = ma.fields.Str(attribute="wanted.said")
    level = ma.fields.Str(attribute="wanted.level")
    rows = ma.fields.List(ma.fields.Nested(AccuracyRowSchema))
    total = ma.fields.Nested(AccuracyRowSchema, allow_none=True)


@bp.get("")
@requires("forecasts.view")
@bp.arguments(AccuracyQuery, location="query")
@bp.response(200, AccuracySchema)
def get_accuracy(query: dict[str, Any]) -> Accuracy:
    """Measure forecasts; who plans nothing is told of their own."""
    return measure(wanted_of(read(FILTERS, _asked(query))))


def _asked(query: Mapping[str, Any]) -> dict[str, str]:
    """Read filters of a call as those of the page are read.

    Raises:
        Invalid: Months are asked for that end before they begin.
    """
    since, until = query["since"], query["until"]
    if since and until and since > until:
        raise Invalid("to", "The period ends before it begins.")
    texts = {name: query[name] for name in ("level", "customer", "product")}
    texts |= {"rows": query["group_by"], "said": query["stage"], "lag": str(query["lag"])}
    texts |= {name: str(query[name] or "") for name in ("cycle", "rep")}
    return {**texts, "from": _day(since), "to": _day(until)}


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
