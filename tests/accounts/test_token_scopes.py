"""What a named token may do, how long, how many there are, and what ends them."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts import services
from app.accounts.models import User
from app.core.errors import Invalid
from app.core.settings import set_settings
from tests.accounts.conftest import PASSWORD, Bearer, status_of

TOKENS = "/api/v1/auth/tokens"
NEW = "a new long password"


def bearing(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_a_token_does_only_what_its_scopes_say(client: FlaskClient, admin: User) -> None:
    issued = services.issue_token(admin, name="reader", scopes=["stock.view"])
    headers = bearing(issued.secret)

    me = client.get("/api/v1/auth/me", headers=headers)

    assert (me.json or {})["permissions"] == ["stock.view"]
    assert client.get("/api/v1/inventory", headers=headers).status_code == 200
    assert client.get("/api/v1/users", headers=headers).status_code == 403


def test_a_token_is_no_way_around_its_scopes(client: FlaskClient, admin: User) -> None:
    issued = services.issue_token(admin, name="users", scopes=["users.edit", "users.view"])
    given = {"username": "kim", "email": "kim@example.com", "name": "Kim", "role": "admin"}

    answer = client.post(
        "/api/v1/users", json=given | {"password": PASSWORD}, headers=bearing(issued.secret)
    )

    assert (answer.status_code, (answer.json or {})["code"]) == (403, "beyond_your_role")


def test_a_scope_that_its_owner_loses_is_lost(
    client: FlaskClient, robin: User, session: Session
) -> None:
    secret = services.issue_token(robin, name="reader", scopes=["stock.view"]).secret
    robin.role.permissions = ["products.view"]
    session.commit()

    assert client.get("/api/v1/inventory", headers=bearing(secret)).status_code == 403


def test_nobody_gives_a_token_what_they_may_not_do(robin: User) -> None:
    with pytest.raises(Invalid, match=r"users\.edit"):
        services.issue_token(robin, name="reader", scopes=["stock.view", "users.edit"])


def test_scopes_are_ticked_on_the_page(mine: FlaskClient) -> None:
    form = mine.get("/account/tokens/new").text
    assert 'value="stock.view"' in form
    assert 'value="users.edit"' not in form

    mine.post("/account/tokens", data={"name": "reader", "scopes": ["stock.view"]})

    assert 'title="stock.view"' in mine.get("/account").text


def test_programs_say_scopes_too(client: FlaskClient, bearer: Bearer, robin: User) -> None:
    headers = bearer(user=robin)

    made = client.post(TOKENS, json={"name": "x", "scopes": ["stock.view"]}, headers=headers)
    refused = client.post(TOKENS, json={"name": "x", "scopes": ["no.such"]}, headers=headers)

    assert (made.json or {})["scopes"] == ["stock.view"]
    assert refused.status_code == 422


def test_a_token_ends_at_the_latest_when_the_settings_say(robin: User) -> None:
    set_settings(token_days=30)

    token = services.issue_token(robin, name="till").token

    assert token.expires_at is not None
    assert timedelta(days=29) < token.expires_at - datetime.now(UTC) <= timedelta(days=30)
    with pytest.raises(Invalid, match="at most 30 days"):
        services.issue_token(
            robin, name="till", expires_at=datetime.now(UTC) + timedelta(days=32)
        )


def test_a_person_has_only_so_many(robin: User, session: Session) -> None:
    set_settings(tokens_per_person=2)
    old = services.issue_token(robin, name="old").token
    services.issue_token(robin, name="other")

    with pytest.raises(services.TooManyTokens):
        services.issue_token(robin, name="third")

    old.expires_at = datetime.now(UTC) - timedelta(days=1)
    session.commit()
    assert services.issue_token(robin, name="third")


def test_a_reset_by_an_administrator_ends_tokens(app: Flask, robin: User, admin: User) -> None:
    secret = services.create_token(robin, name="till")

    services.reset_password(robin.id, by=admin)

    assert status_of(app, secret) == 401


def test_a_deactivation_ends_tokens_for_good(app: Flask, robin: User, admin: User) -> None:
    secret = services.create_token(robin, name="till")

    services.deactivate_user(robin.id, by=admin)
    services.activate_user(robin.id, by=admin)

    assert status_of(app, secret) == 401


def test_ones_own_new_password_leaves_tokens(app: Flask, robin: User) -> None:
    secret = services.create_token(robin, name="till")

    services.change_password(robin, current=PASSWORD, password=NEW)

    assert status_of(app, secret) == 200


@pytest.mark.parametrize("path", ["/account", "/account/tokens/new", "/account/password/edit"])
def test_a_named_token_opens_no_page_of_the_account(
    client: FlaskClient, robin: User, path: str
) -> None:
    secret = services.create_token(robin, name="till")

    assert client.get(path, headers=bearing(secret)).status_code == 403
