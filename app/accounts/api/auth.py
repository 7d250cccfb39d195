"""Signing in for programs: a short-lived access token, a refresh token that rotates."""

from typing import Any

from flask import abort, g, request
from flask_login import current_user

from app.accounts import access_tokens, services
from app.accounts.api.schemas import (
    CredentialsSchema,
    GrantSchema,
    MeSchema,
    RefreshSchema,
    RegistrationSchema,
    UserSchema,
)
from app.accounts.models import User
from app.accounts.services.sessions import Granted
from app.core.api import Blueprint
from app.core.permissions import SIGNED_IN, public, requires

bp = Blueprint("auth", __name__, url_prefix="/api/v1/auth", description="Signing in")


@bp.post("/register")
@public
@bp.arguments(RegistrationSchema)
@bp.response(201, UserSchema)
@bp.alt_response(403, description="People cannot register themselves here")
@bp.alt_response(409, description="Somebody has this username or e-mail address")
def register(registration: dict[str, Any]) -> User:
    """Make an account that waits for an administrator."""
    return services.register(**registration, address=request.remote_addr)


@bp.post("/login")
@public
@bp.arguments(CredentialsSchema)
@bp.response(200, GrantSchema)
@bp.alt_response(401, description="Name and password do not match")
@bp.alt_response(403, description="The account waits for approval")
@bp.alt_response(429, description="Too many failures; see Retry-After")
def login(credentials: dict[str, str]) -> dict[str, Any]:
    """Sign in with a username or an e-mail address."""
    name = credentials.get("username") or credentials.get("email", "")
    address = request.remote_addr
    user = services.authenticate(name, password=credentials["password"], address=address)
    return _grant(services.open_session(user, address=address))


@bp.post("/refresh")
@public
@bp.arguments(RefreshSchema)
@bp.response(200, GrantSchema)
@bp.alt_response(401, description="The refresh token is unknown, used, expired or revoked")
def refresh(given: dict[str, str]) -> dict[str, Any]:
    """Trade a refresh token for a new pair; each works once.

    A used one that comes again ends the session, for one of its two owners is a thief. Within
    ten seconds of its use it is only refused: that is a retry, or two requests at once.
    """
    return _grant(services.refresh_session(given["refresh_token"]))


@bp.post("/logout")
@requires(SIGNED_IN)
@bp.response(204)
@bp.alt_response(409, description="A named token is revoked, not signed out")
def logout() -> None:
    """End the session of the access token; all that it gave is dead at once."""
    if "api_session_id" not in g:
        abort(409, "Only a session that began with a login can be ended by a logout.")
    services.close_session(g.api_session_id)


@bp.get("/me")
@requires(SIGNED_IN)
@bp.response(200, MeSchema)
def me() -> Any:
    """Show whoever asks, and what they may do."""
    return current_user


def _grant(granted: Granted) -> dict[str, Any]:
    access = access_tokens.issue(granted.user, session_id=granted.session_id)
    return {
        "access_token": access.token,
        "refresh_token": granted.refresh_token,
        "token_type": "bearer",
        "expires_in": access.expires_in,
    }
