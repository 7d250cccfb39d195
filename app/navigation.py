"""The places of the side bar, in order: on one page, beside the wiring."""

from typing import Any, NamedTuple

from flask import Flask, current_app, render_template, request, url_for
from markupsafe import Markup

from app.core.permissions import SIGNED_IN, may


class Place(NamedTuple):
    """An entry of the side bar; those of `main` stand on the bar of a phone.

    Whoever holds one of its permissions, written with blanks between them, may see it.
    """

    label: str
    endpoint: str
    icon: str
    permission: str
    main: bool = False


IMPORTS = " ".join(
    f"{area}.import" for area in ("products", "customers", "vendors", "stock", "orders")
)

PLACES: dict[str, tuple[Place, ...]] = {
    "Stock": (
        Place("Inventory", "stock.index", "boxes", "stock.view", main=True),
        Place("Low stock", "stock.low", "alert", "stock.view", main=True),
        Place("Movements", "movements.index", "arrows", "stock.view"),
        Place("Locations", "locations.index", "pin", "stock.view"),
        Place("Counts", "counts.index", "clipboard", "counting.view"),
    ),
    "Sales": (
        Place("Orders", "orders.index", "list", "orders.view", main=True),
        Place("Invoices", "invoices.index", "file", "invoices.view"),
    ),
    "Fulfilment": (
        Place("Pick", "pick.index", "box", "fulfilment.pick"),
        Place("Pack", "pack.index", "boxes", "fulfilment.pack"),
        Place("Put back", "putbacks.index", "undo", "fulfilment.pick"),
        Place("Count", "count.index", "clipboard", "counting.count"),
        Place("Picking board", "picking.index", "activity", "fulfilment.manage"),
    ),
    "Catalogue": (
        Place("Products", "products.index", "tag", "products.view", main=True),
        Place("Customers", "customers.index", "users", "customers.view", main=True),
        Place("Vendors", "vendors.index", "truck", "vendors.view"),
    ),
    "Work": (
        Place("Labels", "labels.index", "barcode", "labels.view"),
        Place("Imports", "imports.index", "upload", IMPORTS),
        Place("Jobs", "jobs.index", "clock", "jobs.view"),
    ),
    "Administration": (
        Place("Connections", "connections.index", "link", "integrations.view"),
        Place("Users", "users.index", "user", "users.view"),
        Place("Roles", "roles.index", "shield", "users.view"),
        Place("Audit", "audit.index", "history", "audit.view"),
        Place("Schedule", "schedule.index", "calendar", "jobs.manage"),
        Place("Settings", "settings.edit", "settings", "settings.edit"),
    ),
}


# What the first screen of a tablet offers.
TABLET_PLACES = (
    Place("Pick", "pick.index", "box", "fulfilment.pick"),
    Place("Pack", "pack.index", "boxes", "fulfilment.pack"),
    Place("Put back", "putbacks.index", "undo", "fulfilment.pick"),
    Place("Count", "count.index", "clipboard", "counting.count"),
    Place("Scanner test", "tablet.scanner", "barcode", SIGNED_IN),
)

# The page of a record, by the name of its table.
RECORDS = {
    "product": "products.show",
    "customer": "customers.show",
    "vendor": "vendors.show",
    "location": "locations.show",
    "sales_order": "orders.show",
    "count_task": "counts.show",
    "user_account": "users.show",
    "role": "roles.show",
    "setting": "settings.edit",
    "schedule_entry": "schedule.index",
    "connection": "connections.show",
    "label_format": "labels.edit_format",
    "label_printer": "labels.edit_printer",
}


def init_app(app: Flask) -> None:
    """Let templates draw the side bar, and link to any record."""
    app.extensions["side bars"] = {}
    app.jinja_env.globals["navigation"] = navigation
    app.jinja_env.globals["tablet_places"] = tablet_places
    app.jinja_env.globals["side_bar"] = side_bar
    app.jinja_env.globals["record_url"] = record_url


def record_url(record_type: str, record_id: int) -> str | None:
    """Address of the page of a record, if there is one and the person may see it."""
    endpoint = RECORDS.get(record_type, "")
    view = current_app.view_functions.get(endpoint)
    if view is None or not may(getattr(view, "required_permission", "")):
        return None
    rule = next(current_app.url_map.iter_rules(endpoint))
    names: dict[str, Any] = dict.fromkeys(rule.arguments, record_id)
    return url_for(endpoint, **names)


def side_bar() -> Markup:
    """Draw the side bar; once for all who may see the same places and stand at the same."""
    drawn: dict[tuple[Place, ...], Markup] = current_app.extensions["side bars"]
    seen = tuple(p for _title, places in _all() for p in places if _is_open(p))
    here = tuple(place for place in seen if _is_current(place.endpoint))
    key = (*seen, *here)
    if key not in drawn:
        drawn[key] = Markup(render_template("_side.html", groups=navigation()))  # noqa: S704
    return drawn[key]


def navigation() -> list[dict[str, Any]]:
    """Give the groups of places that the person asking may see."""
    groups = {title: [_entry(p) for p in places if _is_open(p)] for title, places in _all()}
    return [{"title": title, "items": items} for title, items in groups.items() if items]


def tablet_places() -> list[dict[str, Any]]:
    """Give the places of a tablet that the person asking may see."""
    return [
        _entry(place)
        for place in TABLET_PLACES
        if place.permission == SIGNED_IN or _is_open(place)
    ]


def first_place() -> str | None:
    """Address of the first place the person may see."""
    open_places = [place for _title, places in _all() for place in places if _is_open(place)]
    return url_for(open_places[0].endpoint) if open_places else None


def _all() -> list[tuple[str, tuple[Place, ...]]]:
    return list(PLACES.items())


def _is_open(place: Place) -> bool:
    is_there = place.endpoint in current_app.view_functions
    return is_there and any(may(permission) for permission in place.permission.split())


def _entry(place: Place) -> dict[str, Any]:
    return {
        "label": place.label,
        "href": url_for(place.endpoint),
        "icon": place.icon,
        "main": place.main,
        "current": _is_current(place.endpoint),
        "badge": None,
    }


def _is_current(endpoint: str) -> bool:
    here = request.endpoint or ""
    if endpoint == "stock.low" or here == "stock.low":
        return endpoint == here
    return here.partition(".")[0] == endpoint.partition(".")[0]
