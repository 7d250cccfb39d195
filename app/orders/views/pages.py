"""The page of an order."""

from collections.abc import Iterable
from typing import Any

from werkzeug import Response

from app.core import audit
from app.core.db import db
from app.core.permissions import requires
from app.core.web import one_or_404, render
from app.documents.queries import sent_of
from app.orders import queries, services
from app.orders.models import CHANNELS, CONDITIONS, RETURN_REASONS, SalesOrder
from app.orders.papers import SALES_ORDERS
from app.orders.views.blueprint import bp
from app.stock.models import Reservation

HISTORY_SHOWN = 30


@bp.get("/<int:order_id>")
@requires("orders.view")
def show(order_id: int) -> Response:
    """Show an order: its lines and how far they are, what may be done, what was done."""
    order = one_or_404(queries.order_page(order_id))
    held = db.session.scalars(queries.reservations_of([line.id for line in order.lines])).all()
    return render(
        "orders/show.html",
        fragment="record",
        order=order,
        places=_places(held),
        returns=db.session.scalars(queries.returns_of(order_id)).all(),
        of=SALES_ORDERS,
        document=order,
        sent_documents=db.session.scalars(sent_of(SALES_ORDERS.name, order_id)).all(),
        parts=db.session.scalars(queries.parts_of(order_id)).all(),
        history=db.session.scalars(audit.history(order).limit(HISTORY_SHOWN)).all(),
        channels=CHANNELS,
        reasons=RETURN_REASONS,
        conditions=CONDITIONS,
        **_possible(order, held),
    )


def _places(held: Iterable[Reservation]) -> dict[int, list[Reservation]]:
    """What is reserved, by line."""
    places: dict[int, list[Reservation]] = {}
    for reservation in held:
        places.setdefault(reservation.document_id or 0, []).append(reservation)
    return places


def _possible(order: SalesOrder, held: Iterable[Reservation]) -> dict[str, Any]:
    """What is reserved and missing of each line, and what can be done with the order now."""
    reserved = {line.id: 0 * line.quantity for line in order.lines}
    for reservation in held:
        reserved[reservation.document_id or 0] += reservation.quantity
    missing = {line.id: part for line, part in services.missing_of(order, reserved)}
    has_some = any(reserved.values())
    left = any(line.quantity_wanted > line.quantity_handled for line in order.lines)
    return {
        "reserved": reserved,
        "missing": missing,
        "can_ship": order.status in services.SHIPPABLE and has_some,
        "can_backorder": order.is_waiting and has_some and bool(missing),
        "can_split": order.is_editable and left,
        "can_close": order.is_open and left,
        "can_return": any(line.quantity_returnable for line in order.lines),
    }
