"""The pages of users, for browsers and for htmx."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts import services
from app.accounts.models import User
from tests.accounts.conftest import PASSWORD
from tests.conftest import SignIn
from tests.factories import RoleFactory, UserFactory

HTMX = {"HX-Request": "true"}
SECRET = re.compile(r"<code>([\w-]{32})</code>")


def filled(**changes: str) -> dict[str, str]:
    given = {"username": "kim", "name": "Kim", "email": "kim@example.com"}
    return given | {"role": "user", "time_zone": "UTC"} | changes


def test_the_list_shows_people_with_role_and_state(as_admin: FlaskClient) -> None:
    UserFactory.create(name="Kim", is_active=False, is_waiting=True)

    response = as_admin.get("/users")

    assert response.status_code == 200
    assert "<html" in response.text
    assert "Kim" in response.text
    assert "Waiting for approval" in response.text


def test_a_search_from_htmx_receives_only_the_results(as_admin: FlaskClient) -> None:
    UserFactory.create(name="Kim")
    UserFactory.create(name="Lee")

    response = as_admin.get("/users?search=kim", headers=HTMX)

    assert "<html" not in response.text
    assert "Kim" in response.text
    assert "Lee" not in response.text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?search=KIM%40example", {"Kim"}),
        ("?search=under_score", {"Lee"}),
        ("?search=under%25", set()),
        ("?role=Packers", {"Lee"}),
        ("?state=inactive", {"Kim"}),
        ("?state=waiting", {"Uma"}),
        ("?state=active&search=e", {"Lee"}),
        ("?state=nonsense&search=example", {"Kim", "Lee", "Uma"}),
    ],
)
def test_filters_narrow_the_list(as_admin: FlaskClient, query: str, shown: set[str]) -> None:
    packers = RoleFactory.create(name="Packers")
    UserFactory.create(name="Kim", email="kim@example.org", is_active=False)
    UserFactory.create(name="Kim", email="kim@example.com", is_active=False)
    UserFactory.create(name="Lee", username="under_score", email="l@e.example", role=packers)
    UserFactory.create(name="Uma", is_active=False, is_waiting=True)

    page = as_admin.get(f"/users{query}", headers=HTMX).text

    assert {name for name in ("Kim", "Lee", "Uma") if f">{name}</a>" in page} == shown


@pytest.mark.parametrize("sort", ["username", "-name", "email", "role", "-signed_in"])
def test_the_list_sorts_by_every_column(as_admin: FlaskClient, sort: str) -> None:
    assert as_admin.get(f"/users?sort={sort}").status_code == 200


def test_a_longer_list_takes_no_more_queries(as_admin: FlaskClient, queries: list[str]) -> None:
    as_admin.get("/users")
    few = len(queries)
    for _ in range(60):
        UserFactory.create()
    queries.clear()

    as_admin.get("/users")

    assert len(queries) <= few + 1  # a list longer than its page is counted


def test_a_user_is_shown_with_history(as_admin: FlaskClient) -> None:
    user = services.create_user(
        "kim", email="kim@example.com", name="Kim", password=PASSWORD, by=None
    )

    page = as_admin.get(f"/users/{user.id}")

    assert page.status_code == 200
    assert "kim@example.com" in page.text
    assert "<dt>Role</dt>" in page.text
    assert "argon2" not in page.text
    assert "<html" not in as_admin.get(f"/users/{user.id}", headers=HTMX).text


def test_a_user_there_is_not_is_not_found(as_admin: FlaskClient) -> None:
    assert as_admin.get("/users/0").status_code == 404
    assert as_admin.post("/users/0", data=filled()).status_code == 404


def test_a_new_user_gets_a_password_that_is_shown_once(
    app: Flask, as_admin: FlaskClient, session: Session
) -> None:
    response = as_admin.post("/users", data=filled())

    password = SECRET.search(response.text)
    assert password
    signed_in = services.authenticate("kim", password=password[1])
    page = as_admin.get(f"/users/{signed_in.id}")
    assert password[1] not in page.text


def test_the_form_of_a_new_user_proposes_role_and_zone(as_admin: FlaskClient) -> None:
    response = as_admin.get("/users/new")

    assert response.status_code == 200
    assert '<option selected value="user">' in response.text
    assert '<option selected value="UTC">' in response.text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "This field is required."),
        ({"email": "kim"}, "This is not an e-mail address."),
        ({"username": "boss"}, "Somebody has this username."),
        ({"role": "king"}, "Not a valid choice."),
    ],
)
def test_a_new_user_that_does_not_fit_is_shown_again(
    as_admin: FlaskClient, changes: dict[str, str], message: str
) -> None:
    response = as_admin.post("/users", data=filled(**changes), headers=HTMX)

    assert response.status_code == 422
    assert message in response.text
    assert "<html" not in response.text


def test_a_role_beyond_ones_own_is_refused_in_the_form(sign_in: SignIn) -> None:
    response = sign_in("users.edit").post("/users", data=filled(role="admin"))

    assert response.status_code == 422
    assert "permissions that you do not have yourself" in response.text


def test_a_browser_returns_to_the_user_it_changed(
    as_admin: FlaskClient, robin: User, session: Session
) -> None:
    role = robin.role.name

    response = as_admin.post(f"/users/{robin.id}", data=filled(role=role, version="1"))

    assert (response.status_code, response.location) == (303, f"/users/{robin.id}")
    session.refresh(robin)
    assert (robin.username, robin.version) == ("kim", 2)


def test_htmx_hears_that_users_have_changed(as_admin: FlaskClient, robin: User) -> None:
    data = filled(role=robin.role.name, version="1")

    response = as_admin.post(f"/users/{robin.id}", data=data, headers=HTMX)

    assert response.status_code == 204
    assert "users:changed" in response.headers["HX-Trigger"]


def test_the_form_shows_the_user_as_they_are(as_admin: FlaskClient, robin: User) -> None:
    page = as_admin.get(f"/users/{robin.id}/edit").text

    assert 'value="robin@example.com"' in page
    assert f'<option selected value="{robin.role.name}">' in page


def test_a_change_that_does_not_fit_is_shown_again(as_admin: FlaskClient, robin: User) -> None:
    response = as_admin.post(f"/users/{robin.id}", data=filled(name=""), headers=HTMX)

    assert response.status_code == 422
    assert "Edit Robin" in response.text


def test_a_change_of_an_old_version_shows_both_values(
    as_admin: FlaskClient, robin: User
) -> None:
    services.revise_user(robin.id, by=None, name="Theirs")
    data = filled(name="Mine", role="manager", version="1")

    response = as_admin.post(f"/users/{robin.id}", data=data)

    assert response.status_code == 409
    assert "Theirs" in response.text
    assert "Mine" in response.text
    assert re.search(r'name="seen-version"[^>]*value="2"', response.text)


def test_an_administrator_activates_and_deactivates(
    as_admin: FlaskClient, robin: User, session: Session
) -> None:
    off = as_admin.post(f"/users/{robin.id}/activation/delete")
    session.refresh(robin)
    was_active = robin.is_active
    on = as_admin.post(f"/users/{robin.id}/activation", headers=HTMX)
    session.refresh(robin)

    assert (off.status_code, on.status_code) == (303, 204)
    assert (was_active, robin.is_active) == (False, True)


def test_the_page_of_somebody_waiting_offers_to_approve(
    as_admin: FlaskClient, robin: User, session: Session
) -> None:
    robin.is_active, robin.is_waiting = False, True
    session.commit()

    assert "Approve" in as_admin.get(f"/users/{robin.id}").text


def test_a_reset_password_is_shown_once(
    as_admin: FlaskClient, robin: User, session: Session
) -> None:
    response = as_admin.post(f"/users/{robin.id}/password")
    session.expire_all()

    password = SECRET.search(response.text)
    assert password
    assert services.authenticate("robin", password=password[1]) is robin


def test_signing_somebody_out_everywhere_ends_their_sessions(
    app: Flask, as_admin: FlaskClient, robin: User
) -> None:
    theirs = app.test_client()
    theirs.post("/session", data={"name": "robin", "password": PASSWORD})
    assert theirs.get("/account").status_code == 200

    response = as_admin.post(f"/users/{robin.id}/sessions/delete")

    assert response.status_code == 303
    assert theirs.get("/account").status_code == 303


def test_nobody_deactivates_themselves_by_the_page(
    as_admin: FlaskClient, admin: User, session: Session
) -> None:
    response = as_admin.post(f"/users/{admin.id}/activation/delete")

    assert response.status_code == 409
    assert "Nobody can deactivate themselves." in response.text
    assert "Deactivate" not in as_admin.get(f"/users/{admin.id}").text


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_an_editor_gets_at_nobody_who_may_do_more(
    sign_in: SignIn, admin: User, headers: dict[str, str]
) -> None:
    client = sign_in("users.view", "users.edit")

    for way in ("activation/delete", "password", "sessions/delete"):
        assert client.post(f"/users/{admin.id}/{way}", headers=headers).status_code == 403
    assert "Reset password" not in client.get(f"/users/{admin.id}").text
