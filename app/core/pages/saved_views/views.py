"""Pages of saved views: keep one, change it, share it, begin with it."""

from typing import Any

from flask import Blueprint, abort, request, url_for
from flask_login import current_user
from werkzeug import Response

from app.core.db import db
from app.core.errors import DomainError
from app.core.pages.lists import Known
from app.core.pages.places import address_of, list_named, way_back
from app.core.pages.saved_views import queries, services
from app.core.pages.saved_views.forms import ViewForm
from app.core.pages.saved_views.models import SavedView
from app.core.pages.saved_views.state import list_state_at
from app.core.pages.views import CHANGED
from app.core.permissions import SIGNED_IN, requires
from app.core.roles import roles
from app.core.web import one_or_404, render, respond_redirect, respond_saved

bp = Blueprint("saved_views", __name__, url_prefix="/lists")


@bp.get("/<name>/views")
@requires(SIGNED_IN)
def views(name: str) -> Response:
    """List the views of a list that the person may use."""
    known = list_named(name)
    usable = queries.visible(current_user.id, current_user.role_id)
    of_list = usable.where(SavedView.list_name == name)
    preference = queries.preference(current_user.id, name)
    chosen = db.session.scalars(preference).one_or_none()
    return render(
        "pages/views.html",
        fragment="results",
        list=known.page,
        here=address_of(known),
        views=db.session.scalars(of_list).all(),
        roles={number: f"Everybody who is {label}" for number, label in roles()},
        default_id=chosen.view_id if chosen else None,
    )


@bp.get("/<name>/views/new")
@requires(SIGNED_IN)
def new_view(name: str) -> Response:
    """Ask for the name of the list as it is shown now."""
    known = list_named(name)
    current = list_state_at(known.page, way_back(known)).current
    is_mine = current is not None and current.owner_id == current_user.id
    form = ViewForm(obj=current if is_mine else None)
    return _form(known, form)


@bp.post("/<name>/views")
@requires(SIGNED_IN)
def create_view(name: str) -> Response:
    """Keep the list as it is shown; under a name that is there already, instead of that."""
    known, form = list_named(name), ViewForm()
    if not form.validate_on_submit():
        return _form(known, form, status=422)
    here = list_state_at(known.page, way_back(known))
    try:
        view = services.save_view(
            current_user.id,
            list_name=name,
            name=form.name.data,
            role_id=form.role_id.data if form.role_id else None,
            state=here.state_of(known.page.state_names),
            columns=here.columns,
        )
    except DomainError as error:
        return _form(known, form, status=form.refuse(error))
    _begin(known, view, is_default=form.is_default.data)
    return respond_redirect(address_of(known, view=view.id), f"The view “{view.name}” is kept.")


@bp.get("/<name>/views/<int:view_id>/edit")
@requires(SIGNED_IN)
def edit_view(name: str, view_id: int) -> Response:
    """Ask for another name of one's own view, and who else may use it."""
    known, view = list_named(name), _own(name, view_id)
    chosen = db.session.scalars(queries.preference(current_user.id, name)).one_or_none()
    form = ViewForm(obj=view, is_default=chosen is not None and chosen.view_id == view_id)
    return _form(known, form, view=view)


@bp.post("/<name>/views/<int:view_id>")
@requires(SIGNED_IN)
def update_view(name: str, view_id: int) -> Response:
    """Change the name of one's own view, and who else may use it."""
    known, view, form = list_named(name), _own(name, view_id), ViewForm()
    if not form.validate_on_submit():
        return _form(known, form, view=view, status=422)
    changes: dict[str, Any] = {"name": form.name.data}
    if form.role_id:
        changes["role_id"] = form.role_id.data
    try:
        view = services.revise_view(
            current_user.id, view_id, version=form.version.data, **changes
        )
    except DomainError as error:
        return _form(known, form, view=_own(name, view_id), status=form.refuse(error))
    _begin(known, view, is_default=form.is_default.data)
    here = _views_of(name)
    return respond_saved(here, f"The view “{view.name}” is kept.", event=CHANGED)


@bp.post("/<name>/views/<int:view_id>/delete")
@requires(SIGNED_IN)
def delete_view(name: str, view_id: int) -> Response:
    """Forget one's own view."""
    list_named(name)
    _own(name, view_id)
    word = services.delete_view(current_user.id, view_id)
    here = _views_of(name)
    return respond_saved(here, f"The view “{word}” is deleted.", event=CHANGED)


@bp.post("/<name>/default")
@requires(SIGNED_IN)
def update_default(name: str) -> Response:
    """Let the list begin with a view, or without one."""
    list_named(name)
    view_id = request.form.get("view", type=int)
    if view_id is None and request.form.get("view"):
        abort(404)
    services.begin_with(current_user.id, current_user.role_id, list_name=name, view_id=view_id)
    said = "The list begins with it." if view_id else "The list begins without a view."
    return respond_saved(_views_of(name), said, event=CHANGED)


def _begin(known: Known, view: SavedView, *, is_default: bool) -> None:
    """Let the list begin with the view, or no longer."""
    name, preference = known.page.name, queries.preference(current_user.id, known.page.name)
    chosen = db.session.scalars(preference).one_or_none()
    was = chosen is not None and chosen.view_id == view.id
    if was != is_default:
        services.begin_with(
            current_user.id,
            current_user.role_id,
            list_name=name,
            view_id=view.id if is_default else None,
        )


def _views_of(name: str) -> str:
    return url_for(".views", name=name, here=request.values.get("here"))


def _own(name: str, view_id: int) -> SavedView:
    mine = queries.own(current_user.id)
    return one_or_404(mine.where(SavedView.id == view_id, SavedView.list_name == name))


def _form(
    known: Known, form: ViewForm, *, view: SavedView | None = None, status: int = 200
) -> Response:
    name = known.page.name
    if view:
        here = request.values.get("here")
        action = url_for(".update_view", name=name, view_id=view.id, here=here)
        heading, back = f"Edit “{view.name}”", _views_of(name)
    else:
        action, heading, back = url_for(".create_view", name=name), "Save view", way_back(known)
    return render(
        "pages/view_form.html",
        fragment="form",
        status=status,
        list=known.page,
        form=form,
        action=action,
        heading=heading,
        here=back,
    )
