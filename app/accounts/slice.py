"""What accounts bring."""

from app.accounts import api, jobs, views
from app.accounts.cli import group
from app.accounts.services import install_roles, role_choices
from app.accounts.services.audit_entries import SIGN_IN
from app.accounts.settings import SETTINGS
from app.core.events import Periodic
from app.core.navigation import Place
from app.core.permissions import Area, Verb
from app.core.roles import ROLES
from app.core.slices import Slice

SLICE = Slice(
    name="accounts",
    pages=(views.bp, views.users_bp, views.roles_bp),
    api=(api.auth.bp, api.sessions.bp, api.tokens.bp, api.users.bp, api.roles.bp),
    commands=(group,),
    installs=(install_roles,),
    permissions=(
        Area(
            "users",
            order=130,
            verbs=(
                Verb("view", "See users and roles"),
                Verb("edit", "Create and change users and roles"),
            ),
        ),
    ),
    settings=SETTINGS,
    places=(
        Place("Users", "users.index", "user", "users.view", 20, "Administration"),
        Place("Roles", "roles.index", "shield", "users.view", 30, "Administration"),
    ),
    provides={ROLES: role_choices},
    records={"user_account": "users.show", "role": "roles.show", SIGN_IN: "users.show"},
    schedule={
        "forget-sign-ins": Periodic(
            "40 2 * * *", jobs.forget_sign_ins.enqueue, "Forget old sign-ins", order=120
        ),
    },
)
