"""What waits for a person: doubtful matches, records set aside, which side wins."""

from typing import Any

from flask import abort, request, url_for
from sqlalchemy import func, select
from werkzeug import Response

from app.core.db import db
from app.core.pages.paging import Order, paginate
from app.core.permissions import requires
from app.core.web import render, respond_saved
from app.integrations import queries
from app.integrations.connector import connectors
from app.integrations.forms import picked
from app.integrations.projection.definition import Target, projection
from app.integrations.services import deciding
from app.integrations.views.blueprint import CHANGED, bp, one

RECORD_PAGES = {"customer": "customers.show", "vendor": "vendors.show", "item": "products.show"}


@bp.get("/<int:connection_id>/matches")
@requires("integrations.manage")
def matches(connection_id: int) -> Response:
    """List doubtful matches of one kind, theirs beside ours; at first one that has some."""
    connection = one(connection_id)
    targets, doubts = projection(connection.system).targets, _doubts(connection_id)
    asked = [t for t in targets if t.kind == request.args.get("kind")]
    target = [*asked, *(t for t in targets if t.kind in doubts), *targets][0]
    query = queries.matches(connection_id, target)
    page = paginate(
        query, Order(queries.MATCH_SORTS, "id"), filters={"kind": target.kind}, rows=True
    )
    return render(
        "connections/matches.html",
        fragment="results",
        connection=connection,
        targets=targets,
        target=target,
        doubts=doubts,
        page=page,
        pairs=[_pair(target, *row) for row in page.items],
    )


def _doubts(connection_id: int) -> dict[str, int]:
    """How many matches of each kind wait, by kind."""
    waiting = queries.doubts(connection_id).subquery()
    query = select(waiting.c.kind, func.count()).group_by(waiting.c.kind)
    return dict(db.session.execute(query).all())


def _pair(target: Target, link: Any, payload: Any, ours: Any) -> dict[str, Any]:
    theirs = target.read(payload) or {}
    names = (
        ["name", "email", "phone", "city"] if target.key == "code" else ["name", "sku", "price"]
    )
    parameter = {f"{target.model.__tablename__}_id": ours.id}
    return {
        "link": link,
        "href": url_for(RECORD_PAGES[target.kind], **parameter),
        "rows": [(name, theirs.get(name), getattr(ours, name)) for name in names],
    }


@bp.post("/<int:connection_id>/matches")
@requires("integrations.manage")
def decide_matches(connection_id: int) -> Response:
    """Decide the picked matches."""
    one(connection_id)
    decision = request.form.get("decision", "")
    ids = picked(request.form.getlist("ids"))
    count = deciding.decide(connection_id, ids, decision=decision)
    kind = request.form.get("kind")
    address = url_for(".matches", connection_id=connection_id, kind=kind or None)
    return respond_saved(
        address, f"{count} decided." if count else "Pick some first.", event=CHANGED
    )


@bp.get("/<int:connection_id>/set-aside")
@requires("integrations.view")
def set_aside(connection_id: int) -> Response:
    """List what could not be understood."""
    page = paginate(queries.set_aside(connection_id), Order(queries.SET_ASIDE_SORTS, "-id"))
    return render(
        "connections/set_aside.html",
        fragment="results",
        page=page,
        connection=one(connection_id),
    )


@bp.post("/<int:connection_id>/set-aside/retries")
@requires("integrations.sync")
def retry_set_aside(connection_id: int) -> Response:
    """Try the picked records again."""
    one(connection_id)
    count = deciding.retry_set_aside(connection_id, picked(request.form.getlist("ids")))
    address = url_for(".set_aside", connection_id=connection_id)
    verb = "is" if count == 1 else "are"
    said = f"{count} {verb} asked for again." if count else "Pick some first."
    return respond_saved(address, said, event=CHANGED)


@bp.get("/<int:connection_id>/fields/edit")
@requires("integrations.manage")
def edit_fields(connection_id: int) -> Response:
    """Ask which side wins, field by field."""
    connection = one(connection_id)
    plan = projection(connection.system)
    return render(
        "connections/fields.html",
        fragment="form",
        connection=connection,
        outside=connectors()[connection.system],
        targets=plan.targets,
    )


@bp.post("/<int:connection_id>/fields")
@requires("integrations.manage")
def update_fields(connection_id: int) -> Response:
    """Keep which side wins."""
    one(connection_id)
    given = {k: v for k, v in request.form.items() if "." in k}
    if not given:
        abort(400)
    deciding.choose_winners(connection_id, given)
    address = url_for(".show", connection_id=connection_id)
    return respond_saved(address, "Saved. Records follow in the background.", event=CHANGED)
