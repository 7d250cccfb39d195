"""Parcels of an order for programs: what is in them, what they weigh, who brings them."""

from app.core.db import db
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.web import one_or_404
from app.fulfilment import queries, services
from app.fulfilment.api.blueprint import Answer, bp
from app.fulfilment.api.schemas import (
    ActionResultSchema,
    ParcelSchema,
    ParcelsSchema,
    RepackSchema,
    SessionStepSchema,
)
from app.fulfilment.api.sessions import session_result, task_order_id_of
from app.fulfilment.models import Parcel
from app.fulfilment.services import Repacking


@bp.get("/sessions/<int:task_id>/orders/<int:order_id>/parcels")
@requires("fulfilment.pack")
@bp.response(200, ParcelsSchema)
def list_parcels(task_id: int, order_id: int) -> Answer:
    """List the parcels of an order."""
    task_order = task_order_id_of(one_or_404(queries.task(task_id)), order_id)
    return {"items": db.session.scalars(queries.parcels_of(task_order)).all()}


@bp.post("/sessions/<int:task_id>/orders/<int:order_id>/parcels")
@requires("fulfilment.pack")
@idempotent
@bp.response(201, ParcelSchema)
@bp.alt_response(409, description="Nothing is in the last one yet (not_allowed)")
def create_parcel(task_id: int, order_id: int) -> Parcel:
    """Begin one more parcel: what is scanned now goes into it."""
    task_order = task_order_id_of(one_or_404(queries.task(task_id)), order_id)
    return _parcel(task_order, services.add_parcel(task_order).id)


@bp.put("/sessions/<int:task_id>/orders/<int:order_id>/parcels/<int:parcel_id>")
@requires("fulfilment.pack")
@idempotent
@bp.arguments(ParcelSchema)
@bp.response(200, ParcelSchema)
@bp.alt_response(409, description="It has left (not_allowed)")
def update_parcel(body: Answer, task_id: int, order_id: int, parcel_id: int) -> Parcel:
    """Say weight, size, carrier and tracking number of a parcel."""
    task_order = task_order_id_of(one_or_404(queries.task(task_id)), order_id)
    _parcel(task_order, parcel_id)
    services.update_parcel(parcel_id, task_order, **body)
    return _parcel(task_order, parcel_id)


@bp.post("/sessions/<int:task_id>/orders/<int:order_id>/repack")
@requires("fulfilment.pack")
@bp.arguments(RepackSchema)
@bp.response(200, ActionResultSchema)
def repack(body: Answer, task_id: int, order_id: int) -> Answer:
    """Take pieces out of a parcel, or put them into another one."""
    task_order_id = task_order_id_of(one_or_404(queries.task(task_id)), order_id)
    wanted = Repacking(parcel_line_id=body["line_id"], quantity=body["quantity"], to=body["to"])
    result = services.repack(task_order_id, wanted, scan_id=body["id"])
    return session_result(result, task_id)


@bp.post("/sessions/<int:task_id>/orders/<int:order_id>/parcels/<int:parcel_id>/removal")
@requires("fulfilment.pack")
@bp.arguments(SessionStepSchema)
@bp.response(200, ActionResultSchema)
def remove_parcel(body: Answer, task_id: int, order_id: int, parcel_id: int) -> Answer:
    """Do without an empty parcel; those after it move up in number."""
    task_order_id = task_order_id_of(one_or_404(queries.task(task_id)), order_id)
    result = services.remove_parcel(task_order_id, parcel_id, scan_id=body["id"])
    return session_result(result, task_id)


def _parcel(task_order: int, parcel_id: int) -> Parcel:
    return one_or_404(queries.parcels_of(task_order).where(Parcel.id == parcel_id))
