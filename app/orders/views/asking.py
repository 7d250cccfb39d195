"""What is done with an order after a question: a form at `/orders/<id>/<resource>/new`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import wraps
from typing import Any

from flask import url_for
from werkzeug import Response

from app.core.errors import DomainError
from app.core.forms import Form
from app.core.people import current_actor_id
from app.core.permissions import requires
from app.core.web import one_or_404, render, respond_saved
from app.orders import queries, services
from app.orders.forms import CancellationForm, HoldForm, PartsForm, ReturnForm, SplitForm
from app.orders.models import SalesOrder
from app.orders.views.blueprint import CHANGED, bp
from app.stock import services as stock

Quantities = Mapping[int, Decimal | None]


def _nothing(_order: SalesOrder) -> Quantities:
    return {}


def _open(order: SalesOrder) -> Quantities:
    """What could still be taken out of the order, to choose from."""
    left = {line.id: line.quantity_wanted - line.quantity_handled for line in order.lines}
    return {line_id: None for line_id, part in left.items() if part > 0}


def _missing(order: SalesOrder) -> Quantities:
    """What could still be closed: beginning with what is not reserved."""
    missing = dict(services.missing_of(order, services.reserved_for(order)))
    by_id = {line.id: part for line, part in missing.items()}
    return {line_id: by_id.get(line_id) for line_id in _open(order)}


def _reserved(order: SalesOrder) -> Quantities:
    return {line_id: part for line_id, part in services.reserved_for(order).items() if part}


def _returnable(order: SalesOrder) -> Quantities:
    return {line.id: None for line in order.lines if line.quantity_returnable}


def _hold(order_id: int, reason: str) -> str:
    return f"{services.hold_order(order_id, reason=reason).number} is on hold."


def _cancel(order_id: int, reason: str) -> str:
    return f"{services.cancel_order(order_id, reason=reason).number} is cancelled."


def _split(order_id: int, quantities: Any, version: int | None, **_key: str) -> str:
    part = services.split_order(order_id, quantities, version=version)
    return f"{part.number} is a new order."


def _close(order_id: int, quantities: Any, version: int | None, **_key: str) -> str:
    order = services.close_short(order_id, quantities, version=version)
    return f"{order.number} is closed short."


def _ship(order_id: int, quantities: Any, key: str) -> str:
    services.ship_order(order_id, quantities, key=_once(key))
    return "Shipped."


def _return(order_id: int, quantities: Any, key: str, location: str, **receipt: str) -> str:
    place = stock.find_location(location) if location else stock.default_location()
    how = services.ReturnReceipt(location_id=place, **receipt)
    services.return_goods(order_id, quantities, how, key=_once(key))
    return "Items returned."


def _once(key: str) -> str:
    return f"form:{current_actor_id()}:{key}"


@dataclass(frozen=True, kw_only=True)
class Question:
    """A form, and what sending it does; `act` gives what is said afterwards."""

    resource: str
    title: str
    submit: str
    permission: str
    form: type[Form]
    act: Callable[..., str]
    offered: Callable[[SalesOrder], Quantities] = _nothing
    advice: str = ""
    is_danger: bool = False

    def ask(self, order_id: int) -> Response:
        """Show the form."""
        order, form = one_or_404(queries.order(order_id)), self.form()
        if isinstance(form, PartsForm):
            form.offer(self.offered(order))
        if isinstance(form, SplitForm):
            form.version.data = order.version
        return self.show(order, form)

    def send(self, order_id: int) -> Response:
        """Do what the form says."""
        order, form, status = one_or_404(queries.order(order_id)), self.form(), 422
        if form.validate_on_submit():
            try:
                message = self.act(order_id, **form.values)
            except DomainError as error:
                status = form.refuse(error)
                order = one_or_404(queries.order(order_id))  # ours is stale now
            else:
                return respond_saved(
                    url_for(".show", order_id=order_id), message, event=CHANGED
                )
        return self.show(order, form, status=status)

    def show(self, order: SalesOrder, form: Form, *, status: int = 200) -> Response:
        """Show the form with the lines it is about."""
        return render(
            "orders/question.html",
            fragment="form",
            status=status,
            question=self,
            order=order,
            form=form,
            lines={line.id: line for line in order.lines},
        )


QUESTIONS = (
    Question(
        resource="hold",
        title="Hold",
        submit="Hold",
        permission="orders.confirm",
        form=HoldForm,
        act=_hold,
        advice="It waits until somebody releases it. What is reserved for it stays reserved.",
    ),
    Question(
        resource="cancellation",
        title="Cancel",
        submit="Cancel order",
        permission="orders.cancel",
        form=CancellationForm,
        act=_cancel,
        advice="What is reserved for it is free again. This cannot be undone.",
        is_danger=True,
    ),
    Question(
        resource="parts",
        title="Split",
        submit="Split",
        permission="orders.edit",
        form=SplitForm,
        act=_split,
        offered=_open,
        advice="What you enter moves into a new order.",
    ),
    Question(
        resource="closure",
        title="Close short",
        submit="Close short",
        permission="orders.edit",
        form=SplitForm,
        act=_close,
        offered=_missing,
        advice="What you enter is not owed to the customer any more, and not charged.",
        is_danger=True,
    ),
    Question(
        resource="shipments",
        title="Ship",
        submit="Ship",
        permission="orders.ship",
        form=PartsForm,
        act=_ship,
        offered=_reserved,
        advice="It leaves the bins it is reserved in, or the totes it was picked into.",
    ),
    Question(
        resource="returns",
        title="Return items",
        submit="Return items",
        permission="orders.return",
        form=ReturnForm,
        act=_return,
        offered=_returnable,
    ),
)


def _view(permission: str, act: Callable[[int], Response]) -> Callable[..., Response]:
    """Make a plain function of a method: a view carries its permission and its name."""

    @requires(permission)
    @wraps(act)
    def view(order_id: int) -> Response:
        return act(order_id)

    return view


for question in QUESTIONS:
    at = f"/<int:order_id>/{question.resource}"
    ask, send = (_view(question.permission, act) for act in (question.ask, question.send))
    bp.add_url_rule(f"{at}/new", f"new_{question.resource}", ask)
    bp.add_url_rule(at, f"create_{question.resource}", send, methods=["POST"])
