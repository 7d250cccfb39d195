"""What is done with an order in one step: each is a resource of it."""

from collections.abc import Callable

from flask import url_for
from werkzeug import Response

from app.core.permissions import requires
from app.core.web import one_or_404, respond_saved
from app.orders import queries, services
from app.orders.models import STATUSES, SalesOrder
from app.orders.views.blueprint import CHANGED, bp


@bp.post("/<int:order_id>/confirmation")
@requires("orders.confirm")
def confirm(order_id: int) -> Response:
    """Take an order on, and reserve what there is."""
    return _step(order_id, services.confirm_order)


@bp.post("/<int:order_id>/allocation")
@requires("orders.confirm")
def allocate(order_id: int) -> Response:
    """Try again to reserve what is missing."""
    return _step(order_id, services.allocate)


@bp.post("/<int:order_id>/release")
@requires("orders.confirm")
def release(order_id: int) -> Response:
    """Let an order go on that was on hold."""
    return _step(order_id, services.release_order)


@bp.post("/<int:order_id>/backorder")
@requires("orders.edit")
def backorder(order_id: int) -> Response:
    """Put what is not reserved into an order of its own."""
    order = one_or_404(queries.order(order_id))
    rest = services.backorder(order_id)
    message = f"{rest.number} waits for the rest of {order.number}."
    return respond_saved(url_for(".show", order_id=order_id), message, event=CHANGED)


def _step(order_id: int, service: Callable[[int], SalesOrder]) -> Response:
    one_or_404(queries.order(order_id))
    order = service(order_id)
    message = f"{order.number} is {STATUSES[order.status].lower()}."
    return respond_saved(url_for(".show", order_id=order_id), message, event=CHANGED)
