"""Who asks, as a service wants it."""

from flask_login import current_user

from app.accounts.models import User


def myself() -> User:
    """Take the user out of Flask-Login's proxy; only for views that need a sign-in."""
    user: User = current_user._get_current_object()  # noqa: SLF001
    return user
