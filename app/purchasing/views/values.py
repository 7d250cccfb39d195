"""What the stock is worth, place by place, today or at the end of another day."""

from typing import Any

from flask import url_for
from sqlalchemy import Select

from app.core.days import day_after
from app.core.db import db
from app.core.pages import Asked, Column, Day, ListPage, Nothing, Search
from app.purchasing import queries
from app.purchasing.prices import COSTS
from app.purchasing.views.blueprint import values as bp
from app.stock.models import Location


def _values(asked: Asked) -> Select[Any]:
    day = asked["on"]
    return queries.stock_value(search=asked["search"], until=day_after(day) if day else None)


def _sums(query: Select[Any]) -> dict[str, Any]:
    """What all places that the filters let through are worth, by currency."""
    return {"sums": db.session.execute(queries.sums_of(query)).all()}


VALUES = ListPage(
    name="stock_value",
    title="Stock value",
    subtitle="Each product at its moving average; where nothing was received of it yet, at the "
    "cost that the catalogue knows.",
    permission=COSTS,
    query=_values,
    key=Location.id,
    is_joined=True,
    sort="code",
    href=lambda row: url_for("locations.show", location_id=row.id),
    filters=(Search(label="Warehouse, zone or bin"), Day(name="on", label="At the end of")),
    columns=(
        Column(
            name="code",
            title="Location",
            kind="code",
            sort=Location.code,
            is_link=True,
            is_required=True,
        ),
        Column(name="name", title="Name", place="name"),
        Column(name="quantity", title="On hand", kind="quantity", place="desk"),
        Column(
            name="value",
            title="Value",
            kind="money",
            unit="currency",
            sort="value",
            place="figure",
        ),
        Column(name="currency", title="Currency", place="wide desk", is_shown=False),
    ),
    sums=_sums,
    below="purchasing/_sums.html",
    nouns=("location", "locations"),
    events=("stock:changed",),
    unmatched=Nothing(
        title="Nothing matches.", advice="Try another day.", action="Show everything"
    ),
    nothing=Nothing(
        title="There is no stock.", advice="Receive something first.", icon="boxes"
    ),
)

VALUES.add_to(bp)
