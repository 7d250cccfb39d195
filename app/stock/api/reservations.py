"""Reservations by hand, and homes of products, for programs."""

from typing import Any
from uuid import uuid4

import marshmallow as ma
from flask import abort

from app.catalog import queries as catalog
from app.core.db import db
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.web import one_or_404
from app.stock import queries, services
from app.stock.api.blueprint import bp
from app.stock.api.fields import NamesLot, NamesProduct, Quantity
from app.stock.models import Reservation

NOTE = ma.validate.Length(max=500)


class ReservationSchema(ma.Schema):
    """Goods that are set apart; `document_type` and `document_id` say what for."""

    id = ma.fields.Int()
    product_id = ma.fields.Int()
    location_id = ma.fields.Int()
    location = ma.fields.Str(attribute="location.code")
    lot_id = ma.fields.Int(allow_none=True)
    quantity = Quantity()
    state = ma.fields.Str(metadata={"description": "active, released or fulfilled"})
    note = ma.fields.Str()
    document_type = ma.fields.Str(allow_none=True)
    document_id = ma.fields.Int(allow_none=True)
    created_at = ma.fields.AwareDateTime()


class ReservationsSchema(ma.Schema):
    """What is reserved of a product, the oldest first."""

    items = ma.fields.List(ma.fields.Nested(ReservationSchema))


class NewReservationSchema(NamesProduct, NamesLot):
    """Set goods apart by hand, where they lie."""

    location = ma.fields.Str(validate=ma.validate.Length(min=1))
    quantity = Quantity(required=True)
    note = ma.fields.Str(load_default="", validate=NOTE)


class HomeSchema(ma.Schema):
    """Where a product lives; null: nowhere."""

    location = ma.fields.Str(required=True, allow_none=True, validate=ma.validate.Length(min=1))


@bp.get("/<int:product_id>/reservations")
@requires("stock.view")
@bp.response(200, ReservationsSchema)
def list_reservations(product_id: int) -> dict[str, Any]:
    """List what is reserved of a product, the oldest first."""
    one_or_404(catalog.product(product_id))
    return {"items": db.session.scalars(queries.reservations(product_id)).all()}


@bp.post("/reservations")
@requires("stock.reserve")
@idempotent
@bp.arguments(NewReservationSchema)
@bp.response(201, ReservationSchema)
@bp.alt_response(409, description="Not enough available (insufficient_stock)")
def create_reservation(body: dict[str, Any]) -> Reservation:
    """Set goods apart by hand. Without a location the product's home is meant."""
    quantity, note, lot = (body.pop(name) for name in ("quantity", "note", "lot"))
    target = services.find_target(reason="found", lot=services.LotDraft(lot), **body)
    lot_id = services.leaving_lot(target)
    wanted = services.ReservedQuantity(target.product_id, target.location_id, lot_id, quantity)
    reservation = services.reserve(wanted, key=f"api:reserve:{uuid4()}", note=note)
    made = queries.reservations(target.product_id).where(Reservation.id == reservation.id)
    return one_or_404(made)


@bp.delete("/reservations/<int:reservation_id>")
@requires("stock.reserve")
@idempotent
@bp.response(204)
@bp.alt_response(409, description="It has ended already (reservation_ended)")
def delete_reservation(reservation_id: int) -> None:
    """Release a reservation: the goods are available again."""
    if db.session.get(Reservation, reservation_id) is None:
        abort(404)
    services.release(reservation_id)


@bp.get("/<int:product_id>/home")
@requires("stock.view")
@bp.response(200, HomeSchema)
def get_home(product_id: int) -> dict[str, Any]:
    """Show where a product lives."""
    one_or_404(catalog.product(product_id))
    return {"location": _home_of(product_id)}


@bp.put("/<int:product_id>/home")
@requires("stock.adjust")
@idempotent
@bp.arguments(HomeSchema)
@bp.response(200, HomeSchema)
def update_home(body: dict[str, Any], product_id: int) -> dict[str, Any]:
    """Say where a product lives: what comes without a place goes there."""
    one_or_404(catalog.product(product_id))
    code = body["location"]
    location_id = services.find_location(code) if code else None
    services.set_home(product_id, location_id=location_id)
    return {"location": _home_of(product_id)}


def _home_of(product_id: int) -> str | None:
    home = db.session.scalars(queries.home(product_id)).one_or_none()
    return home.location.code if home else None
