"""Who asks, and by which session, as a service wants it."""

from collections.abc import Callable
from typing import Any

from flask import current_app, request
from flask_login import current_user

from app.accounts.identities import Identity, Presented
from app.accounts.models import User
from app.accounts.services.sessions import Origin
from app.core.db import db

COOKIE_KEY = "session"  # where the signed cookie holds the secret of the session


def myself() -> User:
    """Load the user who asks; only for views that need a sign-in and more than an identity.

    It may do no more than the token says that asks.
    """
    user = db.session.get_one(User, current_user.id)
    user.limit_to(current_user.scopes)
    return user


def current_session() -> Presented | None:
    """Give the session that asks; None where a named token does, or nobody."""
    return current_user.session if current_user.is_authenticated else None


def current_token_id() -> int | None:
    """Give the named token that asks; None where a session does, or nobody."""
    token = current_user.token if current_user.is_authenticated else None
    return token and token.id


def become(identity: Identity | None) -> None:
    """Let the rest of the request be asked by somebody else, or by nobody."""
    # What Flask-Login's `login_user` does besides writing its own name into the cookie.
    current_app.login_manager._update_request_context_with_user(identity)  # type: ignore[attr-defined]  # noqa: SLF001


def origin() -> Origin:
    """Tell from where the request comes."""
    return Origin(request.remote_addr, request.headers.get("User-Agent", ""))


def by_me(service: Callable[..., Any]) -> Callable[..., Any]:
    """Let a service know who asks."""

    def act(*ids: int, **values: Any) -> Any:
        return service(*ids, **values, by=myself())

    return act
