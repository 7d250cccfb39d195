"""What is done with the stock of one product: each is a resource of it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import request, url_for

from app.catalog import queries as catalog
from app.catalog.models import Product
from app.core.db import db
from app.core.forms import Form
from app.core.pages import Action, Resource
from app.core.permissions import may
from app.stock import queries, services
from app.stock.forms import (
    AdjustmentForm,
    CarryForm,
    CountForm,
    HomeForm,
    ReservationForm,
    WriteOffForm,
)
from app.stock.ledger import Posted
from app.stock.reservations import ReservedQuantity
from app.stock.views.inventory import CHANGED, bp

Carry = Callable[..., Posted]

STOCK = Resource(
    name="product",
    area="stock",
    query=catalog.product,
    rule="/<int:product_id>",
    keys={"product_id": "id"},
    event=CHANGED,
)
RESERVATION = Resource(
    name="reservation",
    area="stock",
    query=queries.reservation,
    rule="/<int:product_id>/reservations/<int:reservation_id>",
    keys={"product_id": "product_id", "reservation_id": "id"},
    event=CHANGED,
)


def _adjust(product_id: int, location: str, **values: Any) -> Posted:
    target = _target(product_id, location, values["reason"], values)
    return services.adjust_stock(target, **values)


def _count(product_id: int, location: str, **values: Any) -> Posted:
    target = _target(product_id, location, "counted", values)
    return services.count_stock(target, **values)


def _write_off(product_id: int, location: str, **values: Any) -> Posted:
    target = _target(product_id, location, values["reason"], values)
    return services.write_off(target, **values)


def _target(
    product_id: int, location: str, reason: str, values: dict[str, Any]
) -> services.Target:
    """Find what a form is about; takes out of its values what it says of a lot."""
    said = {name: values.pop(name) for name in ("lot", "expires_on") if name in values}
    lot = services.LotDraft(said.pop("lot", ""), **said)
    return services.find_target(
        product_id=product_id, location=location, reason=reason, lot=lot
    )


def _carry(
    service: Carry,
    product_id: int,
    source: str,
    destination: str,
    lot: str = "",
    **values: Any,
) -> Posted:
    route = services.find_route(
        product_id=product_id, source=source, destination=destination, lot=lot
    )
    return service(route, **values)


def _reserve(product_id: int, location: str, quantity: Any, **values: Any) -> None:
    target = _target(product_id, location, "found", values)
    lot_id = services.leaving_lot(target)
    part = ReservedQuantity(product_id, target.location_id, lot_id, quantity)
    services.reserve(part, **values)


def _release(_product_id: int, reservation_id: int) -> None:
    services.release(reservation_id)


def _set_home(product_id: int, location: str) -> None:
    location_id = services.find_location(location) if location else None
    services.set_home(product_id, location_id=location_id)


def _begin_where_it_lies(form: Form, product: Product) -> None:
    """Fill the place in where there is only one; what is taken needs a place that has some."""
    asked = request.args.get("location", "")
    for name, usual in (("location", _only_place), ("source", _place_with_stock)):
        if name in form:
            form[name].data = asked or usual(product.id)


def _ask_for_lot(form: Form, product: Product) -> None:
    """Ask for the lot of what is tracked, or was; if it is the only one, it is named."""
    balances = db.session.scalars(queries.balances_of(product.id)).all()
    if not product.is_tracked and not any(balance.lot_id for balance in balances):
        del form["lot"]
    if "expires_on" in form and not (product.is_tracked and product.has_expiry):
        del form["expires_on"]
    codes = {balance.lot.code if balance.lot else "" for balance in balances}
    if "lot" in form and len(codes) == 1 and form["lot"].data is None:
        form["lot"].data = codes.pop()


def _begin_at_home(form: Form, product: Product) -> None:
    home = db.session.scalars(queries.home(product.id)).one_or_none()
    form["location"].data = home.location.code if home else ""


def _only_place(product_id: int) -> str:
    """Where a product lies, if it lies in one place; else its home."""
    balances = db.session.scalars(queries.balances_of(product_id)).all()
    codes = {balance.location.code for balance in balances}
    if len(codes) == 1:
        return codes.pop()
    home = db.session.scalars(queries.home(product_id)).one_or_none()
    return home.location.code if home else ""


def _place_with_stock(product_id: int) -> str:
    """Where a product is taken from: its home if some lies there, else where the most does."""
    found = db.session.scalars(queries.balances_of(product_id)).all()
    home = db.session.scalars(queries.home(product_id)).one_or_none()
    if home and home.location_id in {one.location_id for one in found}:
        return home.location.code
    return max(found, key=lambda one: one.on_hand).location.code if found else ""


def _balances(product: Product) -> Mapping[str, Any]:
    return {"balances": db.session.scalars(queries.balances_of(product.id)).all()}


def _undo(posted: Posted) -> str:
    """Where a POST takes it back, for those who may."""
    if not posted.movement_ids or not may("stock.reverse"):
        return ""
    return url_for("movements.reverse", posting_id=posted.id)


def _change(resource: str, title: str, **more: Any) -> Action:
    """Declare a change of what there is of a product."""
    return Action(
        resource=STOCK,
        name=f"create_{resource.replace('-', '_')}",
        path=f"/{resource}",
        title=title,
        heading=f"{title} {{0.name}}",
        subtitle="SKU {0.sku}",
        page_title=f"{title} {{0.sku}}",
        offer=_ask_for_lot,
        fill=_begin_where_it_lies,
        fields="stock/_change.html",
        context=_balances,
        **more,
    )


adjust = _change(
    "adjustments",
    "Adjust",
    permission="stock.adjust",
    form=AdjustmentForm,
    act=_adjust,
    done="{0.sku} adjusted.",
    undo=_undo,
    kind="primary",
)
count = _change(
    "counts",
    "Count",
    permission="stock.adjust",
    form=CountForm,
    act=_count,
    done="{0.sku} counted.",
    undo=_undo,
    icon="list",
)
write_off = _change(
    "write-offs",
    "Write off",
    permission="stock.adjust",
    form=WriteOffForm,
    act=_write_off,
    done="{0.sku} written off.",
    undo=_undo,
    icon="trash",
)
move = _change(
    "moves",
    "Move",
    permission="stock.transfer",
    form=CarryForm,
    act=partial(_carry, services.move_stock),
    done="{0.sku} moved.",
    undo=_undo,
    icon="arrows",
)
transfer = _change(
    "transfers",
    "Transfer",
    label="Transfer to another warehouse",
    permission="stock.transfer",
    form=CarryForm,
    act=partial(_carry, services.transfer_stock),
    done="{0.sku} transferred.",
    undo=_undo,
    icon="truck",
)
reserve = _change(
    "reservations",
    "Reserve",
    permission="stock.reserve",
    form=ReservationForm,
    act=_reserve,
    done="{0.sku} reserved.",
    icon="lock",
)
set_home = Action(
    resource=STOCK,
    name="update_home",
    path="/home",
    title="Home location",
    subtitle="{0.sku} {0.name}",
    page_title="Home location of {0.sku}",
    permission="stock.adjust",
    form=HomeForm,
    fill=_begin_at_home,
    fields="stock/_home.html",
    act=_set_home,
    done="Home of {0.sku} saved.",
    icon="pin",
)

release = Action(
    resource=RESERVATION,
    name="release",
    path="/release",
    title="Release",
    permission="stock.reserve",
    act=_release,
    done="Released.",
    to=lambda reservation: url_for("stock.show", product_id=reservation.product_id),
)

for action in (adjust, count, write_off, move, transfer, reserve, set_home, release):
    action.add_to(bp)
