"""Saved views for programs: those of the person whose token it is."""

from typing import Any

import marshmallow as ma
from flask import abort
from flask_login import current_user

from app.core.api import Blueprint, PageQuery, Sort, asked_version, page_of, page_schema
from app.core.idempotency import idempotent
from app.core.pages.lists import lists
from app.core.pages.places import list_named
from app.core.pages.saved_views import queries, services
from app.core.pages.saved_views.forms import SHARE
from app.core.pages.saved_views.models import SavedView
from app.core.permissions import SIGNED_IN, ensure, requires
from app.core.roles import roles
from app.core.web import one_or_404

bp = Blueprint(
    "saved_views_api",
    __name__,
    url_prefix="/api/v1/saved-views",
    description="Filters, order and columns of lists under a name",
)

SORTS = {"id": SavedView.id, "name": SavedView.name, "list": SavedView.list_name}


class SavedViewSchema(ma.Schema):
    """A view: of its owner, or shared with a role."""

    id = ma.fields.Int(dump_only=True)
    list = ma.fields.Str(required=True, attribute="list_name")
    name = ma.fields.Str(required=True)
    state = ma.fields.Dict(
        keys=ma.fields.Str(),
        values=ma.fields.Str(),
        metadata={"description": "Filters and `sort`, as the address of the list says them"},
    )
    columns = ma.fields.List(
        ma.fields.Str(), metadata={"description": "In their order; none: the usual ones"}
    )
    role_id = ma.fields.Int(
        allow_none=True, metadata={"description": "Everybody with this role may use it"}
    )
    is_mine = ma.fields.Function(
        lambda view: view.owner_id == current_user.id,
        dump_only=True,
        metadata={"type": "boolean"},
    )
    version = ma.fields.Int()
    created_at = ma.fields.DateTime(dump_only=True)
    updated_at = ma.fields.DateTime(dump_only=True)


class SavedViewChangeSchema(SavedViewSchema):
    """What changes of a view; what is not named stays."""

    list = ma.fields.Str(attribute="list_name")
    name = ma.fields.Str()


class SavedViewQuery(PageQuery):
    """Which views."""

    sort = Sort(SORTS)
    list = ma.fields.Str(load_default="", metadata={"description": "Only of this list"})


@bp.get("")
@requires(SIGNED_IN)
@bp.arguments(SavedViewQuery, location="query")
@bp.response(200, page_schema(SavedViewSchema))
def index(query: dict[str, Any]) -> dict[str, Any]:
    """List the views that the person may use: their own and those of their role."""
    found, name = queries.visible(current_user.id, current_user.role_id), query.pop("list")
    if name:
        found = found.where(SavedView.list_name == name)
    return page_of(found, query, sorts=SORTS)


@bp.post("")
@requires(SIGNED_IN)
@idempotent
@bp.arguments(SavedViewSchema)
@bp.response(201, SavedViewSchema)
def create(body: dict[str, Any]) -> SavedView:
    """Keep a view of one's own; sharing it takes `views.share`."""
    body.pop("version", None)
    body.setdefault("state", {})
    return services.create_view(current_user.id, **_checked(body, body["list_name"]))


@bp.get("/<int:view_id>")
@requires(SIGNED_IN)
@bp.response(200, SavedViewSchema)
def show(view_id: int) -> SavedView:
    """Give one view."""
    usable = queries.visible(current_user.id, current_user.role_id)
    return one_or_404(usable.where(SavedView.id == view_id))


@bp.put("/<int:view_id>")
@requires(SIGNED_IN)
@idempotent
@bp.arguments(SavedViewChangeSchema)
@bp.response(200, SavedViewSchema)
def update(body: dict[str, Any], view_id: int) -> SavedView:
    """Change one's own view; its list stays."""
    view = one_or_404(queries.own(current_user.id).where(SavedView.id == view_id))
    if body.pop("list_name", view.list_name) != view.list_name:
        abort(422, "A view stays with its list.")
    version = asked_version(body)
    changes = _checked(body, view.list_name, role_id=view.role_id)
    return services.revise_view(current_user.id, view_id, version=version, **changes)


@bp.delete("/<int:view_id>")
@requires(SIGNED_IN)
@idempotent
@bp.response(204)
def delete(view_id: int) -> None:
    """Forget one's own view."""
    services.delete_view(current_user.id, view_id)


def _checked(
    body: dict[str, Any], list_name: str, *, role_id: int | None = None
) -> dict[str, Any]:
    """Refuse what the list does not know, and sharing without the permission for it."""
    if list_name not in lists():
        abort(422, f"There is no list {list_name}.")
    page = list_named(list_name).page
    unknown = [name for name in body.get("state", {}) if name not in page.state_names]
    known = {column.name for column in page.columns}
    unknown += [name for name in body.get("columns", []) if name not in known]
    if unknown:
        abort(422, f"The list {list_name} has no {', '.join(unknown)}.")
    if (wanted := body.get("role_id", role_id)) != role_id:
        ensure(SHARE)
        if wanted is not None and wanted not in dict(roles()):
            abort(422, "There is no such role.")
    return body
