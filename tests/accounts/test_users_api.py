"""Users for programs, and who may call what."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import services
from app.accounts.models import User
from app.core.idempotency import IdempotentResponse
from tests.accounts.conftest import PASSWORD, Bearer
from tests.conftest import SignIn
from tests.factories import RoleFactory, UserFactory

USERS, ROLES, TOKENS = "/api/v1/users", "/api/v1/roles", "/api/v1/auth/tokens"
EDITOR = ("users.view", "users.edit", "stock.view")


@pytest.fixture
def as_boss(bearer: Bearer, admin: User) -> dict[str, str]:
    return bearer(user=admin)


def kim(**changes: Any) -> dict[str, Any]:
    given = {"username": "kim", "email": "kim@example.com", "name": "Kim"}
    return given | {"password": PASSWORD} | changes


def test_users_are_listed_with_paging_filters_and_order(
    client: FlaskClient, bearer: Bearer
) -> None:
    headers = bearer("users.view")
    for name in ("Ann", "Bob", "Cem"):
        UserFactory.create(name=name, email=f"{name}@seek.example")

    response = client.get(f"{USERS}?search=seek&sort=-name&per_page=2", headers=headers)

    assert response.json is not None
    assert [user["name"] for user in response.json["items"]] == ["Cem", "Bob"]
    assert (response.json["total"], response.json["page"]) == (3, 1)
    assert "password" not in response.text


@pytest.mark.parametrize("query", ["state=x", "sort=password_hash", "per_page=201", "page=0"])
def test_a_list_asked_for_wrongly_is_refused(
    client: FlaskClient, bearer: Bearer, query: str
) -> None:
    assert client.get(f"{USERS}?{query}", headers=bearer("users.view")).status_code == 422


def test_a_longer_list_takes_no_more_queries(
    client: FlaskClient, bearer: Bearer, queries: list[str]
) -> None:
    headers = bearer("users.view")
    for _ in range(20):
        UserFactory.create()
    queries.clear()

    client.get(USERS, headers=headers)

    assert len(queries) == 1  # the page: it holds all there are, so nothing is counted


def test_a_user_is_made_shown_changed_and_deactivated(
    client: FlaskClient, bearer: Bearer, admin: User
) -> None:
    headers = bearer(user=admin)

    made = client.post(USERS, json=kim(role="manager"), headers=headers)
    here = made.headers["Location"]
    changed = client.put(here, json={"name": "Kim Doe", "version": 1}, headers=headers)
    deleted = client.delete(here, headers=headers)
    shown = client.get(here, headers=headers)

    assert [r.status_code for r in (made, changed, deleted, shown)] == [201, 200, 204, 200]
    assert changed.json is not None
    assert (changed.json["name"], changed.json["role"]) == ("Kim Doe", "manager")
    assert shown.json is not None
    assert (shown.json["is_active"], shown.json["version"]) == (False, 3)


def test_a_waiting_user_is_let_in(client: FlaskClient, bearer: Bearer, admin: User) -> None:
    user = UserFactory.create(is_active=False, is_waiting=True)

    response = client.put(
        f"{USERS}/{user.id}", json={"is_active": True}, headers=bearer(user=admin)
    )

    assert response.json is not None
    assert (response.json["is_active"], response.json["is_waiting"]) == (True, False)


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"username": "ROBIN"}, 409, "username"),
        ({"email": "no"}, 422, "email"),
        ({"password": "short"}, 422, "password"),
        ({"role": "king"}, 422, "role"),
        ({"is_admin": True}, 422, "is_admin"),
        ({"name": 5}, 422, "name"),
    ],
)
def test_a_user_that_does_not_fit_is_refused(
    client: FlaskClient,
    as_boss: dict[str, str],
    robin: User,
    changes: dict[str, Any],
    status: int,
    field: str,
) -> None:
    response = client.post(USERS, json=kim(**changes), headers=as_boss)

    assert response.status_code == status
    assert response.json is not None
    assert list(response.json["fields"]) == [field]
    assert PASSWORD not in response.text


@pytest.mark.parametrize("how", ["body", "header"])
def test_a_stale_version_shows_both_values(
    client: FlaskClient, bearer: Bearer, admin: User, robin: User, how: str
) -> None:
    services.revise_user(robin.id, by=None, name="Theirs")
    headers = bearer(user=admin) | ({"If-Match": '"1"'} if how == "header" else {})
    body = {"name": "Mine"} | ({"version": 1} if how == "body" else {})

    response = client.put(f"{USERS}/{robin.id}", json=body, headers=headers)

    assert response.status_code == 409
    assert response.json is not None
    assert response.json["code"] == "stale_version"
    assert "Theirs" in response.json["fields"]["name"][0]
    assert "Mine" in response.json["fields"]["name"][0]


def test_the_same_key_makes_one_user(
    client: FlaskClient, bearer: Bearer, admin: User, session: Session
) -> None:
    headers = bearer(user=admin) | {"Idempotency-Key": "1"}

    first = client.post(USERS, json=kim(), headers=headers)
    second = client.post(USERS, json=kim(), headers=headers)
    other = client.post(USERS, json=kim(name="Lee"), headers=headers)

    assert (first.status_code, first.json) == (201, second.json)
    assert (second.status_code, other.status_code) == (201, 409)
    kept = session.scalars(select(IdempotentResponse.body)).one()
    assert PASSWORD not in kept


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("post", USERS, kim(role="admin")),
        ("put", USERS + "/{robin}", {"role": "admin"}),
        ("put", USERS + "/{boss}", {"email": "mine@example.com"}),
        ("delete", USERS + "/{boss}", None),
        ("delete", USERS + "/{boss}/sessions", None),
        ("post", ROLES, {"name": "x", "permissions": ["settings.edit"]}),
        ("put", ROLES + "/{own_role}", {"permissions": [*EDITOR, "settings.edit"]}),
        ("put", ROLES + "/{higher_role}", {"permissions": []}),
        ("delete", ROLES + "/{higher_role}", None),
    ],
)
def test_no_call_is_a_way_up(
    client: FlaskClient, bearer: Bearer, method: str, path: str, body: Any
) -> None:
    me = UserFactory.create(role=RoleFactory.create(permissions=list(EDITOR)))
    boss = UserFactory.create(role=RoleFactory.create(permissions=[*EDITOR, "jobs.view"]))
    address = path.format(
        robin=UserFactory.create().id,
        boss=boss.id,
        own_role=me.role_id,
        higher_role=boss.role_id,
    )

    response = client.open(address, method=method, json=body, headers=bearer(user=me))

    assert response.status_code == 403
    assert response.json is not None
    assert response.json["code"] == "beyond_your_role"


def test_somebody_is_signed_out_everywhere(
    client: FlaskClient, as_boss: dict[str, str], bearer: Bearer
) -> None:
    user = UserFactory.create()
    theirs, named = bearer(user=user), services.create_token(user, name="till")
    kept = {"Authorization": f"Bearer {named}"}

    ended = client.delete(f"{USERS}/{user.id}/sessions", headers=as_boss)

    me = "/api/v1/auth/me"
    assert ended.status_code == 204
    assert [client.get(me, headers=each).status_code for each in (theirs, kept)] == [401, 200]
    assert client.delete(f"{USERS}/0/sessions", headers=as_boss).status_code == 404
    assert client.delete(f"{USERS}/{user.id}/sessions", headers=kept).status_code == 403


def test_nobody_gives_themselves_another_role(client: FlaskClient, bearer: Bearer) -> None:
    me = UserFactory.create(role=RoleFactory.create(permissions=list(EDITOR)))

    response = client.put(f"{USERS}/{me.id}", json={"role": "admin"}, headers=bearer(user=me))

    assert response.status_code == 409
    assert response.json is not None
    assert response.json["code"] == "own_account"


@pytest.mark.parametrize(
    ("method", "body"),
    [("delete", None), ("put", {"is_active": False}), ("put", {"role": "user"})],
)
def test_nobody_locks_themselves_out(
    client: FlaskClient, bearer: Bearer, admin: User, method: str, body: Any
) -> None:
    address = f"{USERS}/{admin.id}"

    response = client.open(address, method=method, json=body, headers=bearer(user=admin))

    assert response.status_code == 409


def test_a_changed_role_of_a_person_ends_their_sessions(
    client: FlaskClient, bearer: Bearer, admin: User, robin: User
) -> None:
    theirs = bearer(user=robin)
    body = {"role": "manager"}

    client.put(f"{USERS}/{robin.id}", json=body, headers=bearer(user=admin))

    assert client.get("/api/v1/auth/me", headers=theirs).status_code == 401


@pytest.mark.parametrize("path", [USERS, ROLES])
def test_what_is_not_there_is_not_found(
    client: FlaskClient, bearer: Bearer, admin: User, path: str
) -> None:
    headers = bearer(user=admin)

    assert client.get(f"{path}/0", headers=headers).status_code == 404
    assert client.put(f"{path}/0", json={}, headers=headers).status_code == 404
    assert client.delete(f"{path}/0", headers=headers).status_code == 404


@pytest.mark.parametrize("path", [USERS, ROLES])
def test_each_call_needs_its_permission(
    client: FlaskClient, bearer: Bearer, robin: User, path: str
) -> None:
    nothing, looking = bearer("stock.view"), bearer("users.view")
    here = f"{path}/{robin.id if path == USERS else robin.role_id}"

    assert client.get(path).status_code == 401
    for address in (path, here):
        assert client.get(address, headers=nothing).status_code == 403
        assert client.get(address, headers=looking).status_code == 200
    assert client.post(path, json={}, headers=looking).status_code == 403
    assert client.put(here, json={}, headers=looking).status_code == 403
    assert client.delete(here, headers=looking).status_code == 403


def test_a_browser_session_only_reads(sign_in: SignIn, session: Session) -> None:
    browser = sign_in("users.view", "users.edit")

    assert browser.get(USERS).status_code == 200
    assert browser.post(USERS, json=kim()).status_code == 401
    assert browser.post(TOKENS, json={"name": "x"}).status_code == 401


def test_the_document_describes_every_call(client: FlaskClient, bearer: Bearer) -> None:
    document = client.get("/api/openapi.json", headers=bearer()).json

    assert document is not None
    described = {path for path in document["paths"] if "auth" in path or "users" in path}
    assert "/api/v1/auth/login" in described
    assert "/api/v1/users/{user_id}" in described


def test_an_administrator_makes_a_new_password_that_has_to_be_changed(
    client: FlaskClient,
    as_boss: dict[str, str],
    admin: User,
    robin: User,
    bearer: Bearer,
    session: Session,
) -> None:
    theirs, at = bearer(user=robin), f"{USERS}/{robin.id}/passwords"
    named = {"Authorization": f"Bearer {services.create_token(admin, name='script')}"}

    assert client.post(at, headers=named).status_code == 403
    made: Any = client.post(at, headers=as_boss)

    assert made.status_code == 201
    session.refresh(robin)
    assert robin.has_password(made.json["password"])
    assert robin.must_change_password
    assert client.get("/api/v1/auth/me", headers=theirs).status_code == 401
    own = client.post(f"{USERS}/{admin.id}/passwords", headers=as_boss)
    assert (own.status_code, own.json["code"]) == (409, "own_account")  # type: ignore[index]
    lesser = bearer("users.edit")
    assert client.post(f"{USERS}/{admin.id}/passwords", headers=lesser).status_code == 403
