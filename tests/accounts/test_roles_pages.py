"""The pages of roles and their editor."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import services
from app.accounts.models import Role
from tests.conftest import SignIn
from tests.factories import RoleFactory, UserFactory

HTMX = {"HX-Request": "true"}


@pytest.fixture
def role(session: Session) -> Role:
    return RoleFactory.create(name="Packers", permissions=["stock.view"])


def filled(*permissions: str, **changes: str) -> dict[str, object]:
    return {"name": "Night", "description": "", "permissions": list(permissions), **changes}


def named(session: Session, name: str) -> Role | None:
    return session.scalars(select(Role).where(Role.name == name)).one_or_none()


def test_the_list_counts_the_people_of_each_role(as_admin: FlaskClient, role: Role) -> None:
    for _ in range(3):
        UserFactory.create(role=role)

    response = as_admin.get("/roles?search=pack")

    assert response.status_code == 200
    assert '<a href="/users?role=Packers">3</a>' in response.text
    assert "warehouse" not in response.text.split("<tbody>")[1]


def test_a_search_from_htmx_receives_only_the_results(
    as_admin: FlaskClient, role: Role
) -> None:
    response = as_admin.get("/roles?search=nothing", headers=HTMX)

    assert "<html" not in response.text
    assert "No roles found." in response.text


def test_a_longer_list_takes_no_more_queries(as_admin: FlaskClient, queries: list[str]) -> None:
    as_admin.get("/roles")
    few = len(queries)
    for _ in range(20):
        RoleFactory.create()
    queries.clear()

    as_admin.get("/roles")

    assert len(queries) == few


def test_a_role_is_shown_in_words(as_admin: FlaskClient, role: Role) -> None:
    page = as_admin.get(f"/roles/{role.id}").text

    assert "See stock and movements" in page
    assert "Adjust and write off" not in page
    assert "<html" not in as_admin.get(f"/roles/{role.id}", headers=HTMX).text


def test_admin_is_shown_as_everything_and_offers_no_change(
    as_admin: FlaskClient, session: Session
) -> None:
    admin = named(session, "admin")
    assert admin

    page = as_admin.get(f"/roles/{admin.id}").text

    assert "Everything" in page
    assert f"/roles/{admin.id}/edit" not in page


def test_the_grid_has_a_box_for_every_permission(as_admin: FlaskClient, role: Role) -> None:
    page = as_admin.get(f"/roles/{role.id}/edit").text

    boxes = [part.split(">")[0] for part in page.split('name="permissions"')[1:]]
    ticked = [box for box in boxes if "checked" in box]
    assert len(boxes) > 10
    assert len(ticked) == 1
    assert 'value="stock.view"' in ticked[0]


def test_a_role_is_made_with_what_is_ticked(as_admin: FlaskClient, session: Session) -> None:
    response = as_admin.post("/roles", data=filled("stock.view", "stock.adjust"))

    made = named(session, "Night")
    assert made
    assert response.location == f"/roles/{made.id}"
    assert made.permissions == ["stock.view", "stock.adjust"]


def test_a_new_role_begins_with_nothing(as_admin: FlaskClient) -> None:
    page = as_admin.get("/roles/new")

    assert page.status_code == 200
    assert "checked" not in page.text


def test_a_copy_begins_with_what_the_pattern_holds(as_admin: FlaskClient, role: Role) -> None:
    page = as_admin.get(f"/roles/new?from={role.id}").text

    assert 'value="Packers copy"' in page
    assert page.count("checked") == 1


def test_a_copy_of_admin_has_every_box_ticked(as_admin: FlaskClient, session: Session) -> None:
    admin = named(session, "admin")
    assert admin

    page = as_admin.get(f"/roles/new?from={admin.id}").text

    assert page.count("checked") == page.count('name="permissions"')


@pytest.mark.parametrize("address", ["/roles/new?from=0", "/roles/0", "/roles/0/edit"])
def test_a_role_there_is_not_is_not_found(as_admin: FlaskClient, address: str) -> None:
    assert as_admin.get(address).status_code == 404


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (filled(name=""), "This field is required."),
        (filled(name="MANAGER"), "Another role has this name."),
        (filled("stock.steal"), "not a valid choice"),
    ],
)
def test_a_new_role_that_does_not_fit_is_shown_again(
    as_admin: FlaskClient, data: dict[str, object], message: str
) -> None:
    response = as_admin.post("/roles", data=data, headers=HTMX)

    assert response.status_code == 422
    assert message in response.text
    assert "<html" not in response.text


def test_a_browser_returns_to_the_role_it_changed(
    as_admin: FlaskClient, role: Role, session: Session
) -> None:
    response = as_admin.post(f"/roles/{role.id}", data=filled("jobs.view", version="1"))

    assert (response.status_code, response.location) == (303, f"/roles/{role.id}")
    session.refresh(role)
    assert (role.name, role.permissions) == ("Night", ["jobs.view"])


def test_htmx_hears_that_roles_have_changed(as_admin: FlaskClient, role: Role) -> None:
    response = as_admin.post(f"/roles/{role.id}", data=filled(version="1"), headers=HTMX)

    assert response.status_code == 204
    assert "roles:changed" in response.headers["HX-Trigger"]


def test_people_feel_a_changed_role_with_their_next_click(
    app: Flask, sign_in: SignIn, session: Session
) -> None:
    client = sign_in("users.view")
    assert client.get("/users").status_code == 200
    mine = session.scalars(select(Role).order_by(Role.id.desc())).first()
    assert mine

    services.revise_role(mine.id, by=None, permissions=[])

    assert client.get("/users").status_code == 403


def test_a_change_of_an_old_version_shows_both_values(
    as_admin: FlaskClient, role: Role
) -> None:
    services.revise_role(role.id, by=None, permissions=["jobs.view"])

    response = as_admin.post(
        f"/roles/{role.id}", data=filled("stock.adjust", name="Packers", version="1")
    )

    assert response.status_code == 409
    assert "jobs.view" in response.text
    assert "stock.adjust" in response.text


def test_a_change_that_does_not_fit_is_shown_again(as_admin: FlaskClient, role: Role) -> None:
    response = as_admin.post(f"/roles/{role.id}", data=filled(name=""), headers=HTMX)

    assert response.status_code == 422
    assert "Edit the role Packers" in response.text


def test_a_permission_beyond_ones_own_is_refused_in_the_form(
    sign_in: SignIn, role: Role
) -> None:
    client = sign_in("users.edit", "stock.view")

    for address in ("/roles", f"/roles/{role.id}"):
        response = client.post(address, data=filled("stock.adjust", version="1"))
        assert response.status_code == 422
        assert "permissions that you do not have yourself" in response.text


def test_a_role_that_nobody_has_is_deleted(
    as_admin: FlaskClient, role: Role, session: Session
) -> None:
    response = as_admin.post(f"/roles/{role.id}/delete")

    assert response.location == "/roles"
    assert named(session, "Packers") is None


def test_a_role_in_use_is_not_deleted(as_admin: FlaskClient, role: Role) -> None:
    UserFactory.create(role=role)

    response = as_admin.post(f"/roles/{role.id}/delete")

    assert response.status_code == 409
    assert "Give them another one first." in response.text
    assert f"/roles/{role.id}/delete" not in as_admin.get(f"/roles/{role.id}").text


def test_those_who_may_not_see_roles_see_none(sign_in: SignIn, role: Role) -> None:
    client = sign_in("stock.view")

    for path in ("", f"/{role.id}", "/new", f"/{role.id}/edit"):
        assert client.get(f"/roles{path}").status_code == 403


def test_those_who_may_only_look_change_nothing(sign_in: SignIn, role: Role) -> None:
    client = sign_in("users.view")

    assert client.get(f"/roles/{role.id}").status_code == 200
    for path in ("/new", f"/{role.id}/edit"):
        assert client.get(f"/roles{path}").status_code == 403
    for path in ("", f"/{role.id}", f"/{role.id}/delete"):
        assert client.post(f"/roles{path}", data=filled()).status_code == 403
    assert "Duplicate" not in client.get(f"/roles/{role.id}").text


def test_the_role_that_holds_everything_offers_no_form(
    as_admin: FlaskClient, session: Session
) -> None:
    built_in = named(session, "admin")
    assert built_in is not None

    response = as_admin.get(f"/roles/{built_in.id}/edit")

    assert response.status_code == 409
    assert "cannot be changed" in response.text
