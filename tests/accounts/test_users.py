"""What may happen to users, and who may make it happen."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.accounts import queries, services
from app.accounts.models import EVERYTHING, User
from app.core import audit
from app.core.db import db
from app.core.errors import AlreadyExists, Invalid
from app.core.settings import set_settings
from app.core.versions import StaleVersion
from tests.accounts.conftest import PASSWORD
from tests.factories import RoleFactory, UserFactory


@pytest.fixture
def editor(session: Session) -> User:
    """Somebody who may change users, but not everything."""
    role = RoleFactory.create(permissions=["users.view", "users.edit", "stock.view"])
    return UserFactory.create(role=role)


def made(**changes: Any) -> User:
    given = {"email": "kim@example.com", "name": "Kim", "password": PASSWORD, "by": None}
    return services.create_user(**({"username": "kim"} | given | changes))


def changes_of(user: User) -> list[dict[str, Any]]:
    return [entry.changes for entry in db.session.scalars(audit.history(user))]


def test_somebody_new_has_a_role_and_the_time_zone_of_the_company() -> None:
    set_settings(time_zone="Europe/Berlin")

    user = made(role="Warehouse", username=" kim ", name="  Kim   Doe ")

    assert (user.username, user.name, user.role.name) == ("kim", "Kim Doe", "warehouse")
    assert user.time_zone == "Europe/Berlin"
    assert user.has_password(PASSWORD)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": ""}, "username"),
        ({"username": "a b"}, "username"),
        ({"username": "kim@example.com"}, "username"),
        ({"username": "x" * 51}, "username"),
        ({"email": "kim"}, "email"),
        ({"email": "kim@example"}, "email"),
        ({"email": "a@" + "x" * 250 + ".org"}, "email"),
        ({"name": " "}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"time_zone": "Mars"}, "time_zone"),
        ({"role": "king"}, "role"),
        ({"password": "short"}, "password"),
        ({"password": "x" * 201}, "password"),
        ({"password": "aaaabbbbaaaabbbb"}, "password"),
        ({"password": "Kim.Long-Username", "username": "kim.long-username"}, "password"),
        ({"password": "KIM@EXAMPLE.COM"}, "password"),
        ({"password": "kimberley-ann", "email": "Kimberley-Ann@example.com"}, "password"),
        ({"password": "Kim van Example", "name": "Kim van Example"}, "password"),
    ],
)
def test_what_does_not_fit_is_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        made(**changes)

    assert refusal.value.field == field
    assert changes.get("password", "?") not in str(refusal.value)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"email": "other@example.com"}, "username"), ({"username": "other"}, "email")],
)
def test_names_and_addresses_are_unique_whatever_their_case(
    changes: dict[str, str], field: str
) -> None:
    made(username="KIM", email="KIM@example.com")

    with pytest.raises(AlreadyExists) as refusal:
        made(**changes)

    assert refusal.value.field == field


def test_a_user_keeps_their_own_names_when_changed() -> None:
    user = made()

    services.revise_user(user.id, by=None, username="Kim", email="kim@example.com")

    assert user.username == "Kim"


def test_a_change_of_an_old_version_shows_both_values(admin: User) -> None:
    user = made()
    services.revise_user(user.id, by=admin, version=1, name="Kim A", role="manager")

    with pytest.raises(StaleVersion) as refusal:
        services.revise_user(user.id, by=admin, version=1, name="Kim B", role="warehouse")

    assert refusal.value.conflicts == {
        "name": ("Kim A", "Kim B"),
        "role": ("manager", "warehouse"),
    }


def test_the_first_administrator_is_made_once() -> None:
    password = services.create_first_admin()

    assert password
    admin = services.authenticate("admin", password=password)
    assert admin.role.permissions == [EVERYTHING]
    assert services.create_first_admin() is None


def test_the_history_tells_roles_by_name_and_passwords_not_at_all(admin: User) -> None:
    user = made()

    services.revise_user(user.id, by=admin, role="manager", name="Kim Doe")
    password = services.reset_password(user.id, by=admin)

    reset, revised, created = changes_of(user)
    assert created["role"] == ["", "user"]
    assert revised == {"role": ["user", "manager"], "name": ["Kim", "Kim Doe"]}
    assert reset == {"password": ["", "changed"]}
    assert "role_id" not in created
    kept = str(changes_of(user))
    assert not [secret for secret in (password, PASSWORD, "argon2") if secret in kept]


@pytest.mark.parametrize("role", ["admin", "manager"])
def test_nobody_gives_a_role_that_holds_more_than_theirs(editor: User, role: str) -> None:
    user = made()

    with pytest.raises(services.BeyondYourRole):
        services.revise_user(user.id, by=editor, role=role)
    with pytest.raises(services.BeyondYourRole):
        made(username="lee", email="lee@example.com", role=role, by=editor)

    assert user.role.name == "user"


def test_a_role_within_ones_own_may_be_given(editor: User) -> None:
    role = RoleFactory.create(permissions=["stock.view"])

    user = made(role=role.name, by=editor)

    assert user.role is role


def attack(user: User, by: User) -> list[Any]:
    """Every way to get at somebody's account."""
    return [
        lambda: services.reset_password(user.id, by=by),
        lambda: services.deactivate_user(user.id, by=by),
        lambda: services.activate_user(user.id, by=by),
        lambda: services.revise_user(user.id, by=by, email="mine@example.com"),
        lambda: services.sign_out_everywhere(user.id, by=by),
    ]


@pytest.mark.parametrize("way", range(5))
def test_nobody_overrules_somebody_who_may_do_more(editor: User, admin: User, way: int) -> None:
    with pytest.raises(services.BeyondYourRole):
        attack(admin, editor)[way]()


@pytest.mark.parametrize(
    "change",
    [{"role": "user"}, {"is_active": False}, {"role": "warehouse"}],
)
def test_nobody_demotes_or_deactivates_themselves(admin: User, change: dict[str, Any]) -> None:
    UserFactory.create(role=admin.role)

    with pytest.raises(services.OwnAccount):
        services.revise_user(admin.id, by=admin, **change)

    db.session.refresh(admin)
    assert admin.is_active


def test_nobody_resets_their_own_password_without_the_present_one(admin: User) -> None:
    with pytest.raises(services.OwnAccount):
        services.reset_password(admin.id, by=admin)


def test_administrators_may_change_their_own_name(admin: User) -> None:
    services.revise_user(admin.id, by=admin, name="New name", role=admin.role.name)

    assert admin.name == "New name"


@pytest.mark.parametrize("change", [{"role": "user"}, {"is_active": False}])
def test_the_last_administrator_stays(admin: User, change: dict[str, Any]) -> None:
    """By the command line, which asks nobody: people cannot change themselves."""
    with pytest.raises(services.LastAdministrator):
        services.revise_user(admin.id, by=None, **change)

    db.session.refresh(admin)
    assert (admin.is_active, admin.role.permissions) == (True, [EVERYTHING])


def test_somebody_waiting_or_inactive_is_no_administrator(admin: User) -> None:
    UserFactory.create(role=admin.role, is_active=False, is_waiting=True)

    with pytest.raises(services.LastAdministrator):
        services.deactivate_user(admin.id, by=None)


def test_one_of_two_administrators_may_go(admin: User, editor: User) -> None:
    services.deactivate_user(editor.id, by=admin)

    assert not editor.is_active


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda user: services.deactivate_user(user.id, by=None), id="deactivated"),
        pytest.param(
            lambda user: services.revise_user(user.id, by=None, role="manager"), id="new role"
        ),
        pytest.param(lambda user: services.reset_password(user.id, by=None), id="password"),
        pytest.param(lambda user: services.sign_out_everywhere(user.id, by=None), id="asked"),
    ],
)
def test_what_ends_all_sessions(change: Any) -> None:
    user = made()
    services.open_browser(user)
    granted = services.open_session(user)

    change(user)

    assert db.session.scalars(queries.sessions(user.id)).all() == []
    with pytest.raises(services.RefreshRefused):
        services.refresh_session(granted.refresh_token)


def test_a_new_name_ends_no_session() -> None:
    user = made()
    opened = services.open_browser(user).session

    services.revise_user(user.id, by=None, name="Other", role="user")

    assert db.session.scalars(queries.sessions(user.id)).all() == [opened]


def test_somebody_waiting_is_approved_or_refused(admin: User) -> None:
    first = made(is_waiting=True)
    second = made(username="lee", email="lee@example.com", is_waiting=True)

    services.activate_user(first.id, by=admin)
    services.deactivate_user(second.id, by=admin)

    assert (first.state, second.state) == ("active", "inactive")
