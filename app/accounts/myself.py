"""Who asks, as a service wants it."""

from collections.abc import Callable
from typing import Any

from flask_login import current_user

from app.accounts.models import User


def myself() -> User:
    """Take the user out of Flask-Login's proxy; only for views that need a sign-in."""
    user: User = current_user._get_current_object()  # noqa: SLF001
    return user


def by_me(service: Callable[..., Any]) -> Callable[..., Any]:
    """Let a service know who asks."""

    def act(*ids: int, **values: Any) -> Any:
        return service(*ids, **values, by=myself())

    return act
