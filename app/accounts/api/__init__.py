"""Signing in, users and roles for programs."""

from app.accounts.api import auth, roles, tokens, users

__all__ = ["auth", "roles", "tokens", "users"]
