"""What others depend on freezes, has no room, or goes away while an answer is on its way."""

import errno
import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest
from flask import Flask
from flask_migrate import upgrade
from redis import ConnectionError as RedisConnectionError
from redis import RedisError
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError, PendingRollbackError

from app import create_app
from app.accounts.models import new_secret
from app.accounts.services import create_user, install_roles
from app.core import broker as brokers
from app.core import db_watchdog, disk, errors, metrics
from app.core.db import db, transaction
from app.core.settings import set_settings
from local import services
from tests.conftest import SignIn, client_of
from tests.waiting import until

PAGES_WAIT = 1  # seconds, for a statement
NOT_FOR_EVER = 40  # seconds: on a busy machine, and far from the minutes that libpq waits


@pytest.fixture
def home() -> Iterator[Path]:
    with TemporaryDirectory(prefix="opsroom-away-") as folder:
        yield Path(folder)


@contextmanager
def frozen(server: Any) -> Iterator[None]:
    """Stop a server with all its children, as a machine does that has lost its disk."""
    main = psutil.Process(server.pid)
    everything = [main, *main.children(recursive=True)]
    for process in everything:
        process.suspend()
    try:
        yield
    finally:
        for process in everything:
            process.resume()


@contextmanager
def failing(action: str) -> Iterator[None]:
    """Let PostgreSQL do something when a change of the settings is committed."""
    with db.engine.begin() as connection:
        connection.execute(
            text(
                "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$BEGIN {action}; RETURN NULL; END$$"
            )
        )
        connection.execute(
            text(
                "CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON setting"
                " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail()"
            )
        )
    try:
        yield
    finally:
        db.session.rollback()
        with db.engine.begin() as connection:
            connection.execute(text("DROP FUNCTION fail CASCADE"))


# PostgreSQL


@pytest.mark.faults
@pytest.mark.committed
def test_pages_do_not_wait_for_ever_for_a_frozen_database(app: Flask, home: Path) -> None:
    postgres = services.start_postgres(home)
    options: dict[str, Any] = app.config["SQLALCHEMY_ENGINE_OPTIONS"]
    limits = {
        "options": f"-c timezone=UTC -c statement_timeout={PAGES_WAIT}s",
        "connection_factory": db_watchdog.watched(PAGES_WAIT),
    }
    connect = options["connect_args"] | limits
    other = create_app(
        app.config
        | {
            "SQLALCHEMY_DATABASE_URI": services.database_url(home),
            "SQLALCHEMY_ENGINE_OPTIONS": options | {"connect_args": connect},
        }
    )
    try:
        with other.app_context():
            upgrade("migrations")
            install_roles()
            user = create_user(
                "ana", email="a@example.com", name="Ana", password=new_secret(), role="admin"
            )
            client = client_of(other, user)
        assert client.get("/settings").status_code == 200

        with frozen(postgres):
            began = time.monotonic()
            answers = [client.get("/settings"), client.get("/api/v1/jobs")]
            took = time.monotonic() - began

        assert [answer.status_code for answer in answers] == [503, 503]
        assert "does not answer" in answers[0].text
        assert took < NOT_FOR_EVER
        until(lambda: client.get("/settings").status_code == 200)
    finally:
        with other.app_context():
            db.engine.dispose()
        services.stop(postgres, signal.SIGINT)


@pytest.mark.committed
def test_a_call_that_is_overdue_is_hung_up_on_and_others_are_not(app: Flask) -> None:
    engine = create_engine_with(app, seconds=0)
    with engine.connect() as slow, engine.connect() as quick:
        began = time.monotonic()
        with pytest.raises(OperationalError):
            slow.execute(text("SELECT pg_sleep(60)"))
        assert time.monotonic() - began < NOT_FOR_EVER
        assert quick.scalar(text("SELECT 1")) == 1
    engine.dispose()
    assert db_watchdog.watch._calls == {}


def create_engine_with(app: Flask, *, seconds: int) -> Any:
    factory = {"connection_factory": db_watchdog.watched(seconds)}
    return create_engine(app.config["SQLALCHEMY_DATABASE_URI"], connect_args=factory)


@pytest.mark.committed
def test_who_was_saving_when_it_went_is_told_to_look(sign_in: SignIn) -> None:
    client = sign_in("settings.edit")

    with failing("PERFORM pg_terminate_backend(pg_backend_pid())"):
        answer = client.post("/settings", data=changed(client))

    assert answer.status_code == 503
    assert errors.UNKNOWN in answer.text
    assert "Nothing was saved" not in answer.text


def changed(client: Any) -> dict[str, str]:
    """Fill the form of settings as the page shows it, with another name of the company."""
    page = client.get("/settings").text
    found = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', page))
    option = r'<select[^>]* name="(\w+)".*?<option[^>]*selected[^>]*value="([^"]*)"'
    return found | dict(re.findall(option, page, re.DOTALL)) | {"company_name": "Somebody else"}


@pytest.mark.committed
def test_an_answer_that_is_ready_is_given_though_the_connection_is_lost(app: Flask) -> None:
    with app.app_context():
        mine = db.session.scalar(text("SELECT pg_backend_pid()"))
        with db.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:mine, 5000)"), {"mine": mine})
        # Leaving rolls back, on a connection that is no more.

    with app.app_context():
        assert db.session.scalar(text("SELECT 1")) == 1


@pytest.mark.committed
def test_a_committed_write_is_not_called_failed(app: Flask) -> None:
    gone = OperationalError("SELECT 1", {}, Exception("gone"))

    with app.test_request_context("/api/v1/settings", method="PATCH"):
        set_settings(company_name="Kept")
        answer = errors._unavailable(gone)

    assert (answer.json or {})["code"] == "saved"
    assert "Retry-After" not in answer.headers


@pytest.mark.committed
def test_what_failed_after_something_was_saved_is_in_doubt(app: Flask) -> None:
    gone = OperationalError("SELECT 1", {}, Exception("gone"))

    with app.test_request_context("/api/v1/settings", method="PATCH"):
        set_settings(company_name="Kept")
        with pytest.raises(OperationalError), transaction():
            raise gone
        answer = errors._unavailable(gone)

    assert (answer.json or {})["code"] == "outcome_unknown"


def test_what_was_saved_before_the_view_began_is_not_what_was_asked(app: Flask) -> None:
    with app.test_request_context("/nowhere", method="PATCH"):
        set_settings(company_name="Kept")  # as a session notes when it was last used
        app.preprocess_request()
        answer = errors._unavailable(OperationalError("SELECT 1", {}, Exception("gone")))

    assert errors.AWAY in answer.get_data(as_text=True)


def test_saved_is_said_also_when_it_is_redis_that_went(app: Flask) -> None:
    with app.test_request_context("/api/v1/settings", method="PATCH"):
        set_settings(company_name="Kept")
        answer = errors._unavailable(RedisConnectionError("gone"))

    assert (answer.json or {})["code"] == "saved"


def test_reading_is_never_called_saved(app: Flask) -> None:
    with app.test_request_context("/api/v1/settings"):
        set_settings(company_name="Kept")
        answer = errors._unavailable(OperationalError("SELECT 1", {}, Exception("gone")))

    assert (answer.json or {})["code"] == "unavailable"


def test_a_connection_lost_earlier_is_the_database_away(app: Flask) -> None:
    with app.test_request_context("/api/v1/settings"):
        lost = PendingRollbackError("Can't reconnect", code="8s2b")
        assert errors._unfinished(lost).status_code == 503
        assert errors._unfinished(PendingRollbackError("a bug")).status_code == 500


# The disk


@pytest.fixture
def roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "_refused_at", float("-inf"))
    monkeypatch.setattr(disk, "LEAST", 0)


@pytest.mark.committed
@pytest.mark.usefixtures("roomy")
def test_a_full_disk_is_told_with_its_reason_and_by_health(sign_in: SignIn) -> None:
    client = sign_in("settings.edit")
    assert (client.get("/health").json or {})["status"] == "ok"

    with failing("RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'"):
        answer = client.post("/settings", data=changed(client))

    assert (answer.status_code, errors.FULL in answer.text) == (503, True)
    health = client.get("/health")
    assert (health.status_code, (health.json or {})["status"]) == (200, "disk full")


@pytest.mark.usefixtures("roomy")
def test_our_own_full_disk_is_told_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.test_request_context("/api/v1/settings", method="PATCH"):
        full = errors._os_error(OSError(errno.ENOSPC, "No space left on device"))
        other = errors._os_error(OSError(errno.EACCES, "Permission denied"))

    assert (full.status_code, (full.json or {})["code"]) == (503, "disk_full")
    assert other.status_code == 500


def test_health_tells_before_the_disk_is_full(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "LEAST", 2**62)

    assert (app.test_client().get("/health").json or {})["status"] == "disk full"


def test_counts_have_their_room_before_they_are_mapped(tmp_path: Path) -> None:
    counts = metrics.ReservedDict(str(tmp_path / "counts.db"))
    for number in range(2000):
        counts.write_value(f"key {number} " + "é" * 40, 1.0, 0.0)

    found = (tmp_path / "counts.db").stat()
    assert found.st_blocks * 512 >= found.st_size > 65536
    assert counts.read_value("key 1999 " + "é" * 40) == (1.0, 0.0)
    counts.close()


def test_no_answer_fails_because_it_cannot_be_counted(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_where: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", no_room)
    with pytest.raises(OSError, match="No space"):
        metrics.ReservedDict("/tmp/never-mapped.db")  # noqa: S108
    monkeypatch.setattr(metrics.REQUESTS, "labels", no_room)

    assert app.test_client().get("/health").status_code == 200


# Redis


@pytest.mark.faults
def test_a_frozen_redis_costs_one_second_and_not_one_each(
    app: Flask, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    redis = services.start_redis(home)
    monkeypatch.setitem(app.config, "REDIS_URL", services.redis_url(home))
    monkeypatch.setitem(app.extensions, "redis", app.extensions["redis"])
    brokers.init_app(app)
    client = brokers.broker()
    try:
        client.set("a", "b")
        with frozen(redis):
            began = time.monotonic()
            for _ in range(50):
                with pytest.raises(RedisError):
                    client.get("a")
            took = time.monotonic() - began

        assert took < brokers.OPEN_SECONDS  # 50 seconds without the breaker
        until(lambda: answers(client))
    finally:
        client.close()
        services.stop(redis, signal.SIGTERM)


def answers(client: Any) -> bool:
    try:
        return bool(client.get("a") == b"b")
    except RedisConnectionError:
        return False


def test_one_lets_the_others_through_when_redis_is_back() -> None:
    breaker = brokers.Breaker()

    def gone() -> None:
        raise RedisConnectionError("gone")

    with pytest.raises(RedisConnectionError, match="gone"):
        breaker.call_with_retry(gone, lambda _error: None)
    with pytest.raises(RedisConnectionError, match="has not answered lately"):
        breaker.call_with_retry(lambda: "done", lambda _error: None)

    breaker._closed_at = time.monotonic()
    within = breaker.call_with_retry(
        lambda: breaker.call_with_retry(lambda: "connected", lambda _error: None),
        lambda _error: None,
    )
    assert within == "connected"
    assert breaker.call_with_retry(lambda: "done", lambda _error: None) == "done"
    assert breaker.call_with_retry(lambda: "done", lambda _error: None) == "done"
