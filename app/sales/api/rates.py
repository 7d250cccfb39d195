"""Exchange rates for programs."""

from typing import Any

import marshmallow as ma
from flask_smorest.fields import Upload

from app.catalog.api.fields import Number
from app.core.api import Blueprint
from app.core.db import db
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.imports.api import StartedSchema, started
from app.sales.jobs import value_sales
from app.sales.services import rates

exchange_rates = Blueprint(
    "exchange_rates_api",
    __name__,
    url_prefix="/api/v1/exchange-rates",
    description="What one euro was worth, by day",
)


class RateSchema(ma.Schema):
    """The newest rate of a currency."""

    currency = ma.fields.Str()
    rate = Number(decimals=8)
    first = ma.fields.Date()
    last = ma.fields.Date()
    days = ma.fields.Int()


class RatesFileSchema(ma.Schema):
    """The file."""

    file = Upload(required=True, metadata={"description": "eurofxref-hist.zip or .csv"})


class RatesCountSchema(ma.Schema):
    """How many rates are new or were corrected."""

    rates = ma.fields.Int()


@exchange_rates.get("")
@requires("sales.view")
@exchange_rates.response(200, RateSchema(many=True))
def list_rates() -> list[Any]:
    """List the newest rate of each currency."""
    return [*db.session.execute(rates.latest_rates())]


@exchange_rates.post("/import")
@requires("sales.import")
@idempotent
@exchange_rates.arguments(RatesFileSchema, location="files")
@exchange_rates.response(200, RatesCountSchema)
def import_rates(files: dict[str, Any]) -> dict[str, Any]:
    """Take the rates of a file of the European Central Bank; lines without one are valued."""
    return {"rates": rates.import_rates(files["file"].read())}


@exchange_rates.post("/valuations")
@requires("sales.import")
@idempotent
@exchange_rates.response(202, StartedSchema)
def value_all() -> dict[str, Any]:
    """Value every line by the rates of today, in the background."""
    return started(value_sales.enqueue())
