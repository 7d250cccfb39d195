import os
import re
import socket
from pathlib import Path

import pytest
from redis import Redis

from local import services
from tests.local.conftest import Copy, Start, is_alive
from tests.waiting import until


def refusal(home: Path, terminal: str = "terminal", **environment: str) -> str:
    """Start a copy that does not come up, and give what it says."""
    copy = Copy(home, terminal=terminal, environment=environment)
    until(lambda: copy.process.poll() is not None or "runs at" in copy.said())
    assert copy.stop() == 1
    return copy.said()


def reuse_its_number(path: Path) -> None:
    """Make the number that a killed PostgreSQL has left somebody else's, as a reboot may."""
    path.write_text(path.read_text().replace(path.read_text().split()[0], str(os.getpid()), 1))


def test_the_sign_in_page_is_served(running: Copy) -> None:
    assert running.status("/session/new") == 200


def test_the_first_start_shows_a_password_once(running: Copy) -> None:
    assert running.said().count("password") == 1


def test_the_server_does_not_say_what_it_runs_on(running: Copy) -> None:
    _, headers, _ = running.get("/session/new")

    assert headers["Server"] == "Opsroom"


def test_requests_are_counted_over_all_web_processes(running: Copy) -> None:
    asked = 20
    for _ in range(asked):
        running.get("/session/new")

    _, _, figures = running.get("/metrics")

    counted = re.search(r"request_seconds_count{.*new_session.*} (\S+)", figures)
    assert counted
    assert float(counted[1]) >= asked


@pytest.mark.faults
@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("pginstall", "PostgreSQL"),
        ("redis-server", "Redis"),
        ("gunicorn", "The web server"),
        ("interactive", "The worker"),
        ("worker.py sync", "The worker of syncs"),
        ("scheduler.py", "The scheduler"),
    ],
)
def test_what_dies_is_started_again_and_said(running: Copy, word: str, name: str) -> None:
    killed = running.part(word)

    killed.kill()

    until(lambda: f"{name} has ended (killed by signal 9)" in running.said())
    until(running.is_ready)
    assert running.part(word).pid != killed.pid


@pytest.mark.faults
def test_the_others_stay_when_a_service_dies(running: Copy) -> None:
    words = ["gunicorn", "interactive", "worker.py sync", "scheduler.py"]
    before = [running.part(word).pid for word in words]
    server = running.part("pginstall")

    server.kill()
    until(lambda: not is_alive(server))
    until(running.is_ready)

    assert [running.part(word).pid for word in words] == before


@pytest.mark.faults
def test_ctrl_c_leaves_nothing_behind(start: Start) -> None:
    copy = start()
    everything = copy.all()

    assert copy.stop() == 0

    assert "does not end" not in copy.said()
    assert [process for process in everything if is_alive(process)] == []
    assert not services.run_directory(copy.home).exists()
    assert "pid" not in " ".join(path.name for path in (copy.home / "postgres").iterdir())


@pytest.mark.faults
def test_a_kill_of_everything_loses_nothing_that_was_committed(start: Start) -> None:
    copy = start()
    copy.run_sql("CREATE TABLE kept (note text)")
    copy.run_sql("INSERT INTO kept VALUES ('committed')")
    with Redis.from_url(services.redis_url(copy.home)) as redis:
        redis.set("note", "queued")

    copy.kill()
    reuse_its_number(copy.home / "postgres/postmaster.pid")
    again = start()

    assert again.run_sql("SELECT note FROM kept") == [("committed",)]
    assert "password" not in again.said()  # the administrator is still there
    with Redis.from_url(services.redis_url(copy.home)) as redis:
        assert redis.get("note") == b"queued"


@pytest.mark.faults
def test_a_new_start_waits_for_the_remains_of_a_killed_one(start: Start) -> None:
    copy = start()
    remains = copy.all()[1:]
    copy.process.kill()
    copy.process.wait()

    again = start()

    assert again.is_ready()
    assert not any(is_alive(process) for process in remains)


@pytest.mark.faults
def test_two_copies_run_side_by_side(running: Copy, start: Start) -> None:
    other = start("other")
    other.run_sql("CREATE TABLE only_here (note text)")

    assert running.is_ready()
    assert other.is_ready()
    assert running.run_sql("SELECT to_regclass('only_here')") == [(None,)]


def test_a_second_copy_in_the_same_folder_is_refused(running: Copy) -> None:
    said = refusal(running.home, "second")

    assert said == f"Opsroom is already running in {running.home}.\n"


def test_a_taken_port_is_named_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        said = refusal(tmp_path / "home", PORT=port)

    assert said == (
        f"Port {port} is taken by another program. Choose another one: PORT=8001 make run\n"
    )
    assert not (tmp_path / "home/postgres").exists()


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"PORT": "eight"}, "PORT=eight is not a port number."),
        ({"PORT": "80000"}, "PORT=80000 is not a port number."),
        ({"HOST": "192.0.2.1"}, "HOST=192.0.2.1 is not an address of this machine."),
    ],
)
def test_an_address_that_cannot_be_is_refused(
    tmp_path: Path, given: dict[str, str], reason: str
) -> None:
    assert refusal(tmp_path / "home", **given).startswith(reason)


def test_a_database_that_does_not_answer_is_named(tmp_path: Path) -> None:
    url = f"postgresql+psycopg2://nobody@/nothing?host={tmp_path}"

    said = refusal(tmp_path / "home", DATABASE_URL=url)

    assert "The database of DATABASE_URL does not answer" in said
    assert "Traceback" not in said
