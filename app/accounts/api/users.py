"""Users for programs."""

from typing import Any

import marshmallow as ma
from flask import abort, url_for
from sqlalchemy import func

from app.accounts import queries, services
from app.accounts.api.schemas import (
    IssuedPasswordSchema,
    NewUserSchema,
    UserChangeSchema,
    UserSchema,
)
from app.accounts.models import Role, User
from app.accounts.myself import current_session, myself
from app.core.api import (
    Blueprint,
    PageQuery,
    Sort,
    asked_version,
    heeds_version,
    only_tokens_write,
    page_of,
    page_schema,
)
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.web import one_or_404

bp = Blueprint("api_users", __name__, url_prefix="/api/v1/users", description="Users")
bp.before_request(only_tokens_write)

SORTS = {
    "username": func.lower(User.username),
    "name": func.lower(User.name),
    "email": func.lower(User.email),
    "role": func.lower(Role.name),
    "signed_in_at": User.signed_in_at,
    "created_at": User.created_at,
}


class UserQuery(PageQuery):
    """Filters of the list."""

    sort = Sort(SORTS)
    search = ma.fields.Str(load_default="", validate=ma.validate.Length(max=100))
    role = ma.fields.Str(load_default="", metadata={"description": "Name of a role"})
    state = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *queries.STATES]))


@bp.get("")
@requires("users.view")
@bp.arguments(UserQuery, location="query")
@bp.response(200, page_schema(UserSchema))
def list_users(query: dict[str, Any]) -> dict[str, Any]:
    """List users."""
    filters = {name: query.pop(name) for name in ("search", "role", "state")}
    return page_of(queries.users(**filters), query, sorts=SORTS)


@bp.get("/<int:user_id>")
@requires("users.view")
@bp.response(200, UserSchema)
def show_user(user_id: int) -> User:
    """Show a user."""
    return one_or_404(queries.user(user_id))


@bp.post("")
@requires("users.edit")
@idempotent
@bp.arguments(NewUserSchema)
@bp.response(201, UserSchema)
@bp.alt_response(403, description="The role holds more than you do")
@bp.alt_response(409, description="Somebody has this username or e-mail address")
def create_user(given: dict[str, Any]) -> tuple[User, int, dict[str, str]]:
    """Add a user."""
    user = services.create_user(**given, by=myself())
    return user, 201, {"Location": url_for(".show_user", user_id=user.id)}


@bp.put("/<int:user_id>")
@requires("users.edit")
@idempotent
@bp.arguments(UserChangeSchema)
@bp.response(200, UserSchema)
@bp.alt_response(403, description="The user or the role holds more than you do")
@bp.alt_response(409, description="Stale version, or the last administrator, or yourself")
def update_user(changes: dict[str, Any], user_id: int) -> User:
    """Change a user; what is not named stays. `is_active` lets a waiting one in."""
    one_or_404(queries.user(user_id))
    version = asked_version(changes)
    return services.revise_user(user_id, by=myself(), version=version, **changes)


@bp.delete("/<int:user_id>")
@requires("users.edit")
@heeds_version
@idempotent
@bp.response(204)
@bp.alt_response(403, description="The user holds more than you do")
@bp.alt_response(409, description="The last administrator, or yourself")
def delete_user(user_id: int) -> None:
    """Deactivate a user. Nobody is deleted: the ledger refers to them."""
    one_or_404(queries.user(user_id))
    services.deactivate_user(user_id, by=myself(), version=asked_version({}))


@bp.delete("/<int:user_id>/sessions")
@requires("users.edit")
@idempotent
@bp.response(204)
@bp.alt_response(403, description="The user holds more than you do")
def delete_sessions(user_id: int) -> None:
    """Sign a user out everywhere; named tokens stay."""
    one_or_404(queries.user(user_id))
    services.sign_out_everywhere(user_id, by=myself())


@bp.post("/<int:user_id>/passwords")
@requires("users.edit")
@bp.response(201, IssuedPasswordSchema)
@bp.alt_response(403, description="The user holds more than you do, or asked without a login")
@bp.alt_response(409, description="It is your own: that takes the present one")
def create_password(user_id: int) -> dict[str, str]:
    """Make a new password for a user, who has to change it as they sign in.

    It is in this answer and nowhere else, so an Idempotency-Key is not heeded. The user's
    sessions and tokens end.
    """
    one_or_404(queries.user(user_id))
    if current_session() is None:
        abort(403, "A new password takes a login.")
    return {"password": services.reset_password(user_id, by=myself())}


@bp.delete("/<int:user_id>/second-factor")
@requires("users.edit")
@idempotent
@bp.response(204)
@bp.alt_response(403, description="The user holds more than you do")
@bp.alt_response(409, description="It is your own")
def delete_second_factor(user_id: int) -> None:
    """Take away a user's second factor, for whoever has lost it; sessions and tokens end."""
    one_or_404(queries.user(user_id))
    services.reset_second_factor(user_id, by=myself())
