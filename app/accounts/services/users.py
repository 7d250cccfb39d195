"""What happens to users. Nobody is deleted: the ledger refers to them."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.models import User, hasher, new_secret, normalized
from app.accounts.services.guards import (
    changing_accounts,
    ensure_may_give,
    ensure_not_self,
    ensure_outranks,
)
from app.accounts.services.identity import clean_identity, ensure_free
from app.accounts.services.passwords import check_password, set_password, void_resets
from app.accounts.services.roles import role_named
from app.accounts.services.sessions import end_sessions
from app.accounts.services.tokens import end_tokens
from app.core import audit
from app.core.db import locked, transaction
from app.core.settings import setting

FIRST_START_LOCK = 1
OWN_ROLE = "Nobody can change their own role."
OWN_END = "Nobody can deactivate themselves."
OWN_PASSWORD = "Change your own password on the page of your account."  # noqa: S105


def create_user(
    username: str,
    *,
    password: str,
    role: str = "user",
    by: User | None = None,
    is_waiting: bool = False,
    **identity: str,
) -> User:
    """Add a person: `identity` is email, name and perhaps time_zone.

    Raises:
        AlreadyExists: Somebody has this username or e-mail address.
        BeyondYourRole: The role holds more than `by` does.
        Invalid: A field does not fit, there is no such role, or the password is weak.
    """
    with changing_accounts() as session:
        identity = {"time_zone": setting("time_zone"), **identity}
        clean = clean_identity({"username": username, **identity})
        check_password(
            password, username=clean["username"], email=clean["email"], name=clean["name"]
        )
        given = role_named(session, role)
        ensure_may_give(by, given.permissions)
        # Hashed first: how long it takes must not tell a stranger whose address is known.
        hashed = hasher.hash(normalized(password))
        ensure_free(session, clean)
        user = User(**clean, role=given, is_active=not is_waiting, is_waiting=is_waiting)
        user.password_hash = hashed
        user.must_change_password = by is not None
        audit.note(user, "role", "", given.name)
        session.add(user)
    return user


def create_first_admin() -> str | None:
    """Make the first administrator and give the password, once; None if there are users."""
    with transaction() as session:
        # Two processes may start at once.
        session.execute(select(func.pg_advisory_xact_lock(FIRST_START_LOCK)))
        if session.scalar(select(User.id).limit(1)):
            return None
        password = new_secret()
        create_user(
            "admin", email="admin@example.com", name="Admin", password=password, role="admin"
        )
    return password


def revise_user(
    user_id: int, *, by: User | None, version: int | None = None, **changes: Any
) -> User:
    """Change fields of a user; `role` is a role's name. A new role signs out everywhere.

    Raises:
        AlreadyExists: Somebody has this username or e-mail address.
        BeyondYourRole: The user, or the new role, holds more than `by` does.
        Invalid: A field does not fit, or there is no such role.
        LastAdministrator: Nobody could change users any more.
        OwnAccount: It is one's own role or end.
        StaleVersion: Somebody has changed the user since `version`.
    """
    with changing_accounts() as session:
        user = _locked(session, user_id)
        ensure_outranks(by, user)
        changes = clean_identity(user.merge(version=version, **changes))
        ensure_free(session, changes, besides=user.id)
        _resolve_role(session, user, changes, by)
        _resolve_state(user, changes, by)
        before, was_active, mailed_to = user.role, user.is_active, user.email
        user.revise(version=None, **changes)
        if user.role is not before:
            audit.note(user, "role", before.name, user.role.name)
        if user.role is not before or was_active != user.is_active:
            why = "deactivated" if not user.is_active else "another role"
            end_sessions(session, user, why=why)
        if not user.is_active or user.email != mailed_to:
            void_resets(session, user)
        if not user.is_active:
            end_tokens(session, user)  # for good: whoever comes back makes new ones
    return user


def activate_user(user_id: int, *, by: User | None, version: int | None = None) -> User:
    """Let a person in, for the first time or again. Raises what `revise_user` raises."""
    return revise_user(user_id, by=by, version=version, is_active=True)


def deactivate_user(user_id: int, *, by: User | None, version: int | None = None) -> User:
    """Keep a person out, at once. Raises what `revise_user` raises."""
    return revise_user(user_id, by=by, version=version, is_active=False, is_waiting=False)


def reset_password(user_id: int, *, by: User | None, password: str | None = None) -> str:
    """Set a password, a generated one if none is given, and give it; it is shown once.

    Raises:
        BeyondYourRole: The user holds more than `by` does.
        Invalid: The given password is weak.
        OwnAccount: It is one's own; that takes the present password.
    """
    with changing_accounts() as session:
        user = _locked(session, user_id)
        ensure_not_self(by, user, OWN_PASSWORD)
        ensure_outranks(by, user)
        fresh = password or new_secret()
        set_password(session, user, fresh, must_change=by is not None)
        end_tokens(session, user)
    return fresh


def sign_out_everywhere(user_id: int, *, by: User | None) -> None:
    """End every browser's and every program's session of a user; named tokens stay.

    Raises:
        BeyondYourRole: The user holds more than `by` does.
    """
    with transaction() as session:
        user = _locked(session, user_id)
        ensure_outranks(by, user)
        end_sessions(session, user, why="signed out everywhere")


def _locked(session: Session, user_id: int) -> User:
    return session.scalars(locked(queries.user(user_id), User)).one()


def _resolve_role(
    session: Session, user: User, changes: dict[str, Any], by: User | None
) -> None:
    if "role" not in changes:
        return
    changes["role"] = role_named(session, changes["role"])
    if changes["role"] is not user.role:
        ensure_not_self(by, user, OWN_ROLE)
        ensure_may_give(by, changes["role"].permissions)


def _resolve_state(user: User, changes: dict[str, Any], by: User | None) -> None:
    if changes.get("is_active"):
        changes["is_waiting"] = False
    elif "is_active" in changes and user.is_active:
        ensure_not_self(by, user, OWN_END)
