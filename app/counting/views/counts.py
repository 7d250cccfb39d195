"""Counts as the office sees them: the list, one with its differences, and what is decided."""

from typing import Any

from flask import Blueprint, request
from werkzeug import Response

from app.core.db import db
from app.core.permissions import requires
from app.core.tables import Page, paginate
from app.core.web import render
from app.counting import queries
from app.counting.models import CAUSES, STATES

bp = Blueprint("counts", __name__, url_prefix="/counts")

CHANGED = "counts:changed"
CHOICES = [("", "All states"), ("unfinished", "Unfinished"), *STATES.items()]
PLACES_OFFERED = 300
HISTORY_SHOWN = 30
NAMES = ("search", "state", "cause")


@bp.get("")
@requires("counting.view")
def index() -> Response:
    """List counts; a search from htmx receives only the results."""
    filters = {
        name: request.args.get(name, "").replace("\0", "").strip()[:100] for name in NAMES
    }
    for name, known in (("state", dict(CHOICES)), ("cause", CAUSES)):
        if filters[name] not in known:
            filters[name] = ""
    page = paginate(
        queries.counts(**filters), sorts=queries.SORTS, default="-number", filters=filters
    )
    return render(
        "counting/counts/index.html",
        fragment="results",
        page=page,
        filters=filters,
        states=CHOICES,
        causes=[("", "All causes"), *CAUSES.items()],
        differing=_differing(page),
        chips=_chips(page, filters),
    )


def _differing(page: Page[Any]) -> dict[int, list[Any]]:
    """For each count of the page: currency, number of lines that differ, and their worth."""
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(queries.differing([task.id for task in page.items])):
        found.setdefault(row[0], []).append(row[1:])
    return found


def _chips(page: Page[Any], filters: dict[str, str]) -> list[tuple[str, str]]:
    labels = {"state": dict(CHOICES), "cause": CAUSES}
    return [
        (known[filters[name]], page.without(name))
        for name, known in labels.items()
        if filters[name]
    ]
