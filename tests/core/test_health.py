"""What monitors and load balancers ask."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rq import Worker

from app.core.broker import broker
from app.core.jobs import QUEUES
from tests.core.samples import counts


@pytest.fixture
def monitor(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker(QUEUES, connection=broker())
    worker.register_birth()
    worker.heartbeat()
    yield worker
    worker.register_death()


def test_health_needs_no_permission(monitor: FlaskClient) -> None:
    answer = monitor.get("/health")

    assert answer.status_code == 200
    assert (answer.json or {})["status"] == "ok"


@pytest.mark.usefixtures("worker")
def test_it_is_ready_with_database_redis_and_a_worker(monitor: FlaskClient) -> None:
    answer = monitor.get("/ready")

    assert answer.status_code == 200
    assert answer.json == {"status": "ok", "database": True, "redis": True, "workers": 1}


def test_without_workers_it_is_degraded_and_still_serves(monitor: FlaskClient) -> None:
    answer = monitor.get("/ready")

    assert answer.status_code == 200
    assert answer.json == {"status": "degraded", "database": True, "redis": True, "workers": 0}


def test_a_worker_that_fell_silent_is_not_counted(monitor: FlaskClient, worker: Worker) -> None:
    broker().hset(worker.key, "last_heartbeat", "2001-01-01T00:00:00.000000Z")

    assert (monitor.get("/ready").json or {})["workers"] == 0


@pytest.mark.usefixtures("no_redis")
def test_without_redis_it_is_degraded_and_still_serves(monitor: FlaskClient) -> None:
    answer = monitor.get("/ready")

    assert answer.status_code == 200
    assert answer.json == {"status": "degraded", "database": True, "redis": False, "workers": 0}


def test_without_the_database_it_is_not_ready(no_database: FlaskClient) -> None:
    answer = no_database.get("/ready")

    assert answer.status_code == 503
    assert (answer.json or {})["status"] == "unavailable"


def test_programs_ask_for_the_health_without_a_token(monitor: FlaskClient) -> None:
    answer = monitor.get("/api/health")

    body = answer.json or {}
    assert answer.status_code == 200
    assert datetime.fromisoformat(body.pop("timestamp")) <= datetime.now(UTC)
    assert body == {
        "status": "healthy",
        "version": "0.1.0",
        "authenticated": False,
        "cache_age_minutes": None,
    }


def test_programs_hear_that_the_database_is_away(no_database: FlaskClient) -> None:
    answer = no_database.get("/api/health")

    assert (answer.status_code, (answer.json or {})["status"]) == (503, "unhealthy")


def test_metrics_count_requests_jobs_and_what_waits(monitor: FlaskClient) -> None:
    counts.enqueue(upto=1)
    monitor.get("/health")

    text = monitor.get("/metrics").text

    assert 'endpoint="health.health",method="GET",status="200"' in text
    assert 'opsroom_jobs{state="queued"} 1.0' in text
    assert 'opsroom_queue_length{queue="interactive"} 1.0' in text
    assert "opsroom_workers 0.0" in text
    assert "opsroom_open_sockets 0.0" in text


@pytest.mark.usefixtures("no_redis")
def test_metrics_leave_out_what_is_away(monitor: FlaskClient) -> None:
    text = monitor.get("/metrics").text

    assert "opsroom_jobs{" in text
    assert "opsroom_queue_length{" not in text


def test_metrics_answer_without_the_database(no_database: FlaskClient) -> None:
    answer = no_database.get("/metrics")

    assert answer.status_code == 200
    assert "opsroom_database_connections" in answer.text
    assert "opsroom_jobs{" not in answer.text


def test_metrics_are_closed_to_other_machines(monitor: FlaskClient) -> None:
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}

    assert monitor.get("/metrics", environ_base=elsewhere).status_code == 403
    proxied = {"X-Forwarded-For": "203.0.113.9"}
    assert monitor.get("/metrics", headers=proxied).status_code == 403


@pytest.mark.parametrize(("token", "status"), [("right", 200), ("wrong", 403), ("", 403)])
def test_a_token_opens_the_metrics(
    app: Flask, monkeypatch: pytest.MonkeyPatch, token: str, status: int
) -> None:
    monkeypatch.setitem(app.config, "METRICS_TOKEN", "right")
    headers = {"Authorization": f"Bearer {token}"}
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}

    answer = app.test_client().get("/metrics", headers=headers, environ_base=elsewhere)

    assert answer.status_code == status


def test_processes_that_serve_together_are_counted_together(
    monitor: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))

    answer = monitor.get("/metrics")

    assert answer.status_code == 200
    assert "opsroom_request_seconds" not in answer.text  # the others' files, and there are none


def test_our_own_files_are_not_measured(monitor: FlaskClient) -> None:
    monitor.get("/static/icon.svg").close()

    assert 'endpoint="static"' not in monitor.get("/metrics").text
