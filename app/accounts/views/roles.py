"""Roles and their editor, for administrators."""

from flask import Blueprint, abort, request, url_for
from werkzeug import Response

from app.accounts import queries, services
from app.accounts.asking import myself
from app.accounts.forms import NewRoleForm, RoleForm
from app.accounts.models import EVERYTHING, Role
from app.accounts.views.lists import ROLES
from app.core import audit
from app.core.db import db
from app.core.errors import DomainError
from app.core.permissions import catalogue, requires
from app.core.web import one_or_404, render, respond_redirect, respond_saved

bp = Blueprint("roles", __name__, url_prefix="/roles")

HISTORY_SHOWN = 50

ROLES.add_to(bp)


@bp.get("/<int:role_id>")
@requires("users.view")
def show(role_id: int) -> Response:
    """Show what a role allows, who has it, and its history."""
    role = one_or_404(queries.role(role_id))
    return render(
        "accounts/roles/show.html",
        fragment="record",
        role=role,
        areas=_held(role),
        people=db.session.scalar(queries.people_with(role.id)),
        is_open=not role.is_fixed and myself().role.covers(role.permissions),
        history=db.session.scalars(audit.history(role).limit(HISTORY_SHOWN)).all(),
    )


@bp.get("/new")
@requires("users.edit")
def new() -> Response:
    """Ask for a new role; `from` names one to begin with a copy of."""
    form = NewRoleForm()
    pattern = request.args.get("from", type=int)
    if pattern is not None:
        role = one_or_404(queries.role(pattern))
        form.name.data = f"{role.name} copy"
        form.description.data = role.description
        form.permissions.data = _permissions(role)
    return _form("new", form)


@bp.post("")
@requires("users.edit")
def create() -> Response:
    """Add a role."""
    form = NewRoleForm()
    if not form.validate_on_submit():
        return _form("new", form, status=422)
    try:
        role = services.create_role(**form.values, by=myself())
    except DomainError as error:
        return _form("new", form, status=form.refuse(error))
    return respond_redirect(url_for(".show", role_id=role.id), f"The role {role.name} is made.")


@bp.get("/<int:role_id>/edit")
@requires("users.edit")
def edit(role_id: int) -> Response:
    """Ask for what changes."""
    role = one_or_404(queries.role(role_id))
    if role.is_fixed:
        abort(409, "This role holds everything; it cannot be changed.")
    return _form("edit", RoleForm(obj=role), role_id=role_id)


@bp.post("/<int:role_id>")
@requires("users.edit")
def update(role_id: int) -> Response:
    """Change a role; people feel it with their next click."""
    one_or_404(queries.role(role_id))
    form = RoleForm()
    if not form.validate_on_submit():
        return _form("edit", form, role_id=role_id, status=422)
    try:
        role = services.revise_role(role_id, **form.values, by=myself())
    except DomainError as error:
        return _form("edit", form, role_id=role_id, status=form.refuse(error))
    here = url_for(".show", role_id=role.id)
    return respond_saved(here, f"The role {role.name} is saved.", event="roles:changed")


@bp.post("/<int:role_id>/delete")
@requires("users.edit")
def delete(role_id: int) -> Response:
    """Remove a role that nobody has."""
    role = one_or_404(queries.role(role_id))
    services.delete_role(role_id, by=myself())
    return respond_redirect(url_for(".index"), f"The role {role.name} is deleted.")


def _permissions(role: Role) -> list[str]:
    """Give what a role holds, `*` written out."""
    everything = [f"{area}.{verb}" for area, verbs in catalogue().items() for verb in verbs]
    return everything if EVERYTHING in role.permissions else role.permissions


def _held(role: Role) -> list[tuple[str, list[str]]]:
    """Group what a role allows by area, in words."""
    areas = {
        area: [label for verb, label in verbs.items() if role.allows(f"{area}.{verb}")]
        for area, verbs in catalogue().items()
    }
    return [(area, labels) for area, labels in areas.items() if labels]


def _form(
    name: str, form: NewRoleForm, *, role_id: int | None = None, status: int = 200
) -> Response:
    """Show a form with the role as it is now: a refusal has made the one in hand stale."""
    role = one_or_404(queries.role(role_id)) if role_id else None
    template = f"accounts/roles/{name}.html"
    return render(template, fragment="form", status=status, form=form, role=role)
