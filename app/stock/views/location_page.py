"""The page of a location, and what is done with one."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import url_for

from app.catalog.models import Product
from app.core.db import db
from app.core.pages import Action, RecordLink, RecordPage, Resource
from app.core.pages.paging import Order, paginate
from app.stock import queries, services
from app.stock.forms import BinsForm, EditLocationForm, NewLocationForm
from app.stock.models import KINDS, Balance, Location
from app.stock.views.locations import CHANGED, bp

CHILDREN_SHOWN = 200

LOCATION = Resource(
    name="location",
    area="locations",
    query=queries.location,
    rule="/<int:location_id>",
    keys={"location_id": "id"},
    event=CHANGED,
)


def _begin(form: Any, _location: None) -> None:
    """Where there is only one warehouse and no zone, everything lies in it."""
    parents = db.session.scalars(queries.parents().limit(2)).all()
    if len(parents) == 1:
        form.parent_id.data = parents[0].id


def _bins_made(number: int, _number: int) -> str:
    return f"{number:,} bins added." if number else "All of them exist already."


_verb = partial(Action, resource=LOCATION, permission="locations.edit")

create = _verb(
    name="create",
    is_new=True,
    title="New location",
    form=NewLocationForm,
    fill=_begin,
    fields="stock/locations/_fields.html",
    act=services.create_location,
    done="{0.code} added.",
    leaves=True,
)
create_bins = _verb(
    name="create_bins",
    path="/bins",
    is_new=True,
    title="Many bins",
    subtitle="Numbers and single letters are counted through: from A-01-1 to B-12-5 makes "
    "120 bins.",
    submit="Make them",
    form=BinsForm,
    fill=_begin,
    fields="stock/locations/_bins.html",
    act=services.create_bins,
    done=_bins_made,
    to=lambda _number: url_for("locations.index"),
)
update = _verb(
    name="update",
    title="Edit",
    heading="Edit {0.code}",
    form=EditLocationForm,
    fields="stock/locations/_fields.html",
    act=services.revise_location,
    done="{0.code} saved.",
    icon="edit",
    kind="primary",
)
deactivate = _verb(
    name="deactivate",
    path="/deactivation",
    title="Take out of use",
    question="Take {0.code} out of use?",
    act=services.deactivate_location,
    done="{0.code} is out of use.",
    kind="danger",
    when=lambda location: location.is_active,
)
activate = _verb(
    name="activate",
    path="/activation",
    title="Use again",
    act=services.activate_location,
    done="{0.code} is in use again.",
    when=lambda location: not location.is_active,
)


def _context(location: Location) -> Mapping[str, Any]:
    """Give what lies there, or below it."""
    sorts = {"id": Balance.id, "sku": Product.sku, "on_hand": Balance.on_hand}
    children = queries.children(location.id).limit(CHILDREN_SHOWN)
    return {
        "kinds": KINDS,
        "page": paginate(queries.balances_at(location.path), Order(sorts, "sku")),
        "children": db.session.scalars(children).all(),
    }


location_page = RecordPage(
    resource=LOCATION,
    permission="stock.view",
    title="Location {0.code}",
    heading="{0.code}",
    subtitle="{0.name}",
    crumbs=lambda _location: [("Locations", url_for("locations.index"))],
    buttons=(
        RecordLink(
            label="Have it counted",
            href=lambda location: url_for("counts.new", location=location.code),
            permission="counting.manage",
            icon="clipboard",
            is_dialog=True,
            when=lambda location: location.is_active,
        ),
        RecordLink(
            label="Labels",
            href=lambda location: url_for(
                "labels.new", subject="location", items=location.code
            ),
            permission="labels.print",
            icon="barcode",
        ),
        update,
        deactivate,
        activate,
    ),
    topic=lambda _location: "stock",
    events=("stock:changed",),
    body="stock/locations/_location.html",
    context=_context,
    labels={
        "is_active": "In use",
        "is_blocked": "Blocked",
        "is_pickable": "Picked from",
        "parent_id": "Lies in",
    },
)

location_page.add_to(bp)
for action in (create, create_bins, update, deactivate, activate):
    action.add_to(bp)
