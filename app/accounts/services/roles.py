"""What happens to roles."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.models import EVERYTHING, Role, User
from app.accounts.roles import BUILT_IN
from app.accounts.services.access import tell_access_changed
from app.accounts.services.audit_entries import note_deletion
from app.accounts.services.guards import changing_accounts, ensure_may_give
from app.accounts.services.refusals import OwnAccount, RoleFixed, RoleHears, RoleInUse
from app.core.alerts.rules import rules_naming
from app.core.db import db, locked, transaction
from app.core.errors import AlreadyExists, Invalid
from app.core.permissions import catalogue

LONGEST_NAME = 50


def install_roles() -> None:
    """Make the built-in roles that are not there, and give those that are what is new.

    What an administrator has changed stays as it is.
    """
    with transaction() as session:
        for role in BUILT_IN:
            permissions = role.permissions
            values = role._asdict() | {"permissions": permissions, "offered": permissions}
            made = insert(Role).values(values | {"is_built_in": True})
            session.execute(made.on_conflict_do_nothing())
            known = select(Role).where(Role.name == role.name, Role.is_built_in)
            if found := session.scalars(locked(known, Role)).one_or_none():
                found.offer(permissions)


def role_choices() -> list[tuple[int, str]]:
    """Give all roles to choose from, by id and name."""
    return [(row.id, row.name) for row in db.session.execute(queries.roles_by_name())]


def create_role(
    *,
    name: str,
    description: str = "",
    permissions: Sequence[str] = (),
    needs_second_factor: bool = False,
    by: User | None,
) -> Role:
    """Add a role.

    Raises:
        AlreadyExists: Another role has this name.
        BeyondYourRole: It would hold more than `by` does.
        Invalid: The name is empty, or there is no such permission.
    """
    with changing_accounts() as session:
        wanted = _known(permissions)
        ensure_may_give(by, wanted)
        role = Role(name=_free_name(session, name), description=description, permissions=wanted)
        role.needs_second_factor = needs_second_factor
        session.add(role)
    return role


def revise_role(
    role_id: int, *, by: User | None, version: int | None = None, **changes: Any
) -> Role:
    """Change the name, the description or the permissions; people feel it at once.

    Raises:
        AlreadyExists: Another role has this name.
        BeyondYourRole: It holds, or would hold, more than `by` does.
        Invalid: The name is empty, or there is no such permission.
        LastAdministrator: Nobody could change users any more.
        OwnAccount: `by` would lose the right to change users.
        RoleFixed: It is `admin`, or a built-in role would be renamed.
        StaleVersion: Somebody has changed it since `version`.
    """
    with changing_accounts() as session:
        role = _locked(session, role_id)
        if changes.keys() != {"needs_second_factor"}:  # this even `admin` may be given
            _ensure_open(role, by)
        ensure_may_give(by, role.permissions)
        changes = role.merge(version=version, **changes)
        if "permissions" in changes:
            changes["permissions"] = _known(changes["permissions"])
            ensure_may_give(by, changes["permissions"])
            _ensure_keeps_administering(role, changes["permissions"], by)
        if "name" in changes and changes["name"] != role.name:
            changes["name"] = _new_name(session, role, changes["name"])
        role.revise(version=None, **changes)
        tell_access_changed(session, None)  # open websockets lose what it takes away
    return role


def delete_role(role_id: int, *, by: User | None) -> None:
    """Remove a role that nobody has.

    Raises:
        BeyondYourRole: It holds more than `by` does.
        RoleFixed: Every installation has it.
        RoleHears: Alerts are told to it alone.
        RoleInUse: People have it, also such as are not active.
    """
    with changing_accounts() as session:
        role = _locked(session, role_id)
        if role.is_built_in:
            raise RoleFixed("A built-in role cannot be deleted.")
        _ensure_open(role, by)
        people = session.scalar(queries.people_with(role.id)) or 0
        if people:
            raise RoleInUse(people)
        if rules_naming(role.id):
            raise RoleHears("Alert rules name this role. Let others hear of them first.")
        note_deletion(role)
        session.delete(role)


def role_named(session: Session, name: str) -> Role:
    """Find a role by its name, whatever its case.

    Raises:
        Invalid: There is no such role.
    """
    role = session.scalars(queries.role_by_name(name)).one_or_none()
    if role is None:
        raise Invalid("role", "There is no such role.")
    return role


def _locked(session: Session, role_id: int) -> Role:
    return session.scalars(locked(queries.role(role_id), Role)).one()


def _ensure_open(role: Role, by: User | None) -> None:
    if role.is_fixed:
        raise RoleFixed("This role holds everything; it cannot be changed.")
    ensure_may_give(by, role.permissions)


def _ensure_keeps_administering(role: Role, permissions: list[str], by: User | None) -> None:
    if by is not None and by.role_id == role.id and "users.edit" not in permissions:
        raise OwnAccount("You would lose the right to change users yourself.")


def _known(permissions: Sequence[str]) -> list[str]:
    """Put permissions in the order of the catalogue, each once; `*` is for `admin` alone."""
    everything = [f"{area}.{verb}" for area, verbs in catalogue().items() for verb in verbs]
    if unknown := set(permissions) - set(everything):
        words = ", ".join(sorted(unknown - {EVERYTHING})) or EVERYTHING
        raise Invalid("permissions", f"There is no such permission: {words}.")
    return [permission for permission in everything if permission in set(permissions)]


def _new_name(session: Session, role: Role, name: str) -> str:
    if role.is_built_in:
        raise RoleFixed("A built-in role keeps its name.")
    return _free_name(session, name, besides=role.id)


def _free_name(session: Session, name: str, besides: int | None = None) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid("name", f"A name has 1 to {LONGEST_NAME} characters.")
    if session.scalar(queries.role_by_name(name).where(Role.id.is_distinct_from(besides))):
        raise AlreadyExists("name", "Another role has this name.")
    return name
