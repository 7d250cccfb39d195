"""Pages of customers and of vendors: the same pages for both."""

from functools import partial
from typing import Any

from flask import Blueprint
from werkzeug import Response

from app.catalog import queries
from app.catalog.rules import countries
from app.catalog.views.contact_page import Kind, add_contact_page
from app.catalog.views.lists import (
    STATE_LABELS,
    STATES,
    asked_filters,
    chips,
    exports,
    import_link,
)
from app.core.db import db
from app.core.permissions import requires
from app.core.tables import paginate
from app.core.web import render, wants_fragment


def contact_pages(kind: Kind) -> Blueprint:
    """Make the pages of customers or of vendors."""
    area = area_of(kind)
    bp = Blueprint(area, __name__, url_prefix=f"/{area}")
    bp.add_url_rule("", "index", requires(f"{area}.view")(partial(index, kind)))
    add_contact_page(bp, kind)
    return bp


def area_of(kind: Kind) -> str:
    """Give the name of a kind in addresses and permissions."""
    return f"{kind.__tablename__}s"


def index(kind: Kind) -> Response:
    """List them; a search from htmx receives only the results."""
    filters = asked_filters("search", "country")
    found = queries.contacts(
        kind,
        search=filters["search"],
        country=filters["country"].replace("\0", ""),
        is_active=STATES[filters["state"]],
    )
    sorts = queries.contact_sorts(kind)
    page = paginate(found, sorts=sorts, default="name", filters=filters)
    labels = {
        "country": countries().get(filters["country"], filters["country"]),
        "state": STATE_LABELS.get(filters["state"], ""),
    }
    return _render(
        kind,
        "index",
        "results",
        page=page,
        filters=filters,
        chips=chips(page, labels),
        countries=_countries_in_use(kind),
        import_link=import_link(area_of(kind)),
        exports=exports(area_of(kind), page),
    )


def _render(
    kind: Kind, name: str, fragment: str, *, status: int = 200, **more: Any
) -> Response:
    """Show a page of a kind, with the words it needs."""
    words = {"kind": kind.__tablename__, "area": area_of(kind)}
    template = f"catalog/contacts/{name}.html"
    return render(template, fragment=fragment, status=status, **words, **more)


def _countries_in_use(kind: Kind) -> list[tuple[str, str]]:
    """Give what the filter offers; a search in place shows no filters."""
    if wants_fragment():
        return []
    codes = db.session.scalars(queries.countries_in_use(kind))
    return sorted([(code, countries().get(code, code)) for code in codes], key=lambda c: c[1])
