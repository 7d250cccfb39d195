"""Who asks, and by which session, as a service wants it."""

from collections.abc import Callable
from typing import Any

from flask import current_app, g, request
from flask_login import current_user

from app.accounts.models import User, UserSession
from app.accounts.services.sessions import Origin

COOKIE_KEY = "session"  # where the signed cookie holds the secret of the session


def myself() -> User:
    """Take the user out of Flask-Login's proxy; only for views that need a sign-in."""
    user: User = current_user._get_current_object()  # noqa: SLF001
    return user


def current_session() -> UserSession | None:
    """Give the session that asks; None where a named token does, or nobody."""
    return g.get("user_session") if current_user.is_authenticated else None


def set_current_session(presented: UserSession) -> None:
    """Remember the session that asks, for as long as the request lasts."""
    g.user_session = presented


def current_token_id() -> int | None:
    """Give the named token that asks; None where a session does, or nobody."""
    return g.get("token_id") if current_user.is_authenticated else None


def set_current_token(token_id: int) -> None:
    """Remember the named token that asks, for as long as the request lasts."""
    g.token_id = token_id


def become(user: User | None) -> None:
    """Let the rest of the request be asked by somebody else, or by nobody."""
    # What Flask-Login's `login_user` does besides writing its own name into the cookie.
    current_app.login_manager._update_request_context_with_user(user)  # type: ignore[attr-defined]  # noqa: SLF001


def origin() -> Origin:
    """Tell from where the request comes."""
    return Origin(request.remote_addr, request.headers.get("User-Agent", ""))


def by_me(service: Callable[..., Any]) -> Callable[..., Any]:
    """Let a service know who asks."""

    def act(*ids: int, **values: Any) -> Any:
        return service(*ids, **values, by=myself())

    return act
