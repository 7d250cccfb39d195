"""An installation in a temporary folder, and gunicorn as in production on top of it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local import children, services

PATIENCE = 30


@contextmanager
def installation() -> Iterator[Path]:
    """Start PostgreSQL and Redis in a new folder, and point the environment at them."""
    home = Path(tempfile.mkdtemp(prefix="opsroom-bench-"))
    servers: list[tuple[subprocess.Popen[bytes], signal.Signals]] = []
    try:
        servers.append((services.start_postgres(home), signal.SIGINT))
        servers.append((services.start_redis(home), signal.SIGTERM))
        os.environ |= {
            "OPSROOM_HOME": str(home),
            "DATABASE_URL": services.database_url(home),
            "REDIS_URL": services.redis_url(home),
            "SECRET_KEY": "for the bench alone",
            "ENCRYPTION_KEYS": "Zm9yIHRoZSBiZW5jaCBhbG9uZSwgMzIgYnl0ZXMhISE=",
            "REQUESTS_PER_MINUTE": "0",  # what is measured is how many there can be
            "TZ": "UTC",
        }
        yield home
    finally:
        for server, how in reversed(servers):
            children.stop(server, how)
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def serving(application: str) -> Iterator[int]:
    """Serve an application by gunicorn with our settings; gives the port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", application]
    log = Path(os.environ["OPSROOM_HOME"], "web.log")
    server = children.spawn(command, stop=signal.SIGTERM, log=log)
    try:
        wait_for(port)
        yield port
    finally:
        children.stop(server, signal.SIGTERM)


@contextmanager
def killed_at_the_end(port: int) -> Iterator[None]:
    """Serve at a port until the block ends, and then be killed, in whatever is being done."""
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "wsgi:app"]
    log = Path(os.environ["OPSROOM_HOME"], "web.log")
    server = children.spawn(command, stop=signal.SIGKILL, log=log)
    try:
        wait_for(port)
        yield
    finally:
        children.kill_session(server.pid)
        server.wait()


def complaints() -> str:
    """What the servers found wrong last, for whoever wants to know why the bench failed."""
    lines = Path(os.environ["OPSROOM_HOME"], "web.log").read_text().splitlines()
    return next((line[:4000] for line in reversed(lines) if '"ERROR"' in line), "")


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Wait until somebody listens."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(f"Nobody listens on port {port}.")
