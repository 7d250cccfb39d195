"""Signing in for programs: a short-lived access token, a refresh token that rotates."""

from typing import Any

from flask import abort, request

from app.accounts import access_tokens, services
from app.accounts.api.schemas import (
    CredentialsSchema,
    GrantSchema,
    MeSchema,
    OwnChangeSchema,
    PasswordChangeSchema,
    ReceivedSchema,
    RefreshSchema,
    RegistrationSchema,
    ResetAskedSchema,
    ResetSchema,
)
from app.accounts.models import User
from app.accounts.myself import current_session, myself, origin
from app.accounts.services.sessions import Granted
from app.core.api import Blueprint, asked_version
from app.core.idempotency import idempotent
from app.core.permissions import SIGNED_IN, public, requires

bp = Blueprint("auth", __name__, url_prefix="/api/v1/auth", description="Signing in")


@bp.post("/register")
@public
@bp.arguments(RegistrationSchema)
@bp.response(202, ReceivedSchema)
@bp.alt_response(403, description="People cannot register themselves here")
@bp.alt_response(409, description="Somebody has this username")
def register(registration: dict[str, Any]) -> dict[str, str]:
    """Make an account that waits for an administrator: 202, for nobody can use it yet.

    Whether the e-mail address is known already is told to its owner, by mail, and to nobody
    else.
    """
    services.register(**registration, address=request.remote_addr)
    return {"message": "You can sign in once an administrator has approved your account."}


@bp.post("/login")
@public
@bp.arguments(CredentialsSchema)
@bp.response(200, GrantSchema)
@bp.alt_response(401, description="Name and password do not match")
@bp.alt_response(403, description="The account waits for approval")
@bp.alt_response(429, description="Too many failures; see Retry-After")
def login(credentials: dict[str, str]) -> dict[str, Any]:
    """Sign in with a username or an e-mail address, and a code if there is a second factor.

    Without the code it needs, the answer is 401 with the code `second_factor_needed`.
    """
    name = credentials.get("username") or credentials.get("email", "")
    address = request.remote_addr
    user = services.authenticate(name, password=credentials["password"], address=address)
    services.prove_second_factor(user, credentials.get("code", ""), address=address)
    return _grant(services.open_session(user, origin=origin()))


@bp.post("/refresh")
@public
@bp.arguments(RefreshSchema)
@bp.response(200, GrantSchema)
@bp.alt_response(401, description="The refresh token is unknown, used, expired or revoked")
def refresh(given: dict[str, str]) -> dict[str, Any]:
    """Trade a refresh token for a new pair; each works once.

    A used one that comes again ends the session, for one of its two owners is a thief. Only
    the last one is merely refused within ten seconds of its use: that is a retry, or two
    requests at once.
    """
    return _grant(services.refresh_session(given["refresh_token"]))


@bp.post("/logout")
@requires(SIGNED_IN)
@bp.response(204)
@bp.alt_response(409, description="A named token is revoked, not signed out")
def logout() -> None:
    """End the session of the access token; all that it gave is dead at once."""
    present = current_session()
    if present is None:
        abort(409, "Only a session that began with a login can be ended by a logout.")
    services.close_session(myself(), present.id)


@bp.put("/password")
@requires(SIGNED_IN)
@bp.arguments(PasswordChangeSchema)
@bp.response(200, GrantSchema)
@bp.alt_response(403, description="Asked with a named token, not after a login")
@bp.alt_response(429, description="Too many failures; see Retry-After")
def change_password(given: dict[str, str]) -> dict[str, Any]:
    """Change one's own password; every other session ends, this one gets new tokens."""
    if current_session() is None:
        abort(403, "A new password takes a login.")
    user = services.change_password(myself(), **given)
    return _grant(services.open_session(user, origin=origin()))


@bp.post("/password-resets")
@public
@bp.arguments(ResetAskedSchema)
@bp.response(202, ReceivedSchema)
@bp.alt_response(429, description="Too much was asked from this address; see Retry-After")
def ask_reset(given: dict[str, str]) -> dict[str, str]:
    """Have a link for a new password sent to whoever has this name, if anybody has."""
    services.ask_reset(given["name"], address=request.remote_addr)
    return {"message": "If there is such an account, a mail is on its way."}


@bp.put("/password-resets")
@public
@bp.arguments(ResetSchema)
@bp.response(200, ReceivedSchema)
@bp.alt_response(422, description="The link is void, or the password does not fit")
def use_reset(given: dict[str, str]) -> dict[str, str]:
    """Set a password by the token of a link; every session ends."""
    services.use_reset(**given)
    return {"message": "Your password is set. You can sign in with it now."}


@bp.get("/me")
@requires(SIGNED_IN)
@bp.response(200, MeSchema)
def me() -> User:
    """Show whoever asks, and what they may do."""
    return myself()


@bp.put("/me")
@requires(SIGNED_IN)
@idempotent
@bp.arguments(OwnChangeSchema)
@bp.response(200, MeSchema)
@bp.alt_response(403, description="Asked with a named token, not after a login")
@bp.alt_response(409, description="Stale version")
def change_me(changes: dict[str, Any]) -> User:
    """Change one's own name or time zone; what is not named stays."""
    if current_session() is None:
        abort(403, "Changing one's own account takes a login.")
    me = myself()
    version = asked_version(changes)
    values = {"name": me.name, "time_zone": me.time_zone} | changes
    return services.revise_account(me, version=version, **values)


def _grant(granted: Granted) -> dict[str, Any]:
    access = access_tokens.issue(granted.user, session_id=granted.session_id)
    return {
        "access_token": access.token,
        "refresh_token": granted.refresh_token,
        "token_type": "bearer",
        "expires_in": access.expires_in,
    }
