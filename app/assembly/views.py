"""Builds: the list, the page of one, and how one is made and taken back."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import Blueprint, request, url_for
from sqlalchemy import Select

from app.assembly import queries, services
from app.assembly.forms import BuildForm
from app.assembly.models import Build
from app.catalog.costs import COSTS
from app.core.db import db
from app.core.pages import (
    Action,
    Asked,
    Column,
    Link,
    ListPage,
    Nothing,
    RecordPage,
    Resource,
    Search,
)

bp = Blueprint("builds", __name__, url_prefix="/builds")

VIEW, BUILD = "assembly.view", "assembly.build"
CHANGED = "builds:changed"
NEW = Link(label="Build", endpoint="builds.new", permission=BUILD, kind="primary", icon="plus")
BUILDS = Resource(
    name="build",
    area="builds",
    query=queries.build,
    rule="/<int:build_id>",
    keys={"build_id": "id"},
    event=CHANGED,
)


def _builds(asked: Asked) -> Select[Any]:
    return queries.builds(search=asked["search"])


LIST = ListPage(
    name="builds",
    title="Builds",
    subtitle="What was built of its components, and when.",
    permission=VIEW,
    query=_builds,
    key=Build.id,
    sort="-number",
    href=lambda build: url_for("builds.show", build_id=build.id),
    filters=(Search(label="Number, SKU or name"),),
    columns=(
        Column(
            name="number",
            title="Number",
            kind="code",
            sort=queries.SORTS["number"],
            is_link=True,
            is_required=True,
        ),
        Column(name="sku", title="SKU", kind="code", value="product.sku", place="meta"),
        Column(name="name", title="Product", value="product.name", place="name"),
        Column(
            name="quantity",
            title="Built",
            kind="quantity",
            unit="product.unit",
            place="figure",
        ),
        Column(
            name="scrapped",
            title="Scrapped",
            kind="quantity",
            unit="product.unit",
            place="wide desk",
        ),
        Column(name="location", title="Put at", kind="code", value="location.code"),
        Column(
            name="value",
            title="Value",
            kind="money",
            unit="product.currency",
            place="wide desk",
            permission=COSTS,
        ),
        Column(name="created_at", title="When", kind="moment", place="meta"),
        Column(
            name="actor",
            title="By",
            value=lambda build: build.actor.name if build.actor else "system",
            place="wide desk",
        ),
        Column(
            name="status",
            title="State",
            kind="cell",
            cell="assembly/_cells.html:state",
            export=lambda build: "Undone" if build.is_undone else "Built",
            place="status",
        ),
    ),
    links=(NEW,),
    events=(CHANGED,),
    nouns=("build", "builds"),
    unmatched=Nothing(title="Nothing matches.", advice="Try fewer letters.", action="Show all"),
    nothing=Nothing(
        title="Nothing has been built yet.",
        advice="Say what a product is made of on its page, then build it here.",
        link=NEW,
        icon="boxes",
    ),
)


def _begin(form: BuildForm, _build: None) -> None:
    """Begin with `?product=`, the id of one."""
    number = request.args.get("product", 0, type=int)
    if 0 < number < 2**63:
        form.product.data = number


def _build(product_id: int, quantity: Decimal, location: str, **more: Any) -> Build:
    place = services.place_for(product_id, location)
    return services.build_product(product_id, quantity=quantity, location_id=place, **more)


def _context(build: Build) -> Mapping[str, Any]:
    return {"movements": db.session.scalars(queries.movements_of(build)).all()}


create = Action(
    resource=BUILDS,
    name="create",
    title="Build",
    heading="Build a product",
    permission=BUILD,
    is_new=True,
    form=BuildForm,
    fill=_begin,
    act=_build,
    done="{0.number} is built.",
    advice="Its components are taken from the same warehouse, in the order of picking.",
    fields="assembly/_fields.html",
    submit="Build",
    leaves=True,
)
undo = Action(
    resource=BUILDS,
    name="undo",
    path="/reversal",
    title="Undo",
    question="Undo {0.number}? What was built leaves the books, and its components are back.",
    confirm="Undo",
    permission=BUILD,
    act=services.undo_build,
    done="{0.number} is undone.",
    icon="undo",
    kind="quiet danger",
    when=lambda build: not build.is_undone,
)
build_page = RecordPage(
    resource=BUILDS,
    permission=VIEW,
    heading="Build {0.number}",
    subtitle="{0.product.sku} {0.product.name}",
    crumbs=lambda _build: [("Builds", url_for("builds.index"))],
    buttons=(undo,),
    has_row=True,
    body="assembly/_build.html",
    context=_context,
    labels={"undone_at": "Undone", "product_id": "Product", "location_id": "Put at"},
)

LIST.add_to(bp)
build_page.add_to(bp)
for action in (create, undo):
    action.add_to(bp)
