"""Purchase orders are written and changed."""

from dataclasses import replace
from functools import partial
from typing import Any

from flask import request
from werkzeug import Response

from app.catalog.models import Vendor
from app.core.days import today
from app.core.db import db
from app.core.pages import Action
from app.core.pages.lines import completed, sent_form, show_lines
from app.core.permissions import requires
from app.purchasing import queries, services
from app.purchasing.forms import PurchaseOrderForm, filled
from app.purchasing.models import PurchaseOrder
from app.purchasing.views.actions import ORDER
from app.purchasing.views.blueprint import bp
from app.purchasing.views.rows import EDITOR, complete, editor

WITH_VENDOR = replace(ORDER, query=queries.order_page)


@bp.post("/lines")
@requires("purchase_orders.edit")
def complete_lines() -> Response:
    """Complete the rows of a form that somebody is typing: nothing is kept."""
    form, numbers = sent_form(EDITOR, PurchaseOrderForm)
    lines_view = complete(form)
    return completed(
        editor(), numbers, lines_view.rows, legend=lines_view.legend, lines_view=lines_view
    )


def _form(order: PurchaseOrder | None) -> PurchaseOrderForm:
    """Make the form of an order, or of a new one; `?vendor=` is the id of whom it is from."""
    if request.method == "POST":
        form, _numbers = sent_form(EDITOR, PurchaseOrderForm)
        return form
    if order:
        return filled(order)
    form = PurchaseOrderForm(order_date=today(), tax_rate=None)
    number = request.args.get("vendor", 0, type=int)
    if 0 < number < 2**63 and (vendor := db.session.get(Vendor, number)):
        form.vendor.data = vendor.id
    return form


def _offer(form: PurchaseOrderForm, _order: PurchaseOrder | None) -> None:
    """Fill in what the products of the lines say, before anybody looks at them."""
    form.lines_view = complete(form)


def _create(**values: Any) -> PurchaseOrder:
    """Write a draft; what was left empty follows from vendor and settings."""
    return services.create_order(**_meant(values))


def _update(order_id: int, **values: Any) -> PurchaseOrder:
    return services.change_order(order_id, **_meant(values))


def _meant(values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what was left empty and follows from elsewhere."""
    for name in ("currency", "tax_rate", "order_date", "warehouse_id"):
        if values.get(name) in (None, ""):
            values.pop(name, None)
    return values


def _page(order: PurchaseOrder | None, form: PurchaseOrderForm, status: int) -> Response:
    return show_lines(
        "purchasing/edit.html" if order else "purchasing/new.html",
        editor(),
        form,
        status=status,
        order=order,
        editing=update.topic(order) if order else "",
    )


_written = partial(
    Action,
    permission="purchase_orders.edit",
    make=_form,
    offer=_offer,
    page=_page,
    is_asked=True,
    leaves=True,
)
create = _written(
    resource=ORDER,
    name="create",
    title="New purchase order",
    is_new=True,
    act=_create,
    done="{0.number} is a draft.",
)
update = _written(
    resource=WITH_VENDOR,
    name="update",
    title="Edit",
    act=_update,
    done="{0.number} saved.",
)
for action in (create, update):
    action.add_to(bp)
