"""What the logs say, and what they never say."""

import json
import logging
import re

import pytest
from flask import Flask, Response, g
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app import create_app
from app.accounts.identities import Identity
from app.core import logs
from app.core.logs import Json, Text, configure, current_request_id, default_style, log_context
from tests.conftest import SignIn
from tests.factories import UserFactory


def line(formatter: logging.Formatter, message: str = "hello", **extra: object) -> str:
    record = logging.makeLogRecord(
        {"name": "test", "levelname": "INFO", "msg": message} | extra
    )
    return formatter.format(record)


@pytest.fixture
def accessed(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "opsroom.access")
    return caplog


def test_every_answer_has_a_number(app: Flask) -> None:
    client = app.test_client()

    first, second = (client.get("/health").headers["X-Request-ID"] for _ in range(2))

    assert re.fullmatch("[0-9a-f]{32}", first)
    assert first != second


def test_a_number_that_a_proxy_has_given_is_kept(app: Flask) -> None:
    response = app.test_client().get("/health", headers={"X-Request-ID": "proxy-12345"})

    assert response.headers["X-Request-ID"] == "proxy-12345"


@pytest.mark.parametrize("given", ["short", "x" * 65, "with space", "<script>alert</script>"])
def test_a_number_that_is_none_is_replaced(app: Flask, given: str) -> None:
    response = app.test_client().get("/health", headers={"X-Request-ID": given})

    assert response.headers["X-Request-ID"] != given


def test_a_request_is_one_line(sign_in: SignIn, accessed: pytest.LogCaptureFixture) -> None:
    sign_in("jobs.view").get("/jobs?search=secret")

    [record] = accessed.records
    assert re.fullmatch(r"GET /jobs 200 [\d.]+ ms", record.getMessage())
    assert (record.status, record.path) == (200, "/jobs")  # type: ignore[attr-defined]
    assert record.user_id is not None  # type: ignore[attr-defined]


def test_monitors_do_not_fill_the_log(app: Flask, accessed: pytest.LogCaptureFixture) -> None:
    app.test_client().get("/health")

    assert accessed.records == []


def test_a_line_is_an_object_with_the_numbers_of_job_and_request() -> None:
    record = logging.makeLogRecord({"msg": "hello", "levelname": "INFO"})
    with log_context(job_id=7, request_id="abc"):
        logs._add_context(record)

    told = json.loads(Json(logs.COMPLETE).format(record))

    assert (told["message"], told["job_id"], told["request_id"]) == ("hello", 7, "abc")


def test_a_job_belongs_to_the_request_that_asked_for_it(app: Flask) -> None:
    with app.test_request_context("/"):
        app.preprocess_request()
        asked = current_request_id()

    assert asked
    with log_context(request_id=asked):
        assert current_request_id() == asked
    assert current_request_id() is None


def test_a_line_for_people_ends_with_the_numbers() -> None:
    assert line(Text("%(message)s"), request_id="abc", job_id=None) == "hello [abc]"
    assert line(Text("%(message)s")) == "hello"


@pytest.mark.parametrize(
    "message",
    [
        "Authorization: Bearer s3cr3t-s3cr3t",
        "sent Bearer s3cr3t-s3cr3t away",
        '{"password": "s3cr3t-s3cr3t"}',
        "password=s3cr3t-s3cr3t&name=ana",
        "{'refresh_token': 's3cr3t-s3cr3t'}",
        "api_key: s3cr3t-s3cr3t",
        "Cookie: session=s3cr3t-s3cr3t",
        "postgresql://opsroom:s3cr3t-s3cr3t@db/opsroom",
    ],
)
@pytest.mark.parametrize("formatter", [Json("%(message)s"), Text("%(message)s")])
def test_secrets_are_not_told(formatter: logging.Formatter, message: str) -> None:
    told = line(formatter, message)

    assert "s3cr3t" not in told
    assert "***" in told


def test_what_is_no_secret_is_told() -> None:
    message = "The password of Ana was changed, 12 tokens are left, GET /session 200"

    assert message in line(Text("%(message)s"), message)


def test_a_traceback_tells_no_secret() -> None:
    error = ValueError("token=s3cr3t-s3cr3t")

    told = line(Json("%(message)s"), exc_info=(ValueError, error, None))

    assert "ValueError" in told
    assert "s3cr3t" not in told


@pytest.mark.parametrize(("style", "formatter"), [("json", Json), ("text", Text)])
def test_lines_are_written_in_the_style_that_is_configured(
    monkeypatch: pytest.MonkeyPatch, style: str, formatter: type
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", logging.WARNING)

    configure(style)

    assert isinstance(root.handlers[0].formatter, formatter)
    assert root.level == logging.INFO


def test_machines_read_what_no_terminal_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: False)
    assert default_style() == "json"

    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert default_style() == "text"


def test_an_application_writes_its_log_as_configured(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(logs, "configure", said.append)

    create_app(app.config | {"TESTING": False, "LOG_FORMAT": "text"})

    assert said == ["text"]


def test_nobody_forges_a_line_for_people() -> None:
    error = ValueError("a\n2026 ERROR opsroom forged")
    about = (ValueError, error, None)

    first, *rest = line(
        Text(), "GET /a\r\n2026 ERROR \x1b[2J\u2028b", exc_info=about
    ).splitlines()

    assert first == "GET /a\\r\\n2026 ERROR \\x1b[2J\\u2028b"
    assert rest[-1] == "    2026 ERROR opsroom forged"
    assert all(line.startswith("    ") for line in rest)


def test_addresses_and_messages_have_an_end(
    app: Flask, accessed: pytest.LogCaptureFixture
) -> None:
    app.test_client().get("/" + "x" * 7000)

    assert len(accessed.records[0].path) < 1000  # type: ignore[attr-defined]
    record = logging.makeLogRecord({"msg": "%s", "args": ("x" * 10**6,)})
    assert logs._add_context(record)
    assert len(Text().format(record)) < 20_000


def test_a_line_says_who_asked_without_asking_the_database(
    app: Flask, session: Session, accessed: pytest.LogCaptureFixture
) -> None:
    user = UserFactory.create()
    number, asked = user.id, []
    with app.test_request_context("/products"):
        logs._begin()
        g._login_user = Identity.of(user)
        session.expire(user)  # as a rollback does
        listener = (Engine, "before_cursor_execute", lambda *about: asked.append(about))
        event.listen(*listener)
        logs._end(Response())
        event.remove(*listener)

    assert (accessed.records[-1].user_id, asked) == (number, [])  # type: ignore[attr-defined]
