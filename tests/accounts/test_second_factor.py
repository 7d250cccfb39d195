"""A second factor: set up, asked for at each sign-in, lost, required by a role."""

import re
from datetime import UTC, datetime
from typing import Any

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.accounts import services
from app.accounts.models import RecoveryCode, User
from app.accounts.services import attempts
from tests.accounts.conftest import PASSWORD, Bearer, credentials, status_of
from tests.conftest import client_of

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105
STEP = "/session/second-step"
LOGIN = "/api/v1/auth/login"
NEW = "a new long password"
SEALED = re.compile(r'name="secret"[^>]*value="([^"]+)"')
CODE = re.compile(r"<code>([A-Z2-7-]{29})</code>")


def now(steps: int = 0) -> str:
    """What the app shows, so many steps from now."""
    app = pyotp.TOTP(SECRET)
    return app.at(datetime.now(UTC), counter_offset=steps)


@pytest.fixture
def codes(robin: User) -> list[str]:
    """Robin has an app, and these recovery codes."""
    return services.add_app(robin, secret=SECRET, code=now(-1), current=PASSWORD)


def first_step(app: Flask, **changes: Any) -> FlaskClient:
    client = app.test_client()
    answer = client.post("/session?next=/account", data=credentials(**changes))
    assert answer.location == f"{STEP}/new?next=/account"
    return client


def second_step(client: FlaskClient, code: str) -> int:
    return client.post(f"{STEP}?next=/account", data={"code": code}).status_code


def test_an_app_is_set_up_with_a_code_of_it_and_the_password(
    mine: FlaskClient, robin: User, session: Session
) -> None:
    page = mine.get("/account/second-factors/authenticator/new").text
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    sealed = SEALED.search(page)
    assert secret
    assert sealed
    assert "<svg" in page
    data = {"secret": sealed[1], "code": pyotp.TOTP(secret[1]).now(), "current": PASSWORD}

    refused = [
        mine.post("/account/second-factors/authenticator", data=data | wrong).status_code
        for wrong in ({"code": "000000"}, {"current": "wrong"}, {"secret": "x"})
    ]
    answer = mine.post("/account/second-factors/authenticator", data=data)

    assert refused == [422, 422, 422]
    assert len(set(CODE.findall(answer.text))) == 10
    assert mine.get("/account").status_code == 200
    assert (
        secret[1] not in session.execute(text("SELECT secret FROM second_factor")).scalar_one()
    )


def test_the_first_one_signs_out_everywhere_else(
    app: Flask, mine: FlaskClient, robin: User
) -> None:
    services.add_app(robin, secret=SECRET, code=now(), current=PASSWORD)

    assert mine.get("/account").status_code == 303


@pytest.mark.usefixtures("codes")
def test_the_password_alone_opens_nothing(app: Flask) -> None:
    client = first_step(app)

    assert client.get("/account").status_code == 303
    assert second_step(client, "000000") == 422
    assert client.get("/account").status_code == 303
    assert second_step(client, now()) == 303
    assert client.get("/account").status_code == 200


@pytest.mark.usefixtures("codes")
def test_a_code_works_once(app: Flask) -> None:
    code = now()

    assert second_step(first_step(app), code) == 303
    assert second_step(first_step(app), code) == 422


def test_a_recovery_code_works_once(app: Flask, codes: list[str], session: Session) -> None:
    typed = codes[3].lower().replace("-", " ")

    assert second_step(first_step(app), typed) == 303
    assert second_step(first_step(app), typed) == 422
    assert codes[3] not in str(session.execute(select(RecoveryCode.__table__)).all())


@pytest.mark.usefixtures("codes")
def test_codes_cannot_be_guessed(app: Flask) -> None:
    client = first_step(app)
    for _ in range(attempts.PER_NAME_AND_PLACE):
        assert second_step(client, "000000") == 422

    answer = first_step(app).post(STEP, data={"code": now()})

    assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)


@pytest.mark.usefixtures("codes")
def test_the_first_step_is_void_once_it_has_served_or_the_password_is_new(
    app: Flask, robin: User
) -> None:
    client = first_step(app)
    kept = client.get_cookie("session")
    assert kept is not None
    assert second_step(client, now()) == 303
    thief = app.test_client()
    thief.set_cookie("session", kept.value)
    assert thief.get(f"{STEP}/new").location == "/session/new"

    waiting = first_step(app)
    services.change_password(robin, current=PASSWORD, password=NEW)

    assert waiting.post(STEP, data={"code": now(1)}).location == "/session/new"


def test_a_program_gets_tokens_only_with_a_code(
    app: Flask, client: FlaskClient, codes: list[str]
) -> None:
    given = {"username": "robin", "password": PASSWORD}

    heard = [client.post(LOGIN, json=given | more) for more in ({}, {"code": "1"})]
    granted = client.post(LOGIN, json=given | {"code": now()}).json
    older = client.post("/api/auth/login", json=given)

    assert [(one.status_code, (one.json or {})["code"]) for one in (*heard, older)] == [
        (401, "second_factor_needed"),
        (401, "wrong_code"),
        (401, "second_factor_needed"),
    ]
    assert granted is not None
    assert status_of(app, granted["access_token"]) == 200
    assert client.post("/api/auth/login", json=given | {"code": codes[0]}).status_code == 200


def test_a_role_that_wants_one_holds_its_people_until_they_have_it(
    app: Flask, client: FlaskClient, mine: FlaskClient, robin: User, bearer: Bearer
) -> None:
    services.revise_role(robin.role_id, by=None, needs_second_factor=True)
    setup = "/account/second-factors/authenticator/new"

    assert mine.get("/stock").location == setup
    assert mine.get(setup).status_code == 200
    program = client.get("/api/v1/inventory", headers=bearer(user=robin))
    assert (program.status_code, (program.json or {})["code"]) == (
        403,
        "second_factor_must_be_set_up",
    )
    services.add_app(robin, secret=SECRET, code=now(-1), current=PASSWORD)
    fresh = first_step(app)
    assert second_step(fresh, now()) == 303
    assert fresh.get("/stock").status_code == 200


def test_even_the_role_admin_is_made_to_have_one(as_admin: FlaskClient, admin: User) -> None:
    answer = as_admin.post(f"/roles/{admin.role_id}/second-factor")

    assert answer.status_code == 303
    assert as_admin.get("/stock").location == "/account/second-factors/authenticator/new"


@pytest.mark.usefixtures("codes")
@pytest.mark.parametrize("way", ["page", "program"])
def test_an_administrator_resets_what_is_lost(
    app: Flask, as_admin: FlaskClient, admin: User, robin: User, session: Session, way: str
) -> None:
    token = services.create_token(robin, name="till")

    if way == "page":
        as_admin.post(f"/users/{robin.id}/second-factor/delete")
    else:
        headers = {"Authorization": f"Bearer {services.create_token(admin, name='x')}"}
        as_admin.delete(f"/api/v1/users/{robin.id}/second-factor", headers=headers)

    client = app.test_client()
    assert client.post("/session?next=/account", data=credentials()).location == "/account"
    assert status_of(app, token) == 401
    assert session.scalars(select(RecoveryCode)).all() == []


@pytest.mark.usefixtures("codes")
def test_nobody_resets_their_own_or_that_of_somebody_who_may_do_more(
    app: Flask, robin: User, admin: User, session: Session
) -> None:
    robin.role.permissions = ["users.edit", "users.view"]
    session.commit()

    with pytest.raises(services.OwnAccount):
        services.reset_second_factor(robin.id, by=robin)
    with pytest.raises(services.BeyondYourRole):
        services.reset_second_factor(admin.id, by=robin)


@pytest.mark.usefixtures("codes")
def test_one_is_removed_with_the_password_alone(
    app: Flask, robin: User, session: Session
) -> None:
    client, (factor,) = client_of(app, robin), services.factors_of(robin.id)
    path = f"/account/second-factors/{factor.id}/removal"

    assert client.post(path, data={"current": "wrong"}).status_code == 422
    assert client.post(path, data={"current": PASSWORD}).status_code == 303
    session.refresh(robin)
    assert robin.second_factor_at is None


def test_new_recovery_codes_void_the_old_ones(
    app: Flask, robin: User, codes: list[str]
) -> None:
    client = client_of(app, robin)

    page = client.post("/account/second-factors/recovery-codes", data={"current": PASSWORD})

    assert second_step(first_step(app), codes[0]) == 422
    assert second_step(first_step(app), CODE.findall(page.text)[0]) == 303


@pytest.mark.usefixtures("codes")
def test_what_no_passkey_of_theirs_has_signed_is_refused(app: Flask, robin: User) -> None:
    client = first_step(app)
    credential = '{"id": "eA", "rawId": "eA", "type": "public-key", "response": {}}'

    answers = [
        client.post(STEP, data={"credential": given}).status_code
        for given in (credential, "{}", "no JSON", '"x"', "[1]")
    ]

    assert answers == [422] * 5


def test_a_secret_that_took_too_long_is_asked_for_anew(app: Flask, session: Session) -> None:
    assert app.test_client().post(STEP, data={"code": "1"}).location == "/session/new"
    assert app.test_client().get(f"{STEP}/new").location == "/session/new"
