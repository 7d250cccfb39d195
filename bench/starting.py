"""How long `make run` takes to the sign-in page, and how much memory what it starts takes."""

import http.client
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.report import Row
from bench.servers import free_port
from local import children

START_SECONDS, MEGABYTES = 5.0, 350
SETTLE_SECONDS = 5  # the worker and the scheduler import after the first page is served
SERVICES = ("postgres", "redis-server")


def start() -> Row:
    """Start a finished installation again; the first start, which makes it, is not counted."""
    with tempfile.TemporaryDirectory(prefix="opsroom-start-") as home:
        with _running(home):
            pass
        with _running(home) as (seconds, pid):
            time.sleep(SETTLE_SECONDS)
            memory = sum(map(_megabytes, _ours(pid)))
    return Row(
        "`make run` to the sign-in page; memory of web, worker, scheduler",
        f"<= {START_SECONDS:.0f} s; <= {MEGABYTES} MB",
        "",
        f"{seconds:.1f} s; {memory:.0f} MB",
        *("", "", ""),
        is_reached=seconds <= START_SECONDS and memory <= MEGABYTES,
    )


@contextmanager
def _running(home: str) -> Iterator[tuple[float, int]]:
    """Run `local.up` in a folder; gives the seconds to the sign-in page, and the process."""
    port = free_port()
    own = {"OPSROOM_HOME": home, "PORT": str(port), "HOST": "127.0.0.1"}
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
        yield time.perf_counter() - began, supervisor.pid
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


def _ours(supervisor: int) -> list[int]:
    """Give the processes that a start leaves running, without PostgreSQL and Redis."""
    parents = {int(path.name): _parent(path) for path in Path("/proc").glob("[0-9]*")}
    family = {supervisor}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return [pid for pid in family - {supervisor} if _name(pid) not in SERVICES]


def _parent(process: Path) -> int:
    try:
        return int(process.joinpath("stat").read_text().rpartition(")")[2].split()[1])
    except OSError:  # it has just ended
        return 0


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _megabytes(pid: int) -> float:
    """Proportional set size: what is shared is divided among those who share it."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    line = next(line for line in text.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) / 1024
