"""Forms that change the stock of one product: each is a resource of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any

from flask import request, url_for
from werkzeug import Response

from app.catalog import queries as catalog
from app.catalog.models import Product
from app.core.db import db
from app.core.errors import DomainError
from app.core.people import current_actor_id
from app.core.permissions import may, requires
from app.core.web import one_or_404, render, respond_saved
from app.stock import queries, services
from app.stock.forms import (
    AdjustmentForm,
    CarryForm,
    CountForm,
    HomeForm,
    PostingForm,
    ReservationForm,
    WriteOffForm,
)
from app.stock.ledger import Posted
from app.stock.reservations import ReservedQuantity
from app.stock.views.inventory import CHANGED, bp

Carry = Callable[..., Posted]


def _adjust(product_id: int, location: str, **values: Any) -> Posted:
    target = services.find_target(
        product_id=product_id, location=location, reason=values["reason"]
    )
    return services.adjust_stock(target, **values)


def _count(product_id: int, location: str, **values: Any) -> Posted:
    target = services.find_target(product_id=product_id, location=location, reason="counted")
    return services.count_stock(target, **values)


def _write_off(product_id: int, location: str, **values: Any) -> Posted:
    target = services.find_target(
        product_id=product_id, location=location, reason=values["reason"]
    )
    return services.write_off(target, **values)


def _carry(
    service: Carry, product_id: int, source: str, destination: str, **said: Any
) -> Posted:
    route = services.find_route(product_id=product_id, source=source, destination=destination)
    return service(route, **said)


def _reserve(product_id: int, location: str, quantity: Any, **values: Any) -> None:
    target = services.find_target(product_id=product_id, location=location, reason="found")
    services.reserve(ReservedQuantity(product_id, target.location_id, None, quantity), **values)


@dataclass(frozen=True, kw_only=True)
class Change:
    """A form at `/stock/<product>/<resource>/new`, and what sending it does."""

    resource: str
    title: str
    permission: str
    form: type[PostingForm]
    act: Callable[..., Posted | None]
    done: str

    def ask(self, product_id: int) -> Response:
        """Show the form, with the place filled in where there is only one."""
        product = one_or_404(catalog.product(product_id))
        form = self.form()
        here = request.args.get("location", "") or _only_place(product_id)
        for name in ("location", "source"):
            if name in form:
                form[name].data = here
        return self.show(product, form)

    def send(self, product_id: int) -> Response:
        """Do what the form says."""
        product, form, status = one_or_404(catalog.product(product_id)), self.form(), 422
        if form.validate_on_submit():
            values = form.values
            values["key"] = f"form:{current_actor_id()}:{values['key']}"
            try:
                posted = self.act(product_id, **values)
            except DomainError as error:
                status = form.refuse(error)
                product = one_or_404(catalog.product(product_id))  # ours is stale now
            else:
                return self.answer(product, posted)
        return self.show(product, form, status=status)

    def answer(self, product: Product, posted: Posted | None) -> Response:
        """Say that it was done, and offer to undo it."""
        undo = ""
        if posted and posted.movement_ids and may("stock.reverse"):
            undo = url_for("movements.reverse", posting_id=posted.id)
        here = url_for(".show", product_id=product.id)
        return respond_saved(here, f"{product.sku} {self.done}.", event=CHANGED, undo=undo)

    def show(self, product: Product, form: PostingForm, *, status: int = 200) -> Response:
        """Show the form with what lies where."""
        return render(
            "stock/change.html",
            fragment="form",
            status=status,
            change=self,
            product=product,
            form=form,
            balances=db.session.scalars(queries.balances_of(product.id)).all(),
        )


CHANGES = (
    Change(
        resource="adjustments",
        title="Adjust",
        permission="stock.adjust",
        form=AdjustmentForm,
        act=_adjust,
        done="adjusted",
    ),
    Change(
        resource="counts",
        title="Count",
        permission="stock.adjust",
        form=CountForm,
        act=_count,
        done="counted",
    ),
    Change(
        resource="write-offs",
        title="Write off",
        permission="stock.adjust",
        form=WriteOffForm,
        act=_write_off,
        done="written off",
    ),
    Change(
        resource="moves",
        title="Move",
        permission="stock.transfer",
        form=CarryForm,
        act=partial(_carry, services.move_stock),
        done="moved",
    ),
    Change(
        resource="transfers",
        title="Transfer",
        permission="stock.transfer",
        form=CarryForm,
        act=partial(_carry, services.transfer_stock),
        done="transferred",
    ),
    Change(
        resource="reservations",
        title="Reserve",
        permission="stock.reserve",
        form=ReservationForm,
        act=_reserve,
        done="reserved",
    ),
)


def _view(permission: str, act: Callable[[int], Response]) -> Callable[..., Response]:
    """Make a plain function of a method: a view carries its permission and its name."""

    @requires(permission)
    @wraps(act)
    def view(product_id: int) -> Response:
        return act(product_id)

    return view


for change in CHANGES:
    at, name = f"/<int:product_id>/{change.resource}", change.resource.replace("-", "_")
    ask, send = _view(change.permission, change.ask), _view(change.permission, change.send)
    bp.add_url_rule(f"{at}/new", f"new_{name}", ask)
    bp.add_url_rule(at, f"create_{name}", send, methods=["POST"])


@bp.get("/<int:product_id>/home/edit")
@requires("stock.adjust")
def edit_home(product_id: int) -> Response:
    """Ask where a product lives."""
    home = db.session.scalars(queries.home(product_id)).one_or_none()
    return _home_form(product_id, HomeForm(location=home.location.code if home else ""))


@bp.post("/<int:product_id>/home")
@requires("stock.adjust")
def update_home(product_id: int) -> Response:
    """Say where a product lives, or that it lives nowhere."""
    product, form, status = one_or_404(catalog.product(product_id)), HomeForm(), 422
    if form.validate_on_submit():
        code = form.location.data
        try:
            location_id = services.find_location(code) if code else None
            services.set_home(product_id, location_id=location_id)
        except DomainError as error:
            status = form.refuse(error)
        else:
            here = url_for(".show", product_id=product_id)
            return respond_saved(here, f"Home of {product.sku} saved.", event=CHANGED)
    return _home_form(product_id, form, status=status)


def _home_form(product_id: int, form: HomeForm, *, status: int = 200) -> Response:
    return render(
        "stock/home.html",
        fragment="form",
        status=status,
        form=form,
        product=one_or_404(catalog.product(product_id)),
    )


def _only_place(product_id: int) -> str:
    """Where a product lies, if it lies in one place; else its home."""
    balances = db.session.scalars(queries.balances_of(product_id)).all()
    codes = {balance.location.code for balance in balances}
    if len(codes) == 1:
        return codes.pop()
    home = db.session.scalars(queries.home(product_id)).one_or_none()
    return home.location.code if home else ""
