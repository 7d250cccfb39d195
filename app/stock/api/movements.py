"""The ledger for programs."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import marshmallow as ma
from sqlalchemy import func, select

from app.catalog.models import Product
from app.core.api import PageQuery, page_schema
from app.core.db import db
from app.core.errors import Invalid
from app.core.permissions import requires
from app.stock import queries, services
from app.stock.api.blueprint import bp
from app.stock.api.fields import Quantity
from app.stock.models import REASONS

DEEPEST = 10_000  # movements; who needs older ones asks by date


class MovementQuery(PageQuery):
    """Filters of the list; days are UTC, `to` is included."""

    sku = ma.fields.Str(load_default="")
    location = ma.fields.Str(load_default="", metadata={"description": "Code, at either end"})
    reason = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *REASONS]))
    from_ = ma.fields.Date(data_key="from", load_default=None)
    to = ma.fields.Date(load_default=None)


class MovementSchema(ma.Schema):
    """One line of the ledger."""

    id = ma.fields.Int()
    posting_id = ma.fields.Int()
    product_id = ma.fields.Int()
    sku = ma.fields.Str(attribute="product.sku")
    from_ = ma.fields.Str(attribute="from_location.code", data_key="from")
    to = ma.fields.Str(attribute="to_location.code")
    quantity = Quantity()
    reason = ma.fields.Str()
    note = ma.fields.Str()
    actor = ma.fields.Str(attribute="actor.name")
    document_type = ma.fields.Str(allow_none=True)
    document_id = ma.fields.Int(allow_none=True)
    reverses_id = ma.fields.Int(allow_none=True)
    occurred_at = ma.fields.DateTime()
    recorded_at = ma.fields.DateTime(attribute="created_at")


@bp.get("/movements")
@requires("stock.view")
@bp.arguments(MovementQuery, location="query")
@bp.response(200, page_schema(MovementSchema))
def list_movements(args: dict[str, Any]) -> dict[str, Any]:
    """List movements, the newest first.

    Only the newest 10,000 that match are counted and paged through: for older ones, narrow
    the days.
    """
    page, per_page = args["page"], args["per_page"]
    if page * per_page > DEEPEST:
        raise Invalid("page", f"Only the newest {DEEPEST} are paged through: narrow the days.")
    asked = _asked(args)
    found = queries.movements(asked, limit=per_page, offset=(page - 1) * per_page)
    return {
        "items": db.session.scalars(found).all(),
        "page": page,
        "per_page": per_page,
        "total": db.session.scalar(queries.movement_count(asked, most=DEEPEST)),
    }


def _asked(args: dict[str, Any]) -> queries.MovementFilter:
    until = args["to"] + timedelta(days=1) if args["to"] else None
    return queries.MovementFilter(
        product_ids=_products(args["sku"]),
        location_ids=_locations(args["location"]),
        reason=args["reason"],
        since=_midnight(args["from_"]),
        until=_midnight(until),
    )


def _products(sku: str) -> tuple[int, ...] | None:
    """The id of a SKU; none at all if nothing has it."""
    if not sku:
        return None
    found = select(Product.id).where(Product.id == func.product_with_sku(sku))
    return tuple(db.session.scalars(found))


def _locations(code: str) -> tuple[int, ...] | None:
    return (services.find_location(code),) if code else None


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, UTC) if day else None
