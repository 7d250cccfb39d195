"""The ledger for programs."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import marshmallow as ma
from sqlalchemy import func, select

from app.catalog.models import Product
from app.core.api import PageQuery, after_cursor, asked_cursor, page_schema
from app.core.db import db
from app.core.errors import Invalid
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.totals import COUNTED, Total
from app.core.web import one_or_404
from app.stock import queries, services
from app.stock.api.blueprint import bp
from app.stock.api.fields import Quantity
from app.stock.models import REASONS, Movement, Posting


class MovementQuery(PageQuery):
    """Filters of the list; days are UTC, `to` is included."""

    sku = ma.fields.Str(load_default="")
    location = ma.fields.Str(load_default="", metadata={"description": "Code, at either end"})
    reason = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *REASONS]))
    person = ma.fields.Int(load_default=None, metadata={"description": "Whose they are: an id"})
    posting_id = ma.fields.Int(load_default=None)
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
    lot = ma.fields.Str(
        attribute="lot.code", allow_none=True, metadata={"description": "Or serial number"}
    )
    lot_id = ma.fields.Int(allow_none=True)
    quantity = Quantity()
    change = Quantity(
        metadata={"description": "Of what is on hand: minus where it left us, zero inside"}
    )
    reason = ma.fields.Str()
    note = ma.fields.Str()
    actor = ma.fields.Str(attribute="actor.name")
    document_type = ma.fields.Str(allow_none=True)
    document_id = ma.fields.Int(allow_none=True)
    reverses_id = ma.fields.Int(allow_none=True)
    occurred_at = ma.fields.DateTime()
    recorded_at = ma.fields.DateTime(attribute="created_at")


@dataclass(frozen=True, slots=True)
class MovementLine:
    """A movement with what it did to what is on hand, as one thing to show."""

    movement: Movement
    change: Decimal

    def __getattr__(self, name: str) -> Any:
        return getattr(self.movement, name)


@bp.post("/postings/<int:posting_id>/reversal")
@requires("stock.reverse")
@idempotent
@bp.response(201, MovementSchema(many=True))
@bp.alt_response(409, description="A document caused it (undo it there), or it cannot go back")
def reverse_posting(posting_id: int) -> list[MovementLine]:
    """Undo a posting that was made by hand: all its movements go back, once."""
    one_or_404(select(Posting).where(Posting.id == posting_id))
    undone = services.reverse_posting(posting_id, key=f"undo:{posting_id}")
    rows = db.session.execute(queries.movements_of_posting(undone.id)).all()
    return [MovementLine(row.Movement, row.change) for row in rows]


@bp.get("/movements")
@requires("stock.view")
@bp.arguments(MovementQuery, location="query")
@bp.response(200, page_schema(MovementSchema))
def list_movements(args: dict[str, Any]) -> dict[str, Any]:
    """List movements, the newest first.

    Only the newest 10,000 that match are counted and paged through: for older ones, narrow
    the days, or read by `cursor`, the oldest first.
    """
    page, per_page = args["page"], args["per_page"]
    asked = _asked(args)
    if (after := asked_cursor()) is not None:
        return _in_order(asked, after=after, most=per_page)
    if page * per_page > COUNTED:
        raise Invalid("page", f"Only the newest {COUNTED} are paged through: narrow the days.")
    found = queries.movements(asked, limit=per_page, offset=(page - 1) * per_page)
    rows = db.session.execute(found).all()
    counted = queries.movement_count(asked, most=COUNTED + 1)
    return {
        "items": [MovementLine(row.Movement, row.change) for row in rows],
        "page": page,
        "per_page": per_page,
        **Total.of(db.session.scalar(counted) or 0).shown,
        "next_cursor": None,
    }


def _in_order(asked: queries.MovementFilter, *, after: int, most: int) -> dict[str, Any]:
    page = after_cursor(queries.movements_in_order(asked), Movement.id, after=after, most=most)
    ids = [one.id for one in page["items"]]
    changes = dict(db.session.execute(queries.changes_of(ids)).all())
    return page | {"items": [MovementLine(one, changes[one.id]) for one in page["items"]]}


def _asked(args: dict[str, Any]) -> queries.MovementFilter:
    until = args["to"] + timedelta(days=1) if args["to"] and args["to"] < date.max else None
    return queries.MovementFilter(
        product_ids=_products(args["sku"]),
        location_ids=_locations(args["location"]),
        reason=args["reason"],
        actor_id=args["person"],
        posting_id=args["posting_id"],
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
