"""What the lists of goods at marketplaces have in common: filters, columns, how they begin."""

from typing import Any

from flask import url_for

from app.core.db import db
from app.core.pages import Asked, Column, Day, Link, ListPage, Nothing, Search
from app.core.pages.filters import Reference
from app.integrations.marketplaces import queries

VIEW = "reconcile.view"
SPAN = (Day(name="from", label="From"), Day(name="to", label="To"))
CONNECTIONS = Link(
    label="Connections", endpoint="connections.index", permission="integrations.view"
)
NOTHING = Nothing(
    title="Nothing yet.",
    advice="Connect a marketplace that keeps goods of yours; what it says appears here.",
    link=CONNECTIONS,
    icon="boxes",
)
UNMATCHED = Nothing(
    title="Nothing matches.", advice="Try another filter.", action="Show everything"
)


def connections() -> list[tuple[Any, str]]:
    """Give the connections to choose from."""
    return [(one.id, one.name) for one in db.session.scalars(queries.marketplace_connections())]


ACCOUNT = Reference(
    name="connection", label="Account", options=connections, chip="One account",
    shows=lambda _number: "One account",
)  # fmt: skip
AT = Column(name="account", title="Account", value="connection.name", place="desk wide")


def search(more: str = "") -> Search:
    """A field for a whole SKU or number."""
    return Search(label=f"SKU, FNSKU{more}")


def common(asked: Asked) -> dict[str, Any]:
    """Filters that all of these lists have."""
    return {"search": asked["search"], "connection_id": asked["connection"]}


def dated(asked: Asked) -> dict[str, Any]:
    """The same, and a span of days."""
    return common(asked) | {"since": asked["from"], "until": asked["to"]}


def crumbs(_about: Any) -> list[tuple[str, str]]:
    """Lead back to what lies there."""
    return [("Marketplaces", url_for("marketplaces.index"))]


def page_of_marketplaces(name: str, title: str, subtitle: str, **more: Any) -> ListPage:
    """Declare one of the lists."""
    given: dict[str, Any] = {
        "permission": VIEW, "nothing": NOTHING, "unmatched": UNMATCHED, "crumbs": crumbs,
        "above": "marketplaces/_pages.html",
    }  # fmt: skip
    return ListPage(
        name=f"marketplace-{name}", title=title, subtitle=subtitle, **(given | more)
    )


def goods(model: Any) -> tuple[Column, ...]:
    """Which goods a row is about."""
    return (
        Column(
            name="sku", title="SKU", kind="code", sort=model.sku, place="name",
            is_required=True, is_link=True,
        ),
        Column(name="fnsku", title="FNSKU", kind="code", place="desk wide"),
        Column(name="name", title="Name", place="meta wrap"),
    )  # fmt: skip


def day(model: Any) -> Column:
    """The day of a row."""
    return Column(name="day", title="Day", kind="day", sort=model.day, place="meta")


def numbers(*names: tuple[str, str], place: str = "") -> tuple[Column, ...]:
    """Columns of pieces: name and title of each."""
    return tuple(
        Column(name=name, title=title, kind="number", place=place) for name, title in names
    )
