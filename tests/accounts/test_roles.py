"""What may happen to roles, and who may make it happen."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import services
from app.accounts.models import EVERYTHING, Role, User
from app.core import audit
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import AlreadyExists, Invalid
from app.core.permissions import catalogue
from app.core.versions import StaleVersion
from tests.factories import RoleFactory, UserFactory


@pytest.fixture
def editor(session: Session) -> User:
    role = RoleFactory.create(permissions=["users.view", "users.edit", "stock.view"])
    return UserFactory.create(role=role)


def named(name: str) -> Role:
    return db.session.scalars(select(Role).where(Role.name == name)).one()


def test_a_role_keeps_its_permissions_in_order_and_once(admin: User) -> None:
    role = services.create_role(
        name="  Night   shift ", permissions=["stock.adjust", "stock.view"] * 2, by=admin
    )

    assert role.name == "Night shift"
    assert role.permissions == ["stock.view", "stock.adjust"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 51}, "name"),
        ({"permissions": ["stock.steal"]}, "permissions"),
        ({"permissions": [EVERYTHING]}, "permissions"),
    ],
)
def test_what_does_not_fit_is_refused(admin: User, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        services.create_role(**({"name": "new"} | changes), by=admin)

    assert refusal.value.field == field


def test_names_are_unique_whatever_their_case(admin: User) -> None:
    with pytest.raises(AlreadyExists):
        services.create_role(name="Manager", by=admin)


def test_a_role_may_keep_its_name_in_another_case(admin: User) -> None:
    role = services.create_role(name="night", by=admin)

    services.revise_role(role.id, by=admin, name="Night")

    assert role.name == "Night"


def test_a_change_of_an_old_version_shows_both_values(admin: User) -> None:
    role = services.create_role(name="night", by=admin)
    services.revise_role(role.id, by=admin, version=1, description="first")

    with pytest.raises(StaleVersion) as refusal:
        services.revise_role(role.id, by=admin, version=1, description="second")

    assert refusal.value.conflicts == {"description": ("first", "second")}


def test_the_history_lists_permissions_readably(admin: User) -> None:
    role = services.create_role(name="night", permissions=["stock.view"], by=admin)

    services.revise_role(role.id, by=admin, permissions=["stock.view", "stock.adjust"])

    entry = db.session.scalars(audit.history(role)).first()
    assert entry is not None
    assert entry.changes == {"permissions": ["stock.view", "stock.view, stock.adjust"]}


def test_nobody_makes_a_role_that_holds_more_than_theirs(editor: User) -> None:
    with pytest.raises(services.BeyondYourRole):
        services.create_role(name="new", permissions=["stock.adjust"], by=editor)


def test_nobody_adds_to_a_role_what_they_do_not_hold(editor: User) -> None:
    role = RoleFactory.create(permissions=["stock.view"])

    with pytest.raises(services.BeyondYourRole):
        services.revise_role(role.id, by=editor, permissions=["stock.adjust"])


def test_nobody_adds_to_their_own_role(editor: User) -> None:
    more = [*editor.role.permissions, "stock.adjust"]

    with pytest.raises(services.BeyondYourRole):
        services.revise_role(editor.role_id, by=editor, permissions=more)


def test_nobody_changes_a_role_that_holds_more_than_theirs(editor: User) -> None:
    role = RoleFactory.create(permissions=["stock.adjust"])

    with pytest.raises(services.BeyondYourRole):
        services.revise_role(role.id, by=editor, permissions=[])
    with pytest.raises(services.BeyondYourRole):
        services.delete_role(role.id, by=editor)


def test_nobody_takes_the_right_to_change_users_from_themselves(
    editor: User, admin: User
) -> None:
    with pytest.raises(services.OwnAccount):
        services.revise_role(editor.role_id, by=editor, permissions=["users.view"])


def test_the_last_role_that_administers_stays(editor: User) -> None:
    with pytest.raises(services.LastAdministrator):
        services.revise_role(editor.role_id, by=None, permissions=["users.view"])


def test_admin_is_fixed(admin: User) -> None:
    role = named("admin")

    with pytest.raises(services.RoleFixed):
        services.revise_role(role.id, by=admin, permissions=["stock.view"])
    with pytest.raises(services.RoleFixed):
        services.delete_role(role.id, by=admin)


def test_a_built_in_role_changes_but_keeps_its_name(admin: User) -> None:
    role = named("warehouse")

    services.revise_role(role.id, by=admin, name="warehouse", permissions=["stock.view"])
    with pytest.raises(services.RoleFixed):
        services.revise_role(role.id, by=admin, name="depot")
    with pytest.raises(services.RoleFixed):
        services.delete_role(role.id, by=admin)

    db.session.refresh(role)
    assert (role.name, role.permissions) == ("warehouse", ["stock.view"])


def test_a_role_in_use_stays(admin: User) -> None:
    role = RoleFactory.create()
    UserFactory.create(role=role, is_active=False)

    with pytest.raises(services.RoleInUse, match="1 person has"):
        services.delete_role(role.id, by=admin)


def test_a_deleted_role_leaves_a_trace(admin: User) -> None:
    role = services.create_role(name="night", by=admin)

    services.delete_role(role.id, by=admin)

    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.record_id == role.id).order_by(AuditEntry.id.desc())
    ).first()
    assert entry is not None
    assert (entry.action, entry.changes) == ("deleted", {"name": ["night", ""]})


def test_built_in_roles_hold_only_permissions_there_are() -> None:
    everything = {f"{area}.{verb}" for area, verbs in catalogue().items() for verb in verbs}

    held = {p for role in db.session.scalars(select(Role)) for p in role.permissions}

    assert held - everything == {EVERYTHING}


def test_installing_again_leaves_changed_roles_alone(admin: User) -> None:
    services.revise_role(named("warehouse").id, by=admin, permissions=[])

    services.install_roles()

    assert named("warehouse").permissions == []


def test_a_later_release_gives_built_in_roles_what_is_new(session: Session) -> None:
    role = named("warehouse")
    role.offered = ["products.view", "stock.view", "stock.adjust"]
    role.permissions = ["products.view", "stock.view"]  # somebody has taken one away
    session.commit()

    services.install_roles()

    assert "stock.transfer" in named("warehouse").permissions
    assert "stock.adjust" not in named("warehouse").permissions


def test_what_was_taken_away_stays_away_at_the_next_release(admin: User) -> None:
    without = [p for p in named("warehouse").permissions if p != "stock.transfer"]
    services.revise_role(named("warehouse").id, by=admin, permissions=without)

    services.install_roles()

    assert set(named("warehouse").permissions) == set(without)
