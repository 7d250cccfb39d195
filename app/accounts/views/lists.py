"""The lists of users and of roles."""

from typing import Any

from flask import url_for
from sqlalchemy import Select, func

from app.accounts import queries, services
from app.accounts.models import Role, User
from app.core.actors import current_actor_id
from app.core.db import db
from app.core.pages import (
    Asked,
    BulkAction,
    Choice,
    Column,
    Link,
    ListPage,
    Nothing,
    Search,
    Segments,
)

STATES = {"active": "Active", "waiting": "Waiting", "inactive": "Inactive"}


def _users(asked: Asked) -> Select[Any]:
    return queries.users(search=asked["search"], role=asked["role"], state=asked["state"])


def _roles(asked: Asked) -> Select[Any]:
    return queries.roles(search=asked["search"])


def role_names() -> list[tuple[str, str]]:
    """Give all roles to choose from."""
    return [(name, name) for name in db.session.scalars(queries.role_names())]


def _by() -> User | None:
    """Who asks, also inside of a job."""
    return db.session.get(User, current_actor_id() or 0)


def _deactivate(user_id: int) -> None:
    services.deactivate_user(user_id, by=_by())


def _activate(user_id: int) -> None:
    services.activate_user(user_id, by=_by())


USERS = ListPage(
    name="users",
    title="Users",
    permission="users.view",
    query=_users,
    key=func.lower(User.username),
    sort="username",
    href=lambda user: url_for("users.show", user_id=user.id),
    filters=(
        Search(label="Name, username or e-mail", chip="{}"),
        Choice(
            name="role",
            label="Role",
            options=role_names,
            everything="All roles",
            chip="Role: {}",
        ),
        Segments(name="state", label="State", options=STATES),
    ),
    columns=(
        Column(
            name="name",
            title="Name",
            sort=func.lower(User.name),
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="state",
            title="State",
            kind="cell",
            cell="accounts/_cells.html:state",
            place="status",
        ),
        Column(name="username", title="Username", kind="code", sort=func.lower(User.username)),
        Column(name="email", title="E-mail", sort=func.lower(User.email), place="meta"),
        Column(name="role", title="Role", value="role.name", sort=func.lower(Role.name)),
        Column(name="time_zone", title="Time zone", place="wide desk", is_shown=False),
        Column(
            name="signed_in",
            title="Last sign-in",
            kind="moment",
            value="signed_in_at",
            sort=User.signed_in_at,
            place="desk",
            is_short=False,
        ),
        Column(
            name="created_at",
            title="Since",
            kind="moment",
            place="wide desk",
            is_shown=False,
        ),
    ),
    links=(
        Link(
            label="New user",
            endpoint="users.new",
            permission="users.edit",
            kind="primary",
            icon="plus",
        ),
    ),
    events=("users:changed",),
    nouns=("user", "users"),
    row_id=User.id,
    row_name=User.name,
    actions=(
        BulkAction(
            name="activate",
            label="Activate",
            permission="users.edit",
            question="Let {count} in?",
            act=_activate,
        ),
        BulkAction(
            name="deactivate",
            label="Deactivate",
            permission="users.edit",
            question="Deactivate {count}? They are out at once.",
            kind="danger",
            act=_deactivate,
        ),
    ),
    unmatched=Nothing(
        title="No users found.",
        advice="Nobody fits these filters.",
        action="Show all",
        icon="users",
    ),
    nothing=Nothing(title="No users found.", advice="Nobody fits these filters.", icon="users"),
)

ROLES = ListPage(
    name="roles",
    title="Roles",
    permission="users.view",
    query=_roles,
    is_joined=True,
    key=func.lower(Role.name),
    sort="name",
    href=lambda row: url_for("roles.show", role_id=row.Role.id),
    filters=(Search(label="Name or description"),),
    columns=(
        Column(
            name="name",
            title="Name",
            value="Role.name",
            sort=func.lower(Role.name),
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="kind",
            title="Kind",
            kind="badge",
            value=lambda row: "Built in" if row.Role.is_built_in else "",
            place="status",
        ),
        Column(
            name="description",
            title="Description",
            value="Role.description",
            place="meta wrap",
        ),
        Column(
            name="permissions",
            title="Permissions",
            place="num",
            value=lambda row: "All" if row.Role.is_fixed else len(row.Role.permissions),
        ),
        Column(
            name="users",
            title="Users",
            kind="cell",
            cell="accounts/_cells.html:people",
            value="people",
            place="figure num",
        ),
    ),
    links=(
        Link(
            label="New role",
            endpoint="roles.new",
            permission="users.edit",
            kind="primary",
            icon="plus",
        ),
    ),
    events=("roles:changed",),
    unmatched=Nothing(
        title="No roles found.",
        advice="No role fits this search.",
        action="Show all",
        icon="shield",
    ),
    nothing=Nothing(title="No roles found.", advice="No role fits this search.", icon="shield"),
)
