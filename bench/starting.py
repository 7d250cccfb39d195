"""How long `make run` takes to the sign-in page, and how much memory what it starts takes."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.report import Row
from bench.servers import free_port
from local import children

START_SECONDS = 5.0
IDLE, LOADED = 280, 450  # megabytes of all processes, PostgreSQL and Redis included
SETTLE_SECONDS = 5  # the worker and the scheduler begin after the first page is served
CLIENTS, CALLS = 8, 500
ASKED = ("/api/v1/products", "/api/search/product_names?q=mug", "/api/v1/auth/me")


def start() -> Row:
    """Start a finished installation again; the first start, which makes it, is not counted."""
    with tempfile.TemporaryDirectory(prefix="opsroom-start-") as home:
        with _running(home):
            pass
        with _running(home) as (seconds, pid, port):
            time.sleep(SETTLE_SECONDS)
            idle = sum(map(_megabytes, _family(pid)))
            _load(port, _password(home))
            loaded = sum(map(_megabytes, _family(pid)))
    calls = CLIENTS * CALLS
    return Row(
        f"`make run` to the sign-in page; memory of all it starts, and after {calls:,} calls",
        f"<= {START_SECONDS:.0f} s; <= {IDLE} MB; <= {LOADED} MB",
        "",
        f"{seconds:.1f} s; {idle:.0f} MB; {loaded:.0f} MB",
        *("", "", ""),
        is_reached=seconds <= START_SECONDS and idle <= IDLE and loaded <= LOADED,
    )


def _password(home: str) -> str:
    """Find what the first start has said to the terminal."""
    said = Path(home, "up.log").read_text()
    return re.findall(r"Sign in as admin, password (\S+)", said)[0]


def _load(port: int, password: str) -> None:
    """Let several programs ask at once."""
    said = json.dumps({"username": "admin", "password": password})
    [body] = _calls(port, [("POST", "/api/v1/auth/login", said)], {})
    token = json.loads(body)["access_token"]
    asked = [("GET", ASKED[number % len(ASKED)], "") for number in range(CALLS)]
    ask = partial(_calls, port, asked, {"Authorization": f"Bearer {token}"})
    with ThreadPoolExecutor(CLIENTS) as clients:
        for client in [clients.submit(ask) for _ in range(CLIENTS)]:
            client.result()


def _calls(port: int, asked: list[tuple[str, str, str]], headers: dict[str, str]) -> list[str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    bodies = []
    for method, path, body in asked:
        connection.request(method, path, body, headers | {"Content-Type": "application/json"})
        answer = connection.getresponse()
        bodies.append(answer.read().decode())
        if answer.status != http.client.OK:
            raise RuntimeError(bodies[-1])
    connection.close()
    return bodies


@contextmanager
def _running(home: str) -> Iterator[tuple[float, int, int]]:
    """Run `local.up` in a folder; gives the seconds to the sign-in page, process and port."""
    port = free_port()
    own = {"OPSROOM_HOME": home, "PORT": str(port), "HOST": "127.0.0.1"}
    own |= {"REQUESTS_PER_MINUTE": str(10**9)}  # they are counted all the same
    kept = {n: v for n, v in os.environ.items() if n not in {"DATABASE_URL", "REDIS_URL"}}
    began = time.perf_counter()
    supervisor = children.spawn(
        [sys.executable, "-m", "local.up"],
        stop=signal.SIGTERM,
        log=Path(home, "up.log"),
        environment=kept | own,
    )
    try:
        if not _wait_for_page(supervisor, port):
            raise RuntimeError(Path(home, "up.log").read_text())
        yield time.perf_counter() - began, supervisor.pid, port
    finally:
        children.stop(supervisor, signal.SIGTERM, patience=60)


def _wait_for_page(supervisor: "subprocess.Popen[bytes]", port: int) -> bool:
    """Ask until the page is there; False if whoever should give it has ended."""
    while supervisor.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", "/session/new")
            if connection.getresponse().status == http.client.OK:
                return True
        except OSError:
            time.sleep(0.02)
        finally:
            connection.close()
    return False


def _family(supervisor: int) -> set[int]:
    """Give what a start leaves running, and what started it: they share their memory."""
    parents = {int(path.name): _parent(path) for path in Path("/proc").glob("[0-9]*")}
    family = {supervisor}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def _parent(process: Path) -> int:
    try:
        return int(process.joinpath("stat").read_text().rpartition(")")[2].split()[1])
    except OSError:  # it has just ended
        return 0


def _megabytes(pid: int) -> float:
    """Proportional set size: what is shared is divided among those who share it."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    line = next(line for line in text.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) / 1024
