"""Which list an address names, and the way back to it as somebody has left it."""

from flask import abort, current_app, request, url_for
from werkzeug.exceptions import HTTPException
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
    path, _, _query = here.partition("?")
    try:
        endpoint, _values = current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        endpoint = ""
    return iri_to_uri(here) if endpoint == known.endpoint else url_for(known.endpoint)
