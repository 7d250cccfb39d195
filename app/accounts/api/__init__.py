"""Signing in, users and roles for programs."""

from app.accounts.api import auth, roles, sessions, tokens, users

__all__ = ["auth", "roles", "sessions", "tokens", "users"]
