"""Sealing, pacing and patience: what the hub stands on."""

import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from cryptography.fernet import Fernet, MultiFernet
from flask import Flask
from redis import RedisError
from requests import Response
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core import crypto
from app.core.crypto import DecryptionFailed
from app.core.db import db
from app.core.jobs import JobRun, Postponed, job, runner
from app.integrations.hub import limiter
from app.integrations.hub.http import _retry_at
from app.integrations.hub.limiter import Rate
from app.integrations.hub.models import Connection
from tests.integrations.test_tokens import secrets_of


def sealed_with(app: Flask, monkeypatch: pytest.MonkeyPatch, *keys: bytes) -> None:
    monkeypatch.setitem(app.extensions, "fernet", MultiFernet([Fernet(key) for key in keys]))


def test_a_new_key_opens_what_an_old_one_sealed_and_reseals_it(
    app: Flask, session: Session, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets, new = secrets_of(connection), Fernet.generate_key()
    old = app.config["ENCRYPTION_KEYS"][0].encode()
    sealed_with(app, monkeypatch, new, old)

    answer = app.test_cli_runner().invoke(args=["rotate-keys"])

    # Two tokens, our app's two secrets, and the key by which cards are known.
    assert "5 secrets are sealed" in answer.output
    sealed_with(app, monkeypatch, new)
    assert secrets_of(connection) == secrets


def test_without_its_key_a_secret_stays_closed_and_says_why(
    app: Flask, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed_with(app, monkeypatch, Fernet.generate_key())

    with pytest.raises(DecryptionFailed, match="ENCRYPTION_KEYS"):
        secrets_of(connection)
    assert app.test_cli_runner().invoke(args=["rotate-keys"]).exit_code == 1


def test_without_any_key_nothing_is_kept(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "ENCRYPTION_KEYS", [])
    monkeypatch.setitem(app.extensions, "fernet", None)
    crypto.init_app(app)

    with pytest.raises(DecryptionFailed, match="is not set"):
        crypto.EncryptedText().process_bind_param("secret", db.engine.dialect)


def test_a_bucket_gives_so_many_at_once_and_then_one_by_one() -> None:
    rate = Rate(2, 3)

    waits = [limiter.acquire("tests", rate) for _ in range(4)]

    assert waits[:3] == [0, 0, 0]
    assert waits[3] == pytest.approx(0.5, abs=0.1)


def test_all_workers_share_a_bucket(app: Flask) -> None:
    rate, taken, ready = Rate(1, 5), [], threading.Barrier(10)

    def work() -> None:
        with app.app_context():
            ready.wait()
            taken.append(limiter.acquire("shared", rate))

    workers = [threading.Thread(target=work) for _ in range(10)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len([wait for wait in taken if wait == 0]) == 5


def test_without_redis_the_pace_is_kept_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def eval(self, *_arguments: object) -> None:
            raise RedisError

    monkeypatch.setattr(limiter, "broker", Away)
    began = time.perf_counter()

    assert limiter.acquire("tests", Rate(20, 1)) == 0
    assert time.perf_counter() - began >= 0.05


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("7", 7), ("999999", 3600), ("", 60), ("soon", 60)],
)
def test_how_long_to_wait_is_what_they_say_or_a_minute(said: str, seconds: int) -> None:
    response = Response()
    response.headers["Retry-After"] = said

    pause = (_retry_at(response) - datetime.now(UTC)).total_seconds()

    assert pause == pytest.approx(seconds, abs=2)


@pytest.mark.parametrize("said", ["Wed, 21 Oct 2099 07:28:00 GMT", "9" * 5000, "99999999999"])
def test_nobody_makes_us_wait_for_more_than_an_hour(said: str) -> None:
    response = Response()
    response.headers["Retry-After"] = said

    pause = _retry_at(response) - datetime.now(UTC)

    assert timedelta(minutes=59) < pause <= timedelta(hours=1)


def test_a_date_says_when_to_come_back() -> None:
    response, moment = Response(), datetime.now(UTC) + timedelta(minutes=10)
    response.headers["Retry-After"] = format_datetime(moment, usegmt=True)

    assert _retry_at(response) == moment.replace(microsecond=0)


LATER = datetime.now(UTC) + timedelta(hours=1)


@job(queue="sync", label="Wait")
def waits() -> None:
    raise Postponed(LATER, "Not yet.")


def test_a_postponed_job_waits_without_losing_an_attempt(session: Session) -> None:
    run = waits.enqueue()

    runner.perform(run.id)

    session.refresh(run)
    assert (run.state, run.attempts, run.error) == ("queued", 0, "Not yet.")
    assert run.due_at == LATER


def test_a_postponed_job_that_was_cancelled_ends(session: Session) -> None:
    run = JobRun(job=waits.path, arguments={}, label="Wait")
    run.is_cancel_asked = True
    session.add(run)
    session.commit()

    runner.perform(run.id)

    session.refresh(run)
    assert run.state == "cancelled"


def test_no_secret_is_in_the_tables_in_the_clear(
    session: Session, connection: Connection
) -> None:
    rows = session.execute(text("SELECT client_secret, webhook_secret FROM integration_app"))

    assert all(value.startswith("gAAAA") for row in rows for value in row)
