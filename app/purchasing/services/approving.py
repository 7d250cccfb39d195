"""Orders are approved by people whose role may, up to an amount."""

from datetime import UTC, datetime

from app.accounts.models import Role, User
from app.core.actors import current_actor_id
from app.core.db import db, retried, transaction
from app.core.errors import Invalid
from app.core.quantities import money
from app.documents.errors import NotAllowed
from app.purchasing import queries
from app.purchasing.errors import OverLimit, UnknownProducts
from app.purchasing.models import ApprovalLimit, PurchaseOrder
from app.purchasing.services.locking import locked_order, publish_change


@retried
def approve_order(order_id: int) -> PurchaseOrder:
    """Say that an order may go to its vendor.

    Raises:
        NotAllowed: It is no draft.
        Invalid: It has no lines.
        UnknownProducts: A line is about a product that is not in use any more.
        OverLimit: It comes to more than the role of whoever asks may approve.
    """
    with transaction():
        order = locked_order(order_id)
        order.states.refuse(order.number, order.status, "approved")
        if not order.lines:
            raise Invalid("items", "Add a line first: there is nothing to approve.")
        _refuse_inactive(order)
        _refuse_over_limit(order)
        order.approved_at, order.approved_by_id = datetime.now(UTC), current_actor_id()
        order.move_to("approved")
        publish_change(order)
    return order


def _refuse_inactive(order: PurchaseOrder) -> None:
    if inactive := db.session.scalars(queries.inactive_of(order.lines)).all():
        raise UnknownProducts(f"{', '.join(inactive)}: not in use any more.")


def _refuse_over_limit(order: PurchaseOrder) -> None:
    """What the system itself does, and whoever may do everything, has no limit."""
    actor_id = current_actor_id()
    user = db.session.get(User, actor_id) if actor_id else None
    if user is None or user.role.is_fixed:
        return
    limits = {one.currency: one.amount for one in _limits(user.role)}
    if not limits:
        return
    comes_to = f"{order.number} comes to {money(order.total, order.currency)} {order.currency}"
    if order.currency not in limits:
        raise OverLimit(f"{comes_to}: {user.role} approves nothing in that currency.")
    most = limits[order.currency]
    if order.total > most:
        limit = f"{money(most, order.currency)} {order.currency}"
        raise OverLimit(f"{comes_to}: {user.role} approves up to {limit}.")


def _limits(role: Role) -> list[ApprovalLimit]:
    return [*db.session.scalars(queries.limits_of(role.id))]


def refuse_unsent(order: PurchaseOrder) -> None:
    """Refuse what takes an order that the vendor has.

    Raises:
        NotAllowed: It was not sent, or it is over.
    """
    if not order.is_open:
        raise NotAllowed(f"{order.number} is {order.status_label}: the vendor owes nothing.")
