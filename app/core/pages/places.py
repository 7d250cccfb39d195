"""Which list an address names, and the way back to it as somebody has left it."""

from collections.abc import Mapping
from typing import Any

from flask import abort, current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BuildError
from werkzeug.urls import iri_to_uri

from app.core.pages.lists import Known, lists
from app.core.permissions import SIGNED_IN, ensure


def list_named(name: str) -> Known:
    """Find a list that the person asking may see; else 404 or 403."""
    known = lists().get(name) or abort(404)
    if known.page.permission != SIGNED_IN:
        ensure(known.page.permission)
    return known


def way_back(known: Known) -> str:
    """Give `here` of the request if it leads to the list, else the address of all of it."""
    here = request.values.get("here", "")
    return address_of(known) if _about(known, here) is None else iri_to_uri(here)


def address_of(known: Known, **more: Any) -> str:
    """Give the address of the list: below the record that `here` of the request leads to.

    Where a list stands below records, and `here` leads to none, there is no such list: 404.
    """
    try:
        return url_for(known.endpoint, **about(known), **more)
    except BuildError:
        abort(404)


def about(known: Known) -> Mapping[str, Any]:
    """Say which record the list stands below, as `here` of the request says it."""
    return _about(known, request.values.get("here", "")) or {}


def _about(known: Known, here: str) -> Mapping[str, Any] | None:
    path, _, _query = here.partition("?")
    try:
        endpoint, values = current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return None
    return values if endpoint == known.endpoint else None
