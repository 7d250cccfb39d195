"""Orders are written and changed."""

from datetime import datetime
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from flask import request, url_for
from flask_login import current_user
from werkzeug import Response

from app.catalog.models import Customer
from app.core.db import db
from app.core.errors import DomainError
from app.core.pages.lines import completed, sent_rows
from app.core.permissions import requires
from app.core.settings import setting
from app.core.web import one_or_404, render, respond_redirect
from app.orders import queries, services
from app.orders.forms import SAYS, OrderForm, filled
from app.orders.models import ADDRESS, SalesOrder
from app.orders.views.blueprint import bp
from app.orders.views.rows import EDITOR, OrderLinesView, complete

REARRANGES = {"more", "removed"}  # buttons that add or remove a row, also without JavaScript


@bp.get("/new")
@requires("orders.edit")
def new() -> Response:
    """Ask for a new order; `customer` is the id of whom it is for."""
    form = OrderForm(order_date=services.today(), tax_rate=None)
    number = request.args.get("customer", 0, type=int)
    if 0 < number < 2**63 and (customer := db.session.get(Customer, number)):
        form.customer.data = customer.code
    return _page(form, complete(form))


@bp.post("")
@requires("orders.edit")
def create() -> Response:
    """Write a draft."""
    (form, _), status = _sent(), 422
    lines_view = complete(form)
    if request.form.keys() & REARRANGES:
        return _page(form, lines_view)
    if form.validate():
        try:
            customer = services.find_customer(form.customer.data)
            order = services.create_order(customer_id=customer.id, **_new_values(form))
        except DomainError as error:
            status = form.refuse(error)
        else:
            return respond_redirect(
                url_for(".show", order_id=order.id), f"{order.number} is a draft."
            )
    return _page(form, lines_view, status=status)


@bp.get("/<int:order_id>/edit")
@requires("orders.edit")
def edit(order_id: int) -> Response:
    """Ask for changes of an order."""
    order = one_or_404(queries.order_page(order_id))
    form = filled(order, customer=order.customer.code, local=_local)
    form.fix(order)
    return _page(form, complete(form, fixed=_fixed(order)), order=order)


@bp.post("/<int:order_id>")
@requires("orders.edit")
def update(order_id: int) -> Response:
    """Change an order."""
    order = one_or_404(queries.order_page(order_id))
    (form, _), status = _sent(), 422
    form.fix(order)
    lines_view = complete(form, fixed=_fixed(order))
    if request.form.keys() & REARRANGES:
        return _page(form, lines_view, order=order)
    if form.validate():
        try:
            services.change_order(order_id, **_changes(form))
        except DomainError as error:
            status = form.refuse(error)
            order = one_or_404(queries.order_page(order_id))  # ours is stale now
        else:
            return respond_redirect(
                url_for(".show", order_id=order_id), f"{order.number} saved."
            )
    return _page(form, lines_view, order=order, status=status)


@bp.post("/lines")
@requires("orders.edit")
def complete_lines() -> Response:
    """Complete the rows of a form that somebody is typing: nothing is kept."""
    form, numbers = _sent()
    order_id = request.form.get("order_id", 0, type=int)
    order = db.session.scalars(queries.order(order_id)).one_or_none() if order_id else None
    if order:
        form.fix(order)
    lines_view = complete(form, fixed=_fixed(order) if order else None)
    return completed(
        EDITOR, numbers, lines_view.rows, legend=lines_view.legend, lines_view=lines_view
    )


def _sent() -> tuple[OrderForm, list[str]]:
    """What was sent, and the numbers by which the browser calls its rows."""
    sent = sent_rows(
        request.form, rows=EDITOR.rows, says=SAYS, removed=request.form.get("removed", "")
    )
    return OrderForm(sent.values), sent.numbers


def _fixed(order: SalesOrder) -> tuple[str, str] | None:
    """Currency and customer, once they do not change any more."""
    return None if order.status == "draft" else (order.currency, order.customer_name)


def _new_values(form: OrderForm) -> dict[str, Any]:
    """What was entered; what was left empty follows from customer and settings."""
    values = _values(form)
    del values["version"]
    address = {name: values.pop(name) for name in ADDRESS}
    if any(address.values()):
        values |= address
    for name in ("currency", "tax_rate", "order_date"):
        if values[name] in (None, ""):
            del values[name]
    return values


def _changes(form: OrderForm) -> dict[str, Any]:
    values = _values(form)
    if "customer" in form:
        values["customer_id"] = services.find_customer(form.customer.data).id
    for name in ("currency", "tax_rate", "order_date"):
        if values.get(name, "") in (None, ""):
            values.pop(name, None)
    return values


def _values(form: OrderForm) -> dict[str, Any]:
    values = form.values
    if moment := values["ship_by"]:
        values["ship_by"] = moment.replace(tzinfo=_zone())
    return values


def _zone() -> ZoneInfo:
    return ZoneInfo(getattr(current_user, "time_zone", None) or "UTC")


def _local(moment: datetime) -> datetime:
    return moment.astimezone(_zone())


def _page(
    form: OrderForm,
    lines_view: OrderLinesView,
    *,
    order: SalesOrder | None = None,
    status: int = 200,
) -> Response:
    form.items.append_entry()
    template = "orders/edit.html" if order else "orders/new.html"
    response = render(
        template,
        fragment="form",
        status=status,
        form=form,
        editor=EDITOR,
        lines_view=lines_view,
        order=order,
        usual_rate=setting("tax_rate"),
    )
    if status == HTTPStatus.CONFLICT:
        response.headers["HX-Retarget"] = "this"  # htmx shows it where the form is
    return response
