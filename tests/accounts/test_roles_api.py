"""Roles for programs."""

from flask.testing import FlaskClient

from app.accounts import services
from app.accounts.models import User
from tests.accounts.conftest import Bearer

ROLES = "/api/v1/roles"


def test_a_role_is_made_shown_changed_and_deleted(
    client: FlaskClient, bearer: Bearer, admin: User
) -> None:
    headers = bearer(user=admin)
    body = {"name": "Night", "permissions": ["stock.view"]}

    made = client.post(ROLES, json=body, headers=headers)
    here = made.headers["Location"]
    changed = client.put(here, json={"permissions": ["stock.adjust"]}, headers=headers)
    shown = client.get(here, headers=headers)
    deleted = client.delete(here, headers=headers)
    gone = client.get(here, headers=headers)

    codes = [r.status_code for r in (made, changed, shown, deleted, gone)]
    assert codes == [201, 200, 200, 204, 404]
    assert shown.json is not None
    assert (shown.json["permissions"], shown.json["version"]) == (["stock.adjust"], 2)


def test_roles_are_listed(client: FlaskClient, bearer: Bearer) -> None:
    response = client.get(f"{ROLES}?search=ware", headers=bearer("users.view"))

    assert response.json is not None
    assert [role["name"] for role in response.json["items"]] == ["warehouse"]
    assert response.json["total"] == 1


def test_a_role_in_use_is_not_deleted(
    client: FlaskClient, bearer: Bearer, admin: User, robin: User
) -> None:
    response = client.delete(f"{ROLES}/{robin.role_id}", headers=bearer(user=admin))

    assert response.status_code == 409
    assert response.json is not None
    assert response.json["code"] == "role_in_use"


def test_a_stale_role_shows_both_values(
    client: FlaskClient, bearer: Bearer, admin: User, robin: User
) -> None:
    services.revise_role(robin.role_id, by=None, description="theirs")

    response = client.put(
        f"{ROLES}/{robin.role_id}",
        json={"description": "mine", "version": 1},
        headers=bearer(user=admin),
    )

    assert response.status_code == 409
    assert response.json is not None
    assert "theirs" in str(response.json["fields"]["description"])
