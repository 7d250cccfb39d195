"""What waits for a person: doubtful matches, records rejected, which side has precedence."""

from typing import Any

from flask import abort, request, url_for
from sqlalchemy import func, select
from werkzeug import Response

from app.core.db import db
from app.core.pages.paging import Order, paginate
from app.core.permissions import requires
from app.core.web import render, respond_saved
from app.integrations.forms import selected_ids
from app.integrations.hub.connector import connectors
from app.integrations.inbound import decisions, queries
from app.integrations.inbound.catalog import CatalogTarget, catalog_targets
from app.integrations.views.blueprint import CHANGED, bp, one
from app.integrations.views.lists import REJECTED


@bp.get("/<int:connection_id>/matches")
@requires("integrations.manage")
def matches(connection_id: int) -> Response:
    """List doubtful matches of one kind, theirs beside ours; at first one that has some."""
    connection = one(connection_id)
    targets, doubts = catalog_targets(connection.system), _doubts(connection_id)
    if not targets:
        abort(404)  # its records are matched with none of ours
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


def _pair(target: CatalogTarget, link: Any, payload: Any, ours: Any) -> dict[str, Any]:
    theirs = target.read(payload) or {}
    names = (
        ["name", "email", "phone", "city"] if target.key == "code" else ["name", "sku", "price"]
    )
    return {
        "link": link,
        "record": (target.model.__tablename__, ours.id),
        "rows": [(name, theirs.get(name), getattr(ours, name)) for name in names],
    }


@bp.post("/<int:connection_id>/matches")
@requires("integrations.manage")
def decide_matches(connection_id: int) -> Response:
    """Decide the selected matches."""
    one(connection_id)
    decision = request.form.get("decision", "")
    ids = selected_ids(request.form.getlist("ids"))
    count = decisions.decide_matches(connection_id, ids, decision=decision)
    kind = request.form.get("kind")
    address = url_for(".matches", connection_id=connection_id, kind=kind or None)
    return respond_saved(
        address, f"{count} decided." if count else "Select some first.", event=CHANGED
    )


REJECTED.add_to(bp, "/<int:connection_id>/rejected", "rejected")


@bp.post("/<int:connection_id>/rejected/retries")
@requires("integrations.sync")
def retry_rejected(connection_id: int) -> Response:
    """Try the selected records again."""
    one(connection_id)
    count = decisions.retry_rejected(connection_id, selected_ids(request.form.getlist("ids")))
    address = url_for(".rejected", connection_id=connection_id)
    verb = "is" if count == 1 else "are"
    said = f"{count} {verb} asked for again." if count else "Select some first."
    return respond_saved(address, said, event=CHANGED)


@bp.get("/<int:connection_id>/fields/edit")
@requires("integrations.manage")
def edit_fields(connection_id: int) -> Response:
    """Ask which side has precedence, field by field."""
    connection = one(connection_id)
    return render(
        "connections/fields.html",
        fragment="form",
        connection=connection,
        connector=connectors()[connection.system],
        targets=catalog_targets(connection.system),
    )


@bp.post("/<int:connection_id>/fields")
@requires("integrations.manage")
def update_fields(connection_id: int) -> Response:
    """Keep which side has precedence."""
    one(connection_id)
    given = {k: v for k, v in request.form.items() if "." in k}
    if not given:
        abort(400)
    decisions.set_field_precedence(connection_id, given)
    address = url_for(".show", connection_id=connection_id)
    return respond_saved(address, "Saved. Records follow in the background.", event=CHANGED)
