"""What every list shares: choosing columns, and doing something to many rows."""

from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, abort, redirect, request, url_for
from flask_login import current_user
from werkzeug import Response

from app.core.pages.bulk.actions import BulkAction
from app.core.pages.bulk.selections import Selection, count
from app.core.pages.bulk.services import NothingSelected, begin_action
from app.core.pages.columns import chosen
from app.core.pages.lists import Known
from app.core.pages.places import about, address_of, list_named, way_back
from app.core.pages.saved_views import services
from app.core.pages.saved_views.state import list_state_at
from app.core.permissions import SIGNED_IN, ensure, requires
from app.core.web import render, respond_redirect, respond_saved, wants_fragment

bp = Blueprint("lists", __name__, url_prefix="/lists")

CHANGED = "lists:changed"


@bp.get("/<name>/columns/edit")
@requires(SIGNED_IN)
def edit_columns(name: str) -> Response:
    """Ask which columns the list shows."""
    known = list_named(name)
    here = way_back(known)
    shown = chosen(known.page.columns, list_state_at(known.page, here).columns)
    others = [one for one in known.page.columns if one.is_open and one not in shown]
    return render(
        "pages/columns.html",
        fragment="form",
        list=known.page,
        here=here,
        columns=[*((one, True) for one in shown), *((one, False) for one in others)],
    )


@bp.post("/<name>/columns")
@requires(SIGNED_IN)
def update_columns(name: str) -> Response:
    """Keep the columns: in the view that is shown, if it is one's own, else for the list."""
    known = list_named(name)
    here = way_back(known)
    services.choose_columns(
        current_user.id,
        list_name=known.page.name,
        columns=[] if request.form.get("usual") else _in_order(known),
        view=list_state_at(known.page, here).current,
    )
    return respond_saved(here, "The columns are kept.", event=CHANGED)


@bp.post("/<name>/actions/<action>")
@requires(SIGNED_IN)
def create_action(name: str, action: str) -> Response:
    """Ask before something is done to many rows; confirmed, let a job do it."""
    known = list_named(name)
    verb = known.page.action(action)
    ensure(verb.permission)
    selection = _selection(known)
    if not verb.is_offered(selection.about):
        abort(409, f"{verb.label}: this is not possible here at present.")
    if verb.address:
        return _gone(verb.address(selection.ids, selection.filters), selection)
    form = verb.form() if verb.form else None
    if form is not None and verb.offer:
        verb.offer(form)
    if not request.form.get("confirmed"):
        return _question(known, verb, selection, form)
    if form is not None and not form.validate_on_submit():
        return _question(known, verb, selection, form, 422)
    run = begin_action(known.page, verb, selection, form.values if form else {})
    return respond_redirect(url_for("jobs.show", run_id=run.id), f"{run.label} has begun.")


def _question(
    known: Known, verb: BulkAction, selection: Selection, form: Any, status: int = 200
) -> Response:
    number, filters = count(known.page, selection), dict[str, Any](selection.filters)
    if not number:
        raise NothingSelected("Select some rows first.")
    return render(
        "pages/bulk.html",
        fragment="form",
        status=status,
        action=verb,
        form=form,
        question=verb.question.format(count=known.page.counted(number)),
        ids=selection.ids,
        is_all=selection.ids is None,
        state=request.form.get("state", ""),
        here=address_of(known, **filters),
    )


def _selection(known: Known) -> Selection:
    filters = dict(parse_qsl(request.form.get("state", "")))
    zone, below = current_user.time_zone or "UTC", about(known)
    if request.form.get("all"):
        return Selection(None, filters, zone, below)
    texts = request.form.getlist("ids")
    ids = [int(t) for t in texts if t.isascii() and t.isdecimal() and len(t) < 18]  # noqa: PLR2004
    return Selection(ids, filters, zone, below)


def _gone(address: str, selection: Selection) -> Response:
    if selection.ids is not None and not selection.ids:
        raise NothingSelected("Select some rows first.")
    if wants_fragment():
        return Response(status=204, headers={"HX-Redirect": address})
    return redirect(address, 303)


def _in_order(known: Known) -> list[str]:
    """Columns that were ticked, by the numbers beside them."""
    names = [one.name for one in known.page.columns if one.is_open]
    ticked = {*request.form.getlist("columns")}
    places = {
        name: request.form.get(f"place-{name}", default=len(names), type=int) for name in names
    }
    return sorted((name for name in names if name in ticked), key=lambda name: places[name])
