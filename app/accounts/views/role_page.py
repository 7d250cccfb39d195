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
from app.core.pages import Action, Menu, RecordLink, RecordPage, Resource
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
    return not role.is_fixed and _is_within(role)


def _is_within(role: Role) -> bool:
    """Tell whether the person asking holds all that it does."""
    return myself().covers(role.permissions)


def _ask_second_factor(role_id: int) -> Role:
    return services.revise_role(role_id, by=myself(), needs_second_factor=True)


def _ask_no_second_factor(role_id: int) -> Role:
    return services.revise_role(role_id, by=myself(), needs_second_factor=False)


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

ask_second_factor = _verb(
    name="create_second_factor",
    path="/second-factor",
    title="Ask for a second factor",
    question="Let everybody with the role {0.name} sign in with a second factor?"
    " Whoever has none sets one up with the next click.",
    act=_ask_second_factor,
    done="Everybody with the role {0.name} signs in with a second factor.",
    kind="quiet",
    icon="shield",
    when=lambda role: _is_within(role) and not role.needs_second_factor,
)
ask_no_second_factor = _verb(
    name="delete_second_factor",
    path="/second-factor/delete",
    title="Ask for no second factor",
    question="Let people with the role {0.name} sign in by their password alone?"
    " Who has a second factor keeps it.",
    act=_ask_no_second_factor,
    done="The role {0.name} asks for no second factor.",
    kind="quiet",
    icon="shield",
    when=lambda role: _is_within(role) and role.needs_second_factor,
)

role_page = RecordPage(
    resource=ROLE,
    permission="users.view",
    heading="{0.name}",
    subtitle="{0.description}",
    crumbs=lambda _role: [("Roles", url_for("roles.index"))],
    buttons=(
        update,
        duplicate,
        delete,
        Menu(label="More actions", items=(ask_second_factor, ask_no_second_factor)),
    ),
    body="accounts/roles/_role.html",
    context=_context,
    history_shown=50,
)

role_page.add_to(bp)
for action in (create, update, delete, ask_second_factor, ask_no_second_factor):
    action.add_to(bp)
