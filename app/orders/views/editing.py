"""Orders are written and changed."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from flask import request
from werkzeug import Response

from app.catalog.models import Customer
from app.core.db import db
from app.core.pages import Action
from app.core.pages.lines import completed, sent_form, show_lines
from app.core.permissions import requires
from app.core.settings import setting
from app.core.web import zone
from app.documents.services import today
from app.orders import queries, services
from app.orders.forms import OrderForm, filled
from app.orders.models import ADDRESS, SalesOrder
from app.orders.views.actions import ORDER
from app.orders.views.blueprint import bp
from app.orders.views.rows import EDITOR, complete

WITH_CUSTOMER = replace(ORDER, query=queries.order_page)


@bp.post("/lines")
@requires("orders.edit")
def complete_lines() -> Response:
    """Complete the rows of a form that somebody is typing: nothing is kept."""
    form, numbers = sent_form(EDITOR, OrderForm)
    order_id = request.form.get("order_id", 0, type=int)
    order = db.session.scalars(queries.order(order_id)).one_or_none() if order_id else None
    if order:
        form.fix(order)
    lines_view = complete(form, fixed=_fixed(order))
    return completed(
        EDITOR, numbers, lines_view.rows, legend=lines_view.legend, lines_view=lines_view
    )


def _form(order: SalesOrder | None) -> OrderForm:
    """Make the form of an order, or of a new one; `?customer=` is the id of whom it is for."""
    if request.method == "POST":
        form, _numbers = sent_form(EDITOR, OrderForm)
    elif order:
        form = filled(order, local=_local)
    else:
        form = OrderForm(
            order_date=today(), tax_rate=None, shipping_amount=None, shipping_tax_rate=None
        )
        number = request.args.get("customer", 0, type=int)
        if 0 < number < 2**63 and (customer := db.session.get(Customer, number)):
            form.customer.data = customer.id
    if order:
        form.fix(order)
    return form


def _offer(form: OrderForm, order: SalesOrder | None) -> None:
    """Fill in what the products of the lines say, before anybody looks at them."""
    form.lines_view = complete(form, fixed=_fixed(order))


def _fixed(order: SalesOrder | None) -> tuple[str, str] | None:
    """Currency and customer, once they do not change any more."""
    if order is None or order.status == "draft":
        return None
    return order.currency, order.customer_name


def _create(**values: Any) -> SalesOrder:
    """Write a draft; what was left empty follows from customer and settings."""
    address = {name: values.pop(name) for name in ADDRESS}
    if any(address.values()):
        values |= address
    return services.create_order(**_meant(values))


def _update(order_id: int, **values: Any) -> SalesOrder:
    return services.change_order(order_id, **_meant(values))


def _meant(values: dict[str, Any]) -> dict[str, Any]:
    """Give what the services take: when it is here, and nothing that was left empty."""
    if moment := values["ship_by"]:
        values["ship_by"] = moment.replace(tzinfo=zone())
    for name in ("currency", "tax_rate", "shipping_tax_rate", "order_date"):
        if values.get(name) in (None, ""):
            values.pop(name, None)
    return values


def _local(moment: datetime) -> datetime:
    return moment.astimezone(zone())


def _page(order: SalesOrder | None, form: OrderForm, status: int) -> Response:
    return show_lines(
        "orders/edit.html" if order else "orders/new.html",
        EDITOR,
        form,
        status=status,
        order=order,
        editing=update.topic(order) if order else "",
        usual_rate=setting("tax_rate"),
    )


_written = partial(
    Action,
    permission="orders.edit",
    make=_form,
    offer=_offer,
    page=_page,
    is_asked=True,
    leaves=True,
)
create = _written(
    resource=ORDER,
    name="create",
    title="New order",
    is_new=True,
    act=_create,
    done="{0.number} is a draft.",
)
update = _written(
    resource=WITH_CUSTOMER,
    name="update",
    title="Edit",
    act=_update,
    done="{0.number} saved.",
)
for action in (create, update):
    action.add_to(bp)
