"""The list of locations, in the order of their tree."""

from typing import Any

from flask import url_for
from sqlalchemy import Select

from app.catalog.label_actions import label_action
from app.core.pages import (
    Asked,
    BulkAction,
    Choice,
    Column,
    Link,
    ListPage,
    Nothing,
    Search,
    Segments,
)
from app.stock import queries, services
from app.stock.models import KINDS, Location
from app.stock.views.locations import bp

STATES: dict[str, bool | None] = {"": True, "inactive": False, "all": None}
DEEPEST = 5  # that is drawn


def _locations(asked: Asked) -> Select[Any]:
    return queries.locations(
        q=asked["search"], kind=asked["kind"], is_active=STATES[asked["state"]]
    )


def _tick(row: Any) -> tuple[int, str]:
    return row.Location.id, row.Location.code


LOCATIONS = ListPage(
    name="locations",
    title="Locations",
    permission="stock.view",
    query=_locations,
    is_joined=True,
    key=queries.TREE,
    href=lambda row: url_for("locations.show", location_id=row.Location.id),
    filters=(
        Search(label="Code, name or barcode"),
        Choice(name="kind", label="Kind", options=KINDS, everything="All kinds"),
        Segments(
            name="state",
            label="State",
            options={"inactive": "Out of use", "all": "All"},
            everything="In use",
            words={"inactive": "Inactive"},
        ),
    ),
    columns=(
        Column(
            name="code",
            title="Location",
            kind="cell",
            cell="stock/_cells.html:location",
            value="Location.code",
            tone=lambda row: f"depth-{min(row.Location.depth, DEEPEST)}",
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="name",
            title="Name",
            value="Location.name",
            place="wide desk",
            is_shown=False,
        ),
        Column(
            name="kind", title="Kind", value=lambda row: KINDS[row.Location.kind], place="meta"
        ),
        Column(
            name="products",
            title="Products",
            kind="number",
            value=lambda row: row.products if row.Location.holds_stock else None,
            place="figure",
        ),
        Column(
            name="barcode",
            title="Barcode",
            kind="code",
            value="Location.barcode",
            place="wide desk",
        ),
        Column(
            name="pick_sequence",
            title="Place in the pick round",
            value="Location.pick_sequence",
            place="wide desk",
            is_shown=False,
        ),
        Column(
            name="state",
            title="State",
            kind="cell",
            cell="stock/_cells.html:location_state",
            value="Location.is_active",
            place="status",
        ),
    ),
    tools=(
        Link(
            label="Labels for these",
            endpoint="labels.new",
            permission="labels.print",
            values={"subject": "location", "list": 1},
            kind="quiet",
            icon="barcode",
        ),
    ),
    links=(
        Link(
            label="Many bins",
            endpoint="locations.new_bins",
            permission="locations.edit",
            icon="boxes",
            is_dialog=True,
        ),
        Link(
            label="New location",
            endpoint="locations.new",
            permission="locations.edit",
            kind="primary",
            icon="plus",
            is_dialog=True,
        ),
    ),
    events=("location:changed", "stock:changed"),
    nouns=("location", "locations"),
    row_id=Location.id,
    row_name=Location.code,
    tick=_tick,
    actions=(
        label_action("location", row_id=Location.id, code=Location.code),
        BulkAction(
            name="deactivate",
            label="Take out of use",
            permission="locations.edit",
            question="Take {count} out of use?",
            kind="danger",
            act=services.deactivate_location,
        ),
        BulkAction(
            name="activate",
            label="Take into use",
            permission="locations.edit",
            question="Take {count} into use again?",
            act=services.activate_location,
        ),
    ),
    nothing=Nothing(
        title="Nothing matches.",
        advice="Try fewer letters or another kind.",
        icon="search",
    ),
    unmatched=Nothing(
        title="Nothing matches.",
        advice="Try fewer letters or another kind.",
        action="Show all locations",
    ),
)

LOCATIONS.add_to(bp)
