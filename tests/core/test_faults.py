"""What others depend on goes away, and comes back."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import update
from sqlalchemy.orm import Session

from app import create_app
from app.accounts.models import new_secret
from app.accounts.services import create_user, install_roles
from app.core.broker import broker
from app.core.db import db
from app.core.jobs import JobRun, job, runner
from app.core.jobs.models import LOST
from local import services
from tests.conftest import SignIn, client_of
from tests.core.samples import LONG_AGO, counts
from tests.waiting import PATIENCE, until

A_TIME_OUT = 20  # seconds: five pages take one, also on a busy machine
HTMX = {"HX-Request": "true"}


@job(queue="interactive", label="Hang once", timeout=300)
def hangs_once(run_id: int) -> None:
    """Never end the first time it is tried."""
    if db.session.get_one(JobRun, run_id).attempts == 1:
        time.sleep(300)


@contextmanager
def worker(*arguments: str, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a worker of its own, and end it with all its children."""
    command = [sys.executable, "worker.py", *arguments]
    process = subprocess.Popen(command, env=os.environ | environment, start_new_session=True)
    try:
        yield process
    finally:
        kill(process)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill a worker as the kernel would that has run out of memory: all of it, at once."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if process.poll() is None:
        for pid in [process.pid, *map(int, children.read_text().split())]:
            os.kill(pid, signal.SIGKILL)
    process.wait()


def state_of(run: JobRun, session: Session) -> str:
    session.refresh(run)
    session.commit()
    return run.state


@pytest.fixture
def home() -> Iterator[Path]:
    with TemporaryDirectory(prefix="opsroom-faults-") as folder:
        yield Path(folder)


@pytest.mark.committed
def test_a_real_worker_does_the_work_of_a_committed_row(session: Session) -> None:
    run = counts.enqueue(upto=5)

    with worker("--burst") as process:
        process.wait(PATIENCE)

    session.refresh(run)
    assert (run.state, run.result) == ("succeeded", {"counted": 5, "by": "system"})


@pytest.mark.faults
@pytest.mark.committed
def test_the_job_of_a_killed_worker_is_done_by_another(session: Session) -> None:
    run = hangs_once.enqueue(run_id=0)
    run.arguments = {"run_id": run.id}
    session.commit()
    with worker() as process:
        until(lambda: state_of(run, session) == "running")
        kill(process)

    # Nothing shows that it lives any more; two minutes later the sweeper looks.
    session.execute(update(JobRun).values(due_at=LONG_AGO))
    session.commit()
    runner.sweep()

    session.refresh(run)
    assert (run.state, run.error) == ("queued", LOST)
    with worker("--burst") as process:
        process.wait(PATIENCE)
    session.refresh(run)
    assert (run.state, run.attempts, run.error) == ("succeeded", 2, None)


@pytest.mark.faults
@pytest.mark.committed
def test_a_worker_outlives_redis(session: Session, home: Path) -> None:
    redis = services.start_redis(home)
    with worker(REDIS_URL=services.redis_url(home)) as process:
        redis.kill()
        redis.wait()
        run = counts.enqueue(upto=2)
        broker().flushdb()
        redis = services.start_redis(home)
        try:
            # What the sweeper does, in the Redis of this worker.
            ring = "from app import create_app\nfrom tests.core.samples import counts\n"
            ring += "from app.core.db import db\nfrom app.core.jobs import JobRun\n"
            ring += "with create_app().app_context():\n"
            ring += f"    counts.dispatch(db.session.get_one(JobRun, {run.id}))"
            there = os.environ | {"REDIS_URL": services.redis_url(home)}
            subprocess.run([sys.executable, "-c", ring], env=there, check=True)

            until(lambda: state_of(run, session) == "succeeded")
            assert process.poll() is None
        finally:
            services.stop(redis, signal.SIGTERM)


@pytest.mark.usefixtures("no_redis")
def test_pages_work_without_redis_and_at_once(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("jobs.view", "jobs.manage", "audit.view", "settings.edit")
    began = time.monotonic()
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)

    pages = ["/jobs", "/schedule", "/audit", "/settings", "/api/v1/jobs"]
    statuses = [client.get(page).status_code for page in pages]

    assert statuses == [200] * len(pages)
    assert slept == []
    assert time.monotonic() - began < A_TIME_OUT


@pytest.mark.faults
@pytest.mark.committed
def test_the_database_goes_away_and_comes_back(app: Flask, home: Path) -> None:
    postgres = services.start_postgres(home)
    changes = {"SQLALCHEMY_DATABASE_URI": services.database_url(home), "TESTING": True}
    other = create_app(app.config | changes)
    try:
        with other.app_context():
            upgrade("migrations")
            install_roles()
            user = create_user(
                "ana", email="a@example.com", name="Ana", password=new_secret(), role="admin"
            )
            client = client_of(other, user)
        assert client.get("/settings").status_code == 200

        services.stop(postgres, signal.SIGINT)
        page = client.get("/settings")
        fragment = client.get("/settings", headers=HTMX)
        answer = client.get("/api/v1/jobs")  # settings would be remembered

        assert [r.status_code for r in (page, fragment, answer)] == [503] * 3
        assert "<html" in page.text
        assert page.headers["Retry-After"] == "5"
        assert fragment.headers["HX-Retarget"] == "#messages"
        assert (answer.json or {})["code"] == "unavailable"

        postgres = services.start_postgres(home)
        assert client.get("/settings").status_code == 200
    finally:
        with other.app_context():
            db.engine.dispose()
        services.stop(postgres, signal.SIGINT)
