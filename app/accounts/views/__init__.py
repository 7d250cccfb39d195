"""Pages: signing in, one's own account, and, for administrators, users and roles."""

from app.accounts.views import account, registrations, roles, sessions, tokens, users
from app.accounts.views.blueprint import bp

__all__ = ["account", "bp", "registrations", "roles", "sessions", "tokens", "users"]
