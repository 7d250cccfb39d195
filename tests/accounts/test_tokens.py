"""My named tokens."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import services
from app.accounts.models import ApiToken, User

HTMX = {"HX-Request": "true"}
SECRET = re.compile(r"<code>([\w-]{32})</code>")
ME = "/api/v1/auth/me"


def test_a_token_is_shown_once_and_works(
    app: Flask, mine: FlaskClient, robin: User, session: Session
) -> None:
    page = mine.post("/account/tokens", data={"name": "Label printer"})

    secret = SECRET.search(page.text)
    assert secret
    headers = {"Authorization": f"Bearer {secret[1]}"}
    assert app.test_client().get(ME, headers=headers).status_code == 200
    account = mine.get("/account").text
    assert "Label printer" in account
    assert secret[1] not in account
    assert secret[1] not in str(session.execute(select(ApiToken.__table__)).all())


def test_a_revoked_token_is_dead_at_once(app: Flask, mine: FlaskClient, robin: User) -> None:
    issued = services.issue_token(robin, name="till")

    response = mine.post(f"/account/tokens/{issued.token.id}/delete", headers=HTMX)

    headers = {"Authorization": f"Bearer {issued.secret}"}
    assert response.status_code == 204
    assert app.test_client().get(ME, headers=headers).status_code == 401
    assert "till" not in mine.get("/account").text


def test_nobody_revokes_the_token_of_another(mine: FlaskClient, admin: User) -> None:
    issued = services.issue_token(admin, name="till")

    assert mine.post(f"/account/tokens/{issued.token.id}/delete").status_code == 404


def test_a_token_lasts_through_its_last_day(
    mine: FlaskClient, robin: User, session: Session
) -> None:
    robin.time_zone = "America/New_York"
    session.commit()

    last_day = (datetime.now(UTC) + timedelta(days=30)).date()

    mine.post("/account/tokens", data={"name": "till", "expires_at": last_day.isoformat()})

    token = session.scalars(select(ApiToken)).one()
    assert token.expires_at
    end = token.expires_at.astimezone(ZoneInfo("America/New_York"))
    assert (end.date(), end.hour) == (last_day, 23)


@pytest.mark.parametrize(
    "data",
    [{"name": ""}, {"name": " "}, {"name": "x", "expires_at": "2020-01-01"}],
)
def test_a_token_that_does_not_fit_is_refused(mine: FlaskClient, data: dict[str, str]) -> None:
    assert mine.post("/account/tokens", data=data, headers=HTMX).status_code == 422


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"expires_at": datetime.now(UTC) - timedelta(days=1)}, id="expired"),
        pytest.param({"revoked_at": datetime.now(UTC)}, id="revoked"),
    ],
)
def test_a_token_that_has_ended_opens_nothing(
    app: Flask, robin: User, session: Session, change: dict[str, Any]
) -> None:
    secret = services.create_token(robin, name="till")
    session.execute(update(ApiToken).values(change))
    session.commit()

    headers = {"Authorization": f"Bearer {secret}"}
    assert app.test_client().get(ME, headers=headers).status_code == 401


def test_the_last_use_of_a_token_is_noted_once_a_minute(
    app: Flask, robin: User, session: Session, queries: list[str]
) -> None:
    issued = services.issue_token(robin, name="till")
    headers = {"Authorization": f"Bearer {issued.secret}"}
    client = app.test_client()

    client.get(ME, headers=headers)
    session.refresh(issued.token)
    first = issued.token.last_used_at
    assert first
    recently = first - timedelta(seconds=50)
    session.execute(update(ApiToken).values(last_used_at=recently))
    session.commit()
    client.get(ME, headers=headers)
    session.refresh(issued.token)

    assert issued.token.last_used_at == recently
