"""ProductMatch tokens for programs."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import services
from app.accounts.models import ApiToken, User
from app.core.idempotency import IdempotentResponse
from tests.accounts.conftest import Bearer

TOKENS = "/api/v1/auth/tokens"


def test_a_named_token_is_made_listed_and_revoked(
    client: FlaskClient, bearer: Bearer, robin: User, session: Session
) -> None:
    headers = bearer(user=robin)
    end = (datetime.now(UTC) + timedelta(days=1)).isoformat()

    made = client.post(TOKENS, json={"name": "till", "expires_at": end}, headers=headers)
    assert made.json is not None
    with_it = {"Authorization": f"Bearer {made.json['token']}"}
    works = client.get(TOKENS, headers=with_it)
    revoked = client.delete(f"{TOKENS}/{made.json['id']}", headers=headers)
    dead = client.get(TOKENS, headers=with_it)

    codes = [r.status_code for r in (made, works, revoked, dead)]
    assert codes == [201, 200, 204, 401]
    assert works.json is not None
    assert [token["name"] for token in works.json["items"]] == ["till"]
    assert made.json["token"] not in works.text


@pytest.mark.parametrize(
    "body", [{}, {"name": " "}, {"name": "x", "expires_at": "2020-01-01T00:00:00Z"}]
)
def test_a_named_token_that_does_not_fit_is_refused(
    client: FlaskClient, bearer: Bearer, robin: User, body: dict[str, str]
) -> None:
    assert client.post(TOKENS, json=body, headers=bearer(user=robin)).status_code == 422


def test_a_secret_is_not_kept_with_the_answers(
    client: FlaskClient, bearer: Bearer, robin: User, session: Session
) -> None:
    headers = bearer(user=robin) | {"Idempotency-Key": "1"}

    client.post(TOKENS, json={"name": "till"}, headers=headers)

    assert session.scalar(select(func.count()).select_from(IdempotentResponse)) == 0


def test_a_named_token_makes_no_other(client: FlaskClient, robin: User) -> None:
    headers = {"Authorization": f"Bearer {services.create_token(robin, name='till')}"}

    assert client.post(TOKENS, json={"name": "more"}, headers=headers).status_code == 403


def test_nobody_revokes_the_token_of_another(
    client: FlaskClient, bearer: Bearer, robin: User, admin: User, session: Session
) -> None:
    token = services.issue_token(admin, name="till").token

    response = client.delete(f"{TOKENS}/{token.id}", headers=bearer(user=robin))

    assert response.status_code == 404
    assert session.scalars(select(ApiToken.revoked_at)).one() is None
