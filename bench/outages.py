"""Kills, frozen servers and a full disk under load: what is lost, doubled, or told badly.

`python -m bench.outages` runs an installation of its own, in a mount namespace if the machine
allows one, so that its disk can be filled; it prints its rows as JSON.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import psutil  # type: ignore[import-untyped]
import psycopg2

from bench.cases import ADJUSTMENTS, adjustment
from bench.preparing import prepare
from bench.report import Row
from bench.servers import free_port
from local import children, services, settings

PROGRAMS, BROWSERS, SPREAD = 6, 2, 50  # clients that write and that look; products
KILLS, FROZEN, FULL = 20, 60.0, 20.0  # how often; for how many seconds
CALM, BACK = 3.0, 10.0  # seconds between two faults, and until everybody is served again
PATIENCE = 90.0  # seconds that a client waits for an answer, and we for a client
PAUSE = 0.1
DISK, UNMOUNT = "1g", ["umount"]
REACH = f"0 lost, 0 doubled, no bare answer, back in <= {BACK:g} s"
PART = {  # words of a command line; of web and PostgreSQL a child, too
    "web": "gunicorn",
    "worker": "worker.py interactive",
    "syncs": "worker.py sync",
    "scheduler": "scheduler.py",
    "postgres": "postgres -D",
    "redis": "redis-server",
}
CREATED, FOUND, UNAVAILABLE = 201, 200, 503


class Installation(NamedTuple):
    """What runs, and what lets the clients in."""

    home: Path
    port: int
    pid: int
    token: str
    cookie: str


class Heard(NamedTuple):
    """An answer as it should be: when it was asked for and when it came, and by whom."""

    client: int
    began: float
    ended: float


class Load:
    """Programs that write until it is done, and browsers that look, until told to stop."""

    def __init__(self, ours: Installation) -> None:
        self.ours, self.stopped, self.name = ours, threading.Event(), uuid4().hex[:8]
        self.heard: list[Heard] = []
        self.saved: list[str] = []  # keys of writes that were answered as done
        self.bare: list[str] = []  # answers that are not in our shape
        self.told: Counter[str] = Counter()  # refusals that are
        self.clients = [
            threading.Thread(target=work, args=(number,), daemon=True)
            for number, work in enumerate([self._write] * PROGRAMS + [self._look] * BROWSERS)
        ]

    def served_again(self, since: float) -> float:
        """Wait until every client has been served anew; give the seconds that the last took."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            first: dict[int, float] = {}
            for one in list(self.heard):
                if one.began >= since:
                    first.setdefault(one.client, one.ended)
            if len(first) == len(self.clients):
                return max(first.values()) - since
            time.sleep(0.05)
        return float("inf")

    def _write(self, client: int) -> None:
        turn = 0
        while not self.stopped.is_set():
            turn += 1
            key = f"outage-{self.name}-{client}-{turn}"
            body = adjustment(client * SPREAD + turn % SPREAD)
            while not self._is_saved(client, key, body):
                time.sleep(PAUSE)
            self.saved.append(key)
            time.sleep(PAUSE)

    def _is_saved(self, client: int, key: str, body: str) -> bool:
        headers = {
            "Authorization": f"Bearer {self.ours.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        status, kind, text = self._ask(client, "POST", ADJUSTMENTS, body, headers, CREATED)
        if status in {0, CREATED}:
            return status == CREATED
        try:
            said = json.loads(text) if kind.startswith("application/json") else {}
        except ValueError:
            said = {}
        if not {"error", "code", "fields"} <= set(said) or status != UNAVAILABLE:
            self.bare.append(f"{status} {text[:200]}")
        self.told[said.get("code", "")] += 1
        return False

    def _look(self, client: int) -> None:
        headers = {"Cookie": self.ours.cookie}
        while not self.stopped.wait(PAUSE):
            status, _, text = self._ask(client, "GET", "/products", None, headers, FOUND)
            if status == UNAVAILABLE and "<h1>That did not work</h1>" in text:
                self.told["page"] += 1
            elif status not in {0, FOUND}:
                self.bare.append(f"{status} {text[:200]}")

    def _ask(
        self,
        client: int,
        method: str,
        path: str,
        body: str | None,
        headers: dict[str, str],
        good: int,
    ) -> tuple[int, str, str]:
        """Ask once; 0 is a line that was cut: no answer at all, so no bare one."""
        line, began = HTTPConnection("127.0.0.1", self.ours.port, timeout=PATIENCE), now()
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            text = answer.read().decode()
        except (OSError, HTTPException):
            return 0, "", ""
        finally:
            line.close()
        if answer.status == good:
            self.heard.append(Heard(client, began, now()))
        return answer.status, answer.headers.get("Content-Type", ""), text


def now() -> float:
    """Give the time, for differences."""
    return time.monotonic()


def rows() -> list[Row]:
    """Run everything in a process whose mounts are its own."""
    command = [sys.executable, "-m", "bench.outages"]
    apart = ["unshare", "--mount"]
    if os.geteuid():
        apart += ["--map-current-user", "--keep-caps"]
    can = subprocess.run([*apart, "true"], check=False, capture_output=True).returncode == 0
    kept = {n: v for n, v in os.environ.items() if n not in {"DATABASE_URL", "REDIS_URL"}}
    done = subprocess.run(
        [*apart, *command] if can else command, env=kept, check=True, stdout=subprocess.PIPE
    )
    return [Row(*row) for row in json.loads(done.stdout.splitlines()[-1])]


def main() -> None:
    """Do harm of all four kinds, one after the other."""
    home = Path(tempfile.mkdtemp(prefix="opsroom-outages-"))
    with running(home) as ours:
        found = [
            _tried(ours, f"{KILLS} kills under load", _kills),
            _tried(ours, f"PostgreSQL frozen for {FROZEN:g} s", _freeze("postgres")),
            _tried(ours, f"Redis frozen for {FROZEN:g} s", _freeze("redis")),
        ]
        if os.path.ismount(home):
            found.append(_tried(ours, f"The disk full for {FULL:g} s", _fill))
    print(json.dumps(found))  # noqa: T201


@contextmanager
def running(home: Path) -> Iterator[Installation]:
    """Run `local.up` in a folder, on a disk of its own if that may be mounted."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=700", "opsroom", str(home)]
    subprocess.run(mount, check=False, capture_output=True)
    port = free_port()
    os.environ |= {"OPSROOM_HOME": str(home), "PORT": str(port), "WEB_CONCURRENCY": "2"}
    log = Path(tempfile.gettempdir(), f"{home.name}.log")
    command = [sys.executable, "-m", "local.up"]
    supervisor = children.spawn(command, stop=signal.SIGTERM, log=log)
    try:
        _wait(lambda: "Opsroom runs at" in log.read_text(), log)
        settings.HOME = home
        settings.fill_environment()
        prepared = prepare(products=6_000, customers=10)
        yield Installation(home, port, supervisor.pid, prepared.token, prepared.cookie)
    finally:
        children.stop(supervisor, signal.SIGTERM, patience=60)
        subprocess.run([*UNMOUNT, str(home)], check=False, capture_output=True)
        shutil.rmtree(home, ignore_errors=True)
        log.unlink()


def _wait(ready: Callable[[], bool], log: Path) -> None:
    deadline = now() + PATIENCE
    while not ready():
        if now() > deadline:
            raise RuntimeError(log.read_text()[-2000:])
        time.sleep(0.1)


def _tried(ours: Installation, work: str, harm: Callable[..., list[float]]) -> Row:
    """Do harm under load; then count what was acknowledged and what there is."""
    before, load = _counted(ours), Load(ours)
    for client in load.clients:
        client.start()
    load.served_again(now())
    back = harm(ours, load)
    load.stopped.set()
    for client in load.clients:
        client.join(PATIENCE)
    there = _counted(ours)
    there.subtract(before)
    acknowledged = Counter(dict.fromkeys(load.saved, 1))
    lost = sum((acknowledged - there).values())
    doubled = sum((there - acknowledged).values())
    print(work, back, dict(load.told), load.bare[:5], file=sys.stderr)  # noqa: T201
    refused = load.told.total()
    is_reached = not (lost or doubled or load.bare) and max(back) <= BACK
    return Row(
        f"{work}, {PROGRAMS} programs write, {BROWSERS} browsers look",
        REACH,
        "",
        f"{len(load.saved):,} writes, {lost} lost, {doubled} doubled, {len(load.bare)} bare; "
        f"{refused:,} times 503 in our shape; back in {max(back):.1f} s",
        *("", "", ""),
        is_reached=is_reached,
    )


def _counted(ours: Installation) -> Counter[str]:
    """Give how many movements there are of each key of ours."""
    asked = """SELECT substring(p.key FROM 'outage-.*'), count(*), sum(m.quantity)
               FROM posting p JOIN stock_movement m ON m.posting_id = p.id
               WHERE p.key LIKE '%outage-%' GROUP BY 1"""
    run = services.run_directory(ours.home)
    with (
        psycopg2.connect(host=run, user=services.USER, dbname=services.DATABASE) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(asked)
        return Counter({key: max(rows, int(pieces)) for key, rows, pieces in cursor.fetchall()})


def _kills(ours: Installation, load: Load) -> list[float]:
    """Kill one after the other, each when everybody was served again after the last."""
    dice, back = random.Random(12), []  # noqa: S311
    victims = [*PART, "a child of web", "a child of postgres"]
    for number in range(KILLS):
        if number % len(victims) == 0:
            dice.shuffle(victims)
        _kill(ours, victims[number % len(victims)])
        back.append(load.served_again(now()))
        time.sleep(CALM)
    return back


def _kill(ours: Installation, name: str) -> None:
    part = name.removeprefix("a child of ")
    process = _part(ours, part)
    if part != name:
        process = process.children()[-1]
    with suppress(psutil.NoSuchProcess):
        process.kill()


def _part(ours: Installation, name: str) -> Any:
    """Wait for a part of the installation to be there."""
    deadline = now() + PATIENCE
    while now() < deadline:
        for process in psutil.Process(ours.pid).children():
            with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                if PART[name] in " ".join(process.cmdline()):
                    return process
        time.sleep(0.05)
    raise RuntimeError(f"{name} does not run.")


def _freeze(name: str) -> Callable[[Installation, Load], list[float]]:
    """Stop a server and its children for a while."""

    def harm(ours: Installation, load: Load) -> list[float]:
        main = _part(ours, name)
        everything = [main, *main.children(recursive=True)]
        for process in everything:
            process.suspend()
        time.sleep(FROZEN)
        for process in reversed(everything):
            process.resume()
        return [load.served_again(now())]

    return harm


def _fill(ours: Installation, load: Load) -> list[float]:
    """Leave no byte on the disk for a while; the processes of the web have to outlive it."""
    web = _part(ours, "web")
    before = {child.pid for child in web.children()}
    filler = ours.home / "filler"
    with filler.open("wb", buffering=0) as file:
        until = now() + FULL
        while now() < until:
            try:
                file.write(b"x" * 2**20)
            except OSError:
                time.sleep(0.01)
    line = HTTPConnection("127.0.0.1", ours.port, timeout=PATIENCE)
    line.request("GET", "/health")
    health = line.getresponse().read()
    line.close()
    filler.unlink()
    back = load.served_again(now())
    if before - {child.pid for child in web.children()}:
        load.bare.append("A process of the web died.")
    if not load.told["disk_full"] or b"disk full" not in health:
        load.bare.append(f"Nobody was told that the disk is full: {health!r}")
    return [back]


if __name__ == "__main__":
    main()
