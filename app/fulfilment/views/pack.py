"""The packing table: every piece is scanned into a parcel, then it ships."""

from typing import Any

from flask import Blueprint, abort, request, url_for
from werkzeug import Response

from app.core.db import db
from app.core.permissions import requires
from app.core.settings import setting
from app.core.web import one_or_404, render, wants_fragment
from app.fulfilment import queries, services
from app.fulfilment.drawing import bars
from app.fulfilment.forms import ParcelForm, RepackForm
from app.fulfilment.models import PickTaskOrder
from app.orders import queries as order_queries
from app.scanning.errors import WrongScan
from app.scanning.forms import ActionForm, ScanForm
from app.scanning.responses import (
    perform,
    respond_place,
    respond_result,
    respond_screen,
    wrong,
)
from app.scanning.services import ActionResult

bp = Blueprint("pack", __name__, url_prefix="/pack")

SHOWN = 50


@bp.get("")
@requires("fulfilment.pack")
def index() -> Response:
    """Show what waits for a parcel; a tote or an order that is scanned opens it."""
    return _index()


@bp.post("/scans")
@requires("fulfilment.pack")
def find() -> Response:
    """Open the order that a tote or an order number leads to."""
    form = ScanForm()
    if not form.validate_on_submit():
        return _index(ActionResult(outcome="wrong", message="Scan or type a code."))
    try:
        task_order = services.find_packable(form.code.data)
    except WrongScan as wrong:
        message = f"Scanned {wrong.scanned}. Expected {wrong.expected}. {wrong}"
        return _index(ActionResult(outcome="wrong", message=message))
    return respond_place(url_for(".show", task_order_id=task_order.id))


@bp.get("/<int:task_order_id>")
@requires("fulfilment.pack")
def show(task_order_id: int) -> Response:
    """Show what is to be packed."""
    task_order = one_or_404(queries.task_order(task_order_id))
    return render("fulfilment/pack/show.html", fragment="screen", **_screen(task_order))


@bp.post("/<int:task_order_id>/scans")
@requires("fulfilment.pack")
def scan(task_order_id: int) -> Response:
    """Take a scan into the parcel."""
    if db.session.get(PickTaskOrder, task_order_id) is None:
        abort(404)
    result = perform(
        ScanForm(),
        lambda form: services.scan_into_parcel(
            task_order_id, scan_id=form.action_id, code=form.code.data
        ),
    )
    return _respond(task_order_id, result)


@bp.post("/<int:task_order_id>/parcels")
@requires("fulfilment.pack")
def add_parcel(task_order_id: int) -> Response:
    """Begin one more parcel."""
    one_or_404(queries.task_order(task_order_id))
    result = perform(
        ActionForm(), lambda form: services.begin_parcel(task_order_id, scan_id=form.action_id)
    )
    return _respond(task_order_id, result)


@bp.post("/<int:task_order_id>/parcels/<int:parcel_id>")
@requires("fulfilment.pack")
def update_parcel(task_order_id: int, parcel_id: int) -> Response:
    """Say weight, carrier and tracking number of a parcel."""
    one_or_404(queries.task_order(task_order_id))
    form = ParcelForm()
    if not form.validate_on_submit():
        return _respond(task_order_id, wrong(form), parcel_form=form, parcel_id=parcel_id)
    services.update_parcel(parcel_id, task_order_id, **form.values)
    return _respond(task_order_id, ActionResult(message="Saved."))


@bp.post("/<int:task_order_id>/repackings")
@requires("fulfilment.pack")
def repack(task_order_id: int) -> Response:
    """Take pieces out of a parcel, or put them into another one."""
    one_or_404(queries.task_order(task_order_id))
    result = perform(
        RepackForm(),
        lambda form: services.repack(
            task_order_id,
            services.Repacking(
                parcel_line_id=form.line_id.data, quantity=form.pieces, to=form.to.data
            ),
            scan_id=form.action_id,
        ),
    )
    return _respond(task_order_id, result)


@bp.post("/<int:task_order_id>/parcels/<int:parcel_id>/removal")
@requires("fulfilment.pack")
def remove_parcel(task_order_id: int, parcel_id: int) -> Response:
    """Do without an empty parcel."""
    one_or_404(queries.task_order(task_order_id))
    result = perform(
        ActionForm(),
        lambda form: services.remove_parcel(task_order_id, parcel_id, scan_id=form.action_id),
    )
    return _respond(task_order_id, result)


@bp.post("/<int:task_order_id>/shipment")
@requires("fulfilment.pack")
def ship(task_order_id: int) -> Response:
    """Let the parcels go."""
    task_order = one_or_404(queries.task_order(task_order_id))
    services.ship_parcels(task_order_id, accepts_short="accepts_short" in request.form)
    return respond_place(url_for(".index"), f"{task_order.order.number} is with the carrier.")


def _respond(task_order_id: int, result: ActionResult, **more: Any) -> Response:
    fresh = queries.task_order(task_order_id).execution_options(populate_existing=True)
    context = _screen(one_or_404(fresh)) | more
    if more and not wants_fragment():  # what was typed stands there again
        return render("fulfilment/pack/show.html", fragment="screen", status=422, **context)
    return respond_result(result, "fulfilment/pack/show.html", **context)


def _index(result: ActionResult | None = None) -> Response:
    return respond_screen(
        result or ActionResult(),
        "fulfilment/pack/index.html",
        task_orders=db.session.scalars(queries.packable().limit(SHOWN)).all(),
        form=ScanForm(formdata=None),
    )


def _screen(task_order: PickTaskOrder) -> dict[str, Any]:
    contents = services.contents_of(task_order)
    order = one_or_404(order_queries.order(task_order.order_id))
    is_open = task_order.state in queries.PACKABLE and order.status != "cancelled"
    parcels = db.session.scalars(queries.parcels_of(task_order.id)).unique().all()
    return {
        "task_order": task_order,
        "order": order,
        "contents": contents,
        "parcels": parcels,
        "goods": {one.order_line_id: one.product for one in contents},
        "sender": setting("company_name"),
        "sender_address": setting("company_address").split(","),
        "bars": {parcel.id: bars(parcel.tracking) for parcel in parcels},
        "is_open": is_open,
        "is_short": services.is_short(order),
        "is_whole": bool(contents) and not any(one.missing for one in contents),
        "form": ScanForm(formdata=None),
        "here": url_for("pack.show", task_order_id=task_order.id),
    }
