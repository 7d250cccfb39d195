"""The page of a role, and what is done with one."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import abort, request, url_for

from app.accounts import queries, services
from app.accounts.forms import NewRoleForm, RoleForm
from app.accounts.models import EVERYTHING, Role
from app.accounts.myself import by_me, myself
from app.accounts.views.roles import bp
from app.core.db import db
from app.core.pages import Action, RecordLink, RecordPage, Resource
from app.core.permissions import catalogue
from app.core.web import one_or_404

ROLE = Resource(
    name="role",
    area="roles",
    query=queries.role,
    rule="/<int:role_id>",
    keys={"role_id": "id"},
    event="roles:changed",
)


def _begin_as_copy(form: NewRoleForm, _role: None) -> None:
    """Begin with a copy of the role that `from` names."""
    pattern = request.args.get("from", type=int)
    if pattern is None:
        return
    role = one_or_404(queries.role(pattern))
    form.name.data = f"{role.name} copy"
    form.description.data = role.description
    form.permissions.data = _permissions(role)


def _ensure_changeable(_form: RoleForm, role: Role) -> None:
    if role.is_fixed:
        abort(409, "This role holds everything; it cannot be changed.")


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


def _is_open(role: Role) -> bool:
    """Tell whether the person asking may change it."""
    return not role.is_fixed and myself().covers(role.permissions)


def _people(role: Role) -> int:
    return db.session.scalar(queries.people_with(role.id)) or 0


def _context(role: Role) -> Mapping[str, Any]:
    return {"areas": _held(role), "people": _people(role)}


_verb = partial(Action, resource=ROLE, permission="users.edit")

create = _verb(
    name="create",
    is_new=True,
    title="New role",
    submit="Add role",
    form=NewRoleForm,
    fill=_begin_as_copy,
    fields="accounts/roles/_fields.html",
    act=by_me(services.create_role),
    done="The role {0.name} is made.",
    is_wide=True,
    leaves=True,
)
update = _verb(
    name="update",
    title="Edit",
    heading="Edit the role {0.name}",
    page_title="Edit {0.name}",
    subtitle="People feel a change with their next click.",
    form=RoleForm,
    fill=_ensure_changeable,
    fields="accounts/roles/_fields.html",
    act=by_me(services.revise_role),
    done="The role {0.name} is saved.",
    is_wide=True,
    is_page=True,
    icon="edit",
    when=_is_open,
)
duplicate = RecordLink(
    label="Duplicate",
    href=lambda role: url_for("roles.new", **{"from": role.id}),
    permission="users.edit",
    icon="copy",
)
delete = _verb(
    name="delete",
    path="/delete",
    title="Delete",
    question="Delete the role {0.name}?",
    act=by_me(services.delete_role),
    done="The role {0.name} is deleted.",
    to=lambda _role: url_for("roles.index"),
    leaves=True,
    kind="danger",
    icon="trash",
    when=lambda role: _is_open(role) and not role.is_built_in and not _people(role),
)

role_page = RecordPage(
    resource=ROLE,
    permission="users.view",
    heading="{0.name}",
    subtitle="{0.description}",
    crumbs=lambda _role: [("Roles", url_for("roles.index"))],
    buttons=(update, duplicate, delete),
    body="accounts/roles/_role.html",
    context=_context,
    history_shown=50,
)

role_page.add_to(bp)
for action in (create, update, delete):
    action.add_to(bp)
