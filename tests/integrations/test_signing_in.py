"""Letting us in: only the answer to what this person began, once."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.alerts import raise_alert
from app.integrations.hub.apps import oauth_connector, registration
from app.integrations.hub.auth import Registration
from app.integrations.hub.errors import ReconnectNeeded
from app.integrations.hub.models import Connection, SignInAttempt
from app.integrations.hub.queries import live_connections
from app.integrations.services.connecting import begin_sign_in, disconnect
from app.integrations.sync.models import SyncRun
from app.integrations.sync.services import start_sync
from tests.conftest import SignIn
from tests.integrations.conftest import Sync, work
from tests.integrations.test_tokens import secrets_of
from tests.standins.quickbooks import QuickBooks

TOKENS = "/oauth2/v1/tokens/bearer"
REVOKE = "/v2/oauth2/tokens/revoke"
SIGN_INS = "/connections/apps/quickbooks/sign-ins"


@pytest.fixture
def admin(sign_in: SignIn) -> FlaskClient:
    return sign_in("integrations.manage", "integrations.view")


def sent_to(client: FlaskClient) -> str:
    """Where the browser is sent."""
    answer = client.post(SIGN_INS)
    assert answer.status_code == 200
    return str(answer.headers["Refresh"].partition("url=")[2])


def consent(address: str) -> str:
    """Say yes at QuickBooks; gives the path and query of the way back."""
    answer = requests.post(address, data={"connect": ""}, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def test_a_person_lets_us_in_and_the_first_sync_begins(
    session: Session, registered: QuickBooks, admin: FlaskClient
) -> None:
    answer = admin.get(consent(sent_to(admin)))
    work()

    connection = session.scalars(select(Connection)).one()
    assert answer.headers["Location"] == f"/connections/{connection.id}"
    assert (connection.account, connection.state) == (registered.realm, "connected")
    run = session.scalars(select(SyncRun)).one()
    assert (run.mode, run.cause, run.state) == ("full", "connect", "succeeded")


def test_the_address_is_the_vendors_with_a_state_and_our_scope(
    registered: QuickBooks, admin: FlaskClient
) -> None:
    address = sent_to(admin)

    query = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{registered.url}/connect/oauth2?")
    assert query["scope"] == ["com.intuit.quickbooks.accounting"]
    assert query["redirect_uri"] == ["http://localhost/callback"]
    assert len(query["state"][0]) >= 32


def test_a_state_that_is_not_ours_is_refused(
    session: Session, registered: QuickBooks, admin: FlaskClient
) -> None:
    back = consent(sent_to(admin))
    wrong = back.replace("state=", "state=x")

    answer = admin.get(wrong)

    assert answer.status_code == 400
    assert session.scalars(select(Connection)).all() == []


def test_an_answer_is_taken_once(registered: QuickBooks, admin: FlaskClient) -> None:
    back = consent(sent_to(admin))
    admin.get(back)

    assert admin.get(back).status_code == 400


def test_an_answer_of_somebody_elses_sign_in_is_refused(
    registered: QuickBooks, admin: FlaskClient, sign_in: SignIn
) -> None:
    back = consent(sent_to(admin))

    assert sign_in("integrations.manage").get(back).status_code == 400


def test_an_answer_that_is_late_is_refused(
    session: Session, registered: QuickBooks, admin: FlaskClient
) -> None:
    back = consent(sent_to(admin))
    past = datetime.now(UTC) - timedelta(seconds=1)
    session.execute(update(SignInAttempt).values(expires_at=past))
    session.commit()

    assert admin.get(back).status_code == 400


@pytest.mark.parametrize("realm", ["", "../../etc", "12a", "١٢"])
def test_a_company_number_is_made_of_digits(
    registered: QuickBooks, admin: FlaskClient, realm: str
) -> None:
    back = consent(sent_to(admin)).replace(f"realmId={registered.realm}", f"realmId={realm}")

    assert admin.get(back).status_code == 400


def test_who_says_no_hears_that_nothing_was_connected(
    session: Session, admin: FlaskClient
) -> None:
    answer = admin.get("/callback?error=access_denied&state=x", follow_redirects=True)

    assert "nobody let us in" in answer.get_data(as_text=True)
    assert session.scalars(select(Connection)).all() == []


def test_a_code_that_quickbooks_does_not_know_connects_nothing(
    session: Session, registered: QuickBooks, admin: FlaskClient
) -> None:
    back = consent(sent_to(admin)).replace("code=", "code=x")

    answer = admin.get(back)

    assert answer.status_code == 409
    assert session.scalars(select(Connection)).all() == []


def test_a_second_company_is_connected_beside_the_first(
    session: Session, registered: QuickBooks, connection: Connection, admin: FlaskClient
) -> None:
    connection.account = "111"
    session.commit()

    answer = admin.get(consent(sent_to(admin)))

    assert answer.status_code == 303
    live = session.scalars(live_connections("quickbooks").order_by(None)).all()
    assert {one.account for one in live} == {"111", registered.realm}
    page = admin.get("/connections").text
    assert all(f'href="/connections/{one.id}"' in page for one in live)
    assert "Connect another account" in page


def test_tokens_that_lead_nowhere_are_given_back(
    session: Session, registered: QuickBooks, admin: FlaskClient
) -> None:
    back = consent(sent_to(admin))
    registered.faults.add("html_503", times=9, match="object")

    answer = admin.get(back)

    assert answer.status_code == 503
    assert session.scalars(select(Connection)).all() == []
    assert [one.status for one in registered.exchanges if one.path == REVOKE] == [200]


def test_signing_in_again_repairs_the_connection(
    session: Session, connection: Connection, admin: FlaskClient
) -> None:
    connection.trouble("Dead.", state="reconnect")
    raise_alert(
        kind="connection.reconnect",
        key=f"connection:{connection.id}:reconnect",
        title="t",
        href="/",
    )
    session.commit()

    admin.get(consent(sent_to(admin)))

    session.refresh(connection)
    assert (connection.state, connection.problem) == ("connected", None)


def test_disconnecting_forgets_the_tokens_and_gives_them_back(
    session: Session, registered: QuickBooks, connection: Connection, sync: Sync
) -> None:
    sync()
    old = secrets_of(connection)[1]

    disconnect(connection.id)

    session.refresh(connection, ["access_token", "refresh_token", "state", "expires_at"])
    assert (connection.access_token, connection.refresh_token) == (None, None)
    assert (connection.state, connection.expires_at) == ("disconnected", None)
    with pytest.raises(ReconnectNeeded):
        oauth_connector("quickbooks").refresh(registration("quickbooks"), old)


def test_disconnecting_works_while_quickbooks_is_away(
    session: Session, connection: Connection, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "QUICKBOOKS_STANDIN", "http://127.0.0.1:9")

    assert disconnect(connection.id).state == "disconnected"


def test_disconnecting_stops_what_is_under_way(
    session: Session, connection: Connection
) -> None:
    run = start_sync(connection.id, mode="full", cause="person")
    disconnect(connection.id)
    work()

    session.refresh(run)
    assert run.state == "cancelled"


def test_what_a_system_offers_pkce_for_is_sent_a_challenge(
    session: Session,
    registered: QuickBooks,
    admin: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """QuickBooks offers none; here it is as if it did."""
    outside, challenges = oauth_connector("quickbooks"), []

    def address(_app: Registration, *, state: str, challenge: str | None) -> str:
        challenges.append(challenge)
        return "https://example.com"

    monkeypatch.setattr(type(outside), "offers_pkce", True)
    monkeypatch.setattr(outside, "authorize_url", address)
    admin.post(SIGN_INS)

    attempt = session.scalars(select(SignInAttempt)).one()
    assert len(challenges[0] or "") == 43  # a SHA-256 in base64url without padding
    assert 43 <= len(attempt.verifier or "") <= 128


def test_without_a_set_up_there_is_nothing_to_begin(app: Any, admin: FlaskClient) -> None:
    with pytest.raises(Exception, match="has not been set up"):
        begin_sign_in("quickbooks", user_id=1, redirect_uri="http://localhost/callback")
