"""Pages: signing in, one's own account, and, for administrators, users and roles."""

from app.accounts.views import (
    account,
    my_factors,
    password_resets,
    registrations,
    role_page,
    second_step,
    sessions,
    tokens,
    user_page,
)
from app.accounts.views.blueprint import bp
from app.accounts.views.roles import bp as roles_bp
from app.accounts.views.users import bp as users_bp

# Modules add their routes to the blueprints as they are imported.
__all__ = [
    "account",
    "bp",
    "my_factors",
    "password_resets",
    "registrations",
    "role_page",
    "roles_bp",
    "second_step",
    "sessions",
    "tokens",
    "user_page",
    "users_bp",
]
