"""Somebody has forgotten their password."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import services
from app.accounts.models import PasswordReset, User
from app.accounts.services import attempts
from app.core.db import db
from app.core.jobs import JobRun
from app.core.jobs.runner import perform
from tests.accounts.conftest import PASSWORD, credentials
from tests.mailbox import Mailbox

NEW = "a new long password"
LINK = re.compile(r"/password-resets/use\?token=([\w-]{32})")
API = "/api/v1/auth/password-resets"


def mailed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the jobs be done, and give the tokens of what was mailed."""
    with Mailbox() as mailbox:
        monkeypatch.setitem(app.config, "SMTP_URL", mailbox.url)
        for run_id in db.session.scalars(select(JobRun.id)).all():
            perform(run_id)
    return [LINK.findall(mail.get_content())[0] for _to, mail in mailbox.mails]


def ask(client: FlaskClient, name: str = "robin") -> tuple[int, str | None]:
    answer = client.post("/password-resets", data={"name": name})
    return answer.status_code, answer.location


def test_the_sign_in_page_leads_there(client: FlaskClient) -> None:
    assert "/password-resets/new" in client.get("/session/new").text
    assert client.get("/password-resets/new").status_code == 200


@pytest.mark.parametrize("name", ["robin", "Robin@Example.com"])
def test_a_link_goes_to_the_address_that_is_known_and_works_once(
    app: Flask,
    client: FlaskClient,
    mine: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    ask(client, name)
    (token,) = mailed(app, monkeypatch)
    page = client.get(f"/password-resets/use?token={token}")
    data = {"token": token, "password": NEW, "again": NEW}

    first = client.post("/password-resets/use", data=data)
    second = client.post("/password-resets/use", data=data)

    assert token in page.text
    assert (first.status_code, second.status_code) == (303, 422)
    assert mine.get("/account").status_code == 303
    db.session.expire_all()
    assert services.authenticate("robin", password=NEW).must_change_password is False


def test_whoever_asks_hears_the_same_of_everybody(
    client: FlaskClient, robin: User, admin: User, session: Session
) -> None:
    admin.is_active = False
    session.commit()

    heard = {ask(client, name) for name in ("robin", "nobody", admin.username)}

    assert heard == {(303, "/session/new")}
    jobs = session.scalars(select(JobRun)).all()
    assert len(jobs) == 3  # each costs the same: what comes of it is found out in the job
    assert "nobody" not in str([job.arguments for job in jobs])


def test_nobody_is_mailed_who_may_not_sign_in(
    app: Flask,
    client: FlaskClient,
    robin: User,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    robin.is_active = False
    session.commit()
    ask(client)
    ask(client, "nobody")

    assert mailed(app, monkeypatch) == []


def test_nobody_is_flooded_with_mails(
    app: Flask, client: FlaskClient, robin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        ask(client)

    assert len(mailed(app, monkeypatch)) == 3


def test_a_mail_that_could_not_be_sent_is_none_of_the_few(
    app: Flask, robin: User, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://127.0.0.1:9")

    with pytest.raises(OSError, match="refused"):
        services.mail_reset(robin.id)

    assert session.scalars(select(PasswordReset)).all() == []


def test_one_household_does_not_ask_for_ever(client: FlaskClient) -> None:
    def ask_from(host: int) -> int:
        here = {"REMOTE_ADDR": f"2001:db8::{host:x}"}
        answer = client.post(API, json={"name": f"nobody{host}"}, environ_overrides=here)
        return answer.status_code

    heard = [ask_from(host) for host in range(attempts.PER_NAME_AND_PLACE + 1)]

    assert heard == [202] * attempts.PER_NAME_AND_PLACE + [429]


def test_a_link_ends_after_an_hour(
    app: Flask,
    client: FlaskClient,
    robin: User,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask(client)
    (token,) = mailed(app, monkeypatch)
    session.execute(
        update(PasswordReset).values(expires_at=datetime.now(UTC) - timedelta(minutes=1))
    )
    session.commit()

    answer = client.put(API, json={"token": token, "password": NEW})

    assert (answer.status_code, (answer.json or {})["code"]) == (422, "reset_refused")
    assert services.authenticate("robin", password=PASSWORD).username == "robin"


def test_a_new_password_voids_the_other_links(
    app: Flask, client: FlaskClient, robin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(client)
    ask(client)
    one, other = mailed(app, monkeypatch)

    answers = [client.put(API, json={"token": t, "password": NEW}) for t in (one, other)]

    assert [answer.status_code for answer in answers] == [200, 422]


def test_a_weak_password_leaves_the_link_good(
    app: Flask, client: FlaskClient, robin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post(API, json={"name": "robin"})
    (token,) = mailed(app, monkeypatch)

    weak = client.put(API, json={"token": token, "password": "Password1234"})

    assert weak.status_code == 422
    assert client.put(API, json={"token": token, "password": NEW}).status_code == 200


def test_the_database_holds_no_token(
    app: Flask,
    client: FlaskClient,
    robin: User,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask(client)
    (token,) = mailed(app, monkeypatch)

    kept = [*session.execute(select(PasswordReset.__table__)).all()]
    runs = [run.arguments for run in session.scalars(select(JobRun))]
    assert token not in f"{kept} {runs}"


def test_a_password_that_an_administrator_gave_opens_only_the_form_for_another(
    app: Flask, robin: User, admin: User
) -> None:
    given = services.reset_password(robin.id, by=admin)
    client = app.test_client()

    client.post("/session", data=credentials(password=given))

    assert client.get("/stock").location == "/account/password/edit"
    assert client.get("/account/password/edit").status_code == 200
    htmx = client.get("/account", headers={"HX-Request": "true"})
    assert htmx.headers["HX-Redirect"] == "/account/password/edit"
    client.post("/account/password", data={"current": given, "password": NEW, "again": NEW})
    assert client.get("/account").status_code == 200


def test_a_program_changes_such_a_password_too(
    client: FlaskClient, robin: User, admin: User
) -> None:
    given = services.reset_password(robin.id, by=admin)
    login = {"username": "robin", "password": given}
    granted = client.post("/api/v1/auth/login", json=login).json
    assert granted is not None
    headers = {"Authorization": f"Bearer {granted['access_token']}"}

    held = client.get("/api/v1/inventory", headers=headers)
    changed = client.put(
        "/api/v1/auth/password", json={"current": given, "password": NEW}, headers=headers
    )

    assert (held.status_code, (held.json or {})["code"]) == (403, "password_must_change")
    assert changed.json is not None
    fresh = {"Authorization": f"Bearer {changed.json['access_token']}"}
    assert client.get("/api/v1/inventory", headers=fresh).status_code == 200
    assert client.get("/api/v1/auth/me", headers=headers).status_code == 401


def test_the_present_password_is_no_new_one(mine: FlaskClient) -> None:
    data = {"current": PASSWORD, "password": PASSWORD, "again": PASSWORD}

    answer = mine.post("/account/password", data=data)

    assert answer.status_code == 422
    assert "Take another one" in answer.text


def own_password(user: User, _admin: User) -> None:
    services.change_password(user, current=PASSWORD, password=NEW)


def other_address(user: User, admin: User) -> None:
    services.revise_user(user.id, by=admin, email="robin@elsewhere.example")


def out_and_in_again(user: User, admin: User) -> None:
    for is_active in (False, True):
        services.revise_user(user.id, by=admin, is_active=is_active)


@pytest.mark.parametrize("change", [own_password, other_address, out_and_in_again])
def test_a_link_is_void_once_the_account_is_another(
    app: Flask,
    client: FlaskClient,
    robin: User,
    admin: User,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[User, User], None],
) -> None:
    ask(client)
    (token,) = mailed(app, monkeypatch)
    db.session.expire_all()

    change(robin, admin)

    data = {"token": token, "password": NEW, "again": NEW}
    assert client.post("/password-resets/use", data=data).status_code == 422
