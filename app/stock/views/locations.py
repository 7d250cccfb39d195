"""The tree of locations."""

from typing import Any

from flask import Blueprint, url_for
from werkzeug import Response

from app.catalog.models import Product
from app.core import audit
from app.core.db import db
from app.core.errors import DomainError
from app.core.pages.paging import Order, paginate
from app.core.permissions import requires
from app.core.web import one_or_404, render, respond_redirect, respond_saved
from app.stock import queries, services
from app.stock.forms import BinsForm, EditLocationForm, LocationForm, NewLocationForm
from app.stock.models import KINDS, Balance, Location

bp = Blueprint("locations", __name__, url_prefix="/locations")

CHANGED = "location:changed"
HISTORY_SHOWN = 30
CHILDREN_SHOWN = 200


@bp.get("/<int:location_id>")
@requires("stock.view")
def show(location_id: int) -> Response:
    """Show what lies at a location, or below it."""
    location = one_or_404(queries.location(location_id))
    contents = queries.balances_at(location.path)
    sorts = {"id": Balance.id, "sku": Product.sku, "on_hand": Balance.on_hand}
    return render(
        "stock/locations/show.html",
        fragment="record",
        location=location,
        kinds=KINDS,
        page=paginate(contents, Order(sorts, "sku")),
        children=db.session.scalars(queries.children(location_id).limit(CHILDREN_SHOWN)).all(),
        history=db.session.scalars(audit.history(location).limit(HISTORY_SHOWN)).all(),
    )


@bp.get("/new")
@requires("locations.edit")
def new() -> Response:
    """Ask for a new location."""
    return _form(NewLocationForm(), "stock/locations/new.html")


@bp.post("")
@requires("locations.edit")
def create() -> Response:
    """Make a location."""
    form, status = _offered(NewLocationForm()), 422
    if form.validate_on_submit():
        try:
            location = services.create_location(**form.values)
        except DomainError as error:
            status = form.refuse(error)
        else:
            return respond_redirect(_address(location), f"{location.code} added.")
    return _form(form, "stock/locations/new.html", status=status)


@bp.get("/<int:location_id>/edit")
@requires("locations.edit")
def edit(location_id: int) -> Response:
    """Ask for changes of a location."""
    location = one_or_404(queries.location(location_id))
    return _form(EditLocationForm(obj=location), "stock/locations/edit.html", location)


@bp.post("/<int:location_id>")
@requires("locations.edit")
def update(location_id: int) -> Response:
    """Change a location."""
    location = one_or_404(queries.location(location_id))
    form, status = _offered(EditLocationForm(), location), 422
    if form.validate_on_submit():
        try:
            location = services.revise_location(location_id, **form.values)
        except DomainError as error:
            status = form.refuse(error)
            location = one_or_404(queries.location(location_id))  # ours is stale now
        else:
            return respond_saved(_address(location), f"{location.code} saved.", event=CHANGED)
    return _form(form, "stock/locations/edit.html", location, status=status)


@bp.get("/bins/new")
@requires("locations.edit")
def new_bins() -> Response:
    """Ask for the pattern of many bins."""
    return _form(BinsForm(), "stock/locations/bins.html")


@bp.post("/bins")
@requires("locations.edit")
def create_bins() -> Response:
    """Make many bins at once."""
    form, status = _offered(BinsForm()), 422
    if form.validate_on_submit():
        try:
            number = services.create_bins(**form.values)
        except DomainError as error:
            status = form.refuse(error)
        else:
            message = f"{number:,} bins added." if number else "All of them exist already."
            return respond_saved(url_for(".index"), message, event=CHANGED)
    return _form(form, "stock/locations/bins.html", status=status)


@bp.post("/<int:location_id>/deactivation")
@requires("locations.edit")
def deactivate(location_id: int) -> Response:
    """Take a location out of use."""
    one_or_404(queries.location(location_id))
    location = services.deactivate_location(location_id)
    return respond_saved(_address(location), f"{location.code} is out of use.", event=CHANGED)


@bp.post("/<int:location_id>/activation")
@requires("locations.edit")
def activate(location_id: int) -> Response:
    """Take a location into use again."""
    one_or_404(queries.location(location_id))
    location = services.activate_location(location_id)
    return respond_saved(_address(location), f"{location.code} is in use again.", event=CHANGED)


def _address(location: Location) -> str:
    return url_for("locations.show", location_id=location.id)


def _form(
    form: LocationForm | BinsForm,
    template: str,
    location: Location | None = None,
    *,
    status: int = 200,
) -> Response:
    _offered(form, location)
    return render(template, fragment="form", status=status, form=form, location=location)


def _offered(form: Any, location: Location | None = None) -> Any:
    """Give the form what locations may lie in; not in themselves."""
    parents = [p for p in db.session.scalars(queries.parents()) if p is not location]
    form.offer([(parent.id, parent.label) for parent in parents])
    return form
