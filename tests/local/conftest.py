"""Real copies of Opsroom, as `make run` starts them, in folders and on ports of their own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from email.message import Message
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil  # type: ignore[import-untyped]
import psycopg2
import pytest

from local import services
from tests.waiting import PATIENCE, until

KEPT = ("PATH", "HOME", "LANG", "TMPDIR")  # not what the tests say about their own servers


class Copy:
    """One copy of Opsroom: its folder, its processes, and what it says on the terminal."""

    def __init__(
        self,
        home: Path,
        *,
        before: tuple[str, ...] = (),
        terminal: str = "terminal",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.home, self.terminal = home, home.with_suffix(f".{terminal}")
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        own = {"OPSROOM_HOME": str(home), "PORT": "0", "WEB_CONCURRENCY": "1"}
        with self.terminal.open("w") as output:
            self.process = subprocess.Popen(
                [*before, sys.executable, "-m", "local.up"],
                env=kept | own | dict(environment or {}),
                stdout=output,
                stderr=output,
            )

    def said(self) -> str:
        return self.terminal.read_text()

    def is_up(self) -> bool:
        assert self.process.poll() is None, self.said()
        return "Opsroom runs at" in self.said()

    def get(self, path: str) -> tuple[int, Message, str]:
        """Get the status, the headers and the text of a page."""
        address = re.findall(r"Opsroom runs at (\S+)", self.said())[-1]
        with urlopen(address + path, timeout=PATIENCE) as answer:  # noqa: S310  (our own)
            return answer.status, answer.headers, answer.read().decode()

    def status(self, path: str) -> int:
        try:
            return self.get(path)[0]
        except HTTPError as error:
            with error:
                return error.code

    def is_ready(self) -> bool:
        return self.status("/ready") == 200

    def part(self, word: str) -> psutil.Process:
        """Wait for the process whose command line has a word."""
        found: list[psutil.Process] = []

        def is_there() -> bool:
            found[:] = self._named(word)
            return bool(found)

        until(is_there)
        return found[0]

    def _named(self, word: str) -> list[psutil.Process]:
        children = psutil.Process(self.process.pid).children()
        return [child for child in children if is_alive(child) and word in command(child)]

    def all(self) -> list[psutil.Process]:
        process = psutil.Process(self.process.pid)
        return [process, *process.children(recursive=True)]

    def accounts(self) -> set[int]:
        """Give the numbers of the accounts that its processes run under."""
        found: set[int] = set()
        for process in self.all():
            with suppress(psutil.NoSuchProcess):  # PostgreSQL's come and go
                found.add(process.uids().effective)
        return found

    def run_sql(self, statement: str) -> list[tuple[object, ...]]:
        run = services.run_directory(self.home)
        connection = psycopg2.connect(host=run, user=services.USER, dbname=services.DATABASE)
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            rows = cursor.fetchall() if cursor.description else []
        connection.close()
        return rows

    def kill(self) -> None:
        """Do what `kill -9` of every process at once does."""
        everything = self.all()
        for act in (psutil.Process.suspend, psutil.Process.kill):
            for process in everything:
                with suppress(psutil.NoSuchProcess):  # it has just ended by itself
                    act(process)
        self.process.wait()
        psutil.wait_procs(everything, PATIENCE)

    def stop(self) -> int:
        """Press Ctrl-C."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


def is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:  # it has ended between the two questions
        return False


def command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:  # it has just ended
        return ""


Start = Callable[..., Copy]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a copy and wait until it says where it is."""
    copies: list[Copy] = []

    def start(name: str = "home", *, before: tuple[str, ...] = (), **environment: str) -> Copy:
        copies.append(Copy(tmp_path / name, before=before, environment=environment))
        until(copies[-1].is_up)
        return copies[-1]

    yield start
    for copy in copies:
        copy.stop()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """Give one copy to all tests of a file; they leave it running."""
    home = tmp_path_factory.mktemp("shared") / "home"
    copy = Copy(home, environment={"WEB_CONCURRENCY": "2"})
    until(copy.is_up)
    yield copy
    copy.stop()
