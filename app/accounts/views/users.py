"""Users, for administrators."""

from flask import Blueprint, request
from sqlalchemy import func
from werkzeug import Response

from app.accounts import queries
from app.accounts.models import Role, User
from app.core.db import db
from app.core.permissions import requires
from app.core.tables import Page, paginate
from app.core.web import render

bp = Blueprint("users", __name__, url_prefix="/users")

SORTS = {
    "username": func.lower(User.username),
    "name": func.lower(User.name),
    "email": func.lower(User.email),
    "role": func.lower(Role.name),
    "signed_in": User.signed_in_at,
}
STATES = {"active": "Active", "waiting": "Waiting", "inactive": "Inactive"}
HISTORY_SHOWN = 50


@bp.get("")
@requires("users.view")
def index() -> Response:
    """List users; a search from htmx receives only the results."""
    filters = {n: request.args.get(n, "").strip() for n in ("search", "role", "state")}
    if filters["state"] not in STATES:
        filters["state"] = ""
    page = paginate(queries.users(**filters), sorts=SORTS, default="username", filters=filters)
    return render(
        "accounts/users/index.html",
        fragment="results",
        page=page,
        filters=filters,
        chips=_chips(page, filters),
        states=STATES,
        roles=[("", "All roles"), *((name, name) for name in role_names())],
    )


def role_names() -> list[str]:
    """Names of all roles, in order."""
    return list(db.session.scalars(queries.role_names()))


def _chips(page: Page[User], filters: dict[str, str]) -> list[tuple[str, str]]:
    words = {
        "search": filters["search"],
        "role": f"Role: {filters['role']}",
        "state": STATES.get(filters["state"], ""),
    }
    return [(words[name], page.without(name)) for name in words if filters[name]]
