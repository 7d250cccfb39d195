"""What is measured in processes of its own: a command of a bench, and the stand-in it asks."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.core.db import db
from bench.servers import free_port, wait_for
from local import children

Figures = dict[str, Any]
FORGOTTEN = (
    "connection, external_record, record_link, sync_run, stream_state, sync_page, job_run"
)


def figures_of(module: str, command: str) -> Figures:
    """Let `python -m bench.<module> command` work, and give what it prints last, as JSON."""
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{module}", command],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return found


@contextmanager
def standin(system: str, address: str, **counts: int) -> Iterator[None]:
    """Run a stand-in; its address is in the environment as `address` while it does."""
    port = free_port()
    command = [sys.executable, "-m", f"tests.standins.{system}", "--port", str(port)]
    for name, count in counts.items():
        command += [f"--{name.replace('_', '-')}", str(count)]
    log = Path(os.environ["OPSROOM_HOME"], f"{system}.log")
    server = children.spawn(command, stop=signal.SIGINT, log=log)
    os.environ[address] = f"http://127.0.0.1:{port}"
    try:
        wait_for(port)
        yield
    finally:
        children.stop(server, signal.SIGINT)


def forget_connections() -> None:
    """Empty the mirror: what a sync then finds is all new."""
    db.session.execute(text(f"TRUNCATE {FORGOTTEN} CASCADE"))
    db.session.commit()
