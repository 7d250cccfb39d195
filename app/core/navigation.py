"""The side bar, the first screen of a tablet, and the page of any record."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Flask, current_app, render_template, request, url_for
from markupsafe import Markup

from app.core.permissions import SIGNED_IN, may
from app.core.slices import slices

ON_TABLETS = "on tablets"  # by this name a slice tells who works on a tablet all day


class Place(NamedTuple):
    """An entry of the side bar or of a tablet; those of `main` stand on the bar of a phone.

    Whoever holds its permission may see it; or whoever a function says may, where that takes
    more than one permission. One that is no `start` is never where somebody begins.
    """

    label: str
    endpoint: str
    icon: str
    permission: str | Callable[[], bool]
    order: int
    group: str = ""
    main: bool = False
    start: bool = True


def init_app(app: Flask) -> None:
    """Let templates draw the side bar, and link to any record."""
    app.extensions["side bars"] = {}
    app.jinja_env.globals["navigation"] = navigation
    app.jinja_env.globals["tablet_places"] = tablet_places
    app.jinja_env.globals["first_place"] = first_place
    app.jinja_env.globals["side_bar"] = side_bar
    app.jinja_env.globals["record_url"] = record_url


def record_url(record_type: str, record_id: int) -> str | None:
    """Address of the page of a record, if there is one and the person may see it."""
    endpoint = slices().records.get(record_type, "") if record_id else ""
    view = current_app.view_functions.get(endpoint)
    if view is None or not may(getattr(view, "required_permission", "")):
        return None
    rule = next(current_app.url_map.iter_rules(endpoint))
    names: dict[str, Any] = dict.fromkeys(rule.arguments, record_id)
    return url_for(endpoint, **names)


def side_bar() -> Markup:
    """Draw the side bar; once for all who may see the same places and stand at the same."""
    drawn: dict[tuple[Place, ...], Markup] = current_app.extensions["side bars"]
    seen = tuple(p for _title, places in _groups() for p in places if _is_open(p))
    here = tuple(place for place in seen if _is_current(place.endpoint))
    key = (*seen, *here)
    if key not in drawn:
        drawn[key] = Markup(render_template("_side.html", groups=navigation()))  # noqa: S704
    return drawn[key]


def navigation() -> list[dict[str, Any]]:
    """Give the groups of places that the person asking may see."""
    groups = {title: [_entry(p) for p in places if _is_open(p)] for title, places in _groups()}
    return [{"title": title, "items": items} for title, items in groups.items() if items]


def tablet_places() -> list[dict[str, Any]]:
    """Give the places of a tablet that the person asking may see."""
    return [_entry(place) for place in slices().tablet_places if _is_open(place)]


def start_page() -> str | None:
    """Address of the page where the person begins: their tablet's, or the first place."""
    is_on_tablets: Callable[[], bool] | None = slices().provided.get(ON_TABLETS)
    if is_on_tablets and is_on_tablets():
        return url_for("tablet.index")
    return first_place()


def first_place() -> str | None:
    """Address of the first place of the side bar that the person may see."""
    places = [place for _title, places in _groups() for place in places if _is_open(place)]
    begin = next((place for place in places if place.start), None)
    return url_for(begin.endpoint) if begin else None


def _groups() -> list[tuple[str, list[Place]]]:
    return list(slices().places.items())


def _is_open(place: Place) -> bool:
    if place.endpoint not in current_app.view_functions:
        return False
    if callable(place.permission):
        return place.permission()
    return place.permission == SIGNED_IN or may(place.permission)


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
