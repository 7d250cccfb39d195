"""One sync, or the download it is measured against, in a process of its own.

`python -m bench.syncing full` and so on; it prints its figures as JSON. QuickBooks' pace (10 a
second, 500 a minute) is lifted for both: it would hide what the work costs.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from sqlalchemy import select, text

import config
from app import create_app
from app.accounts.models import User
from app.core.db import db
from app.core.jobs import runner
from app.integrations.hub import tokens
from app.integrations.hub.apps import save_app
from app.integrations.hub.http import Http
from app.integrations.hub.limiter import Rate
from app.integrations.hub.models import Connection
from app.integrations.inbound.applying import apply_changes
from app.integrations.services import connecting
from app.integrations.sync.models import SyncRun
from app.integrations.sync.services import start_sync
from app.integrations.systems.quickbooks.connector import ENTITIES, QuickBooks
from bench.processes import Figures, forget_connections
from tests.standins.quickbooks.state import State

CALLBACK = "http://127.0.0.1/callback"
CHANGED = 50

_asked: list[str] = []


def main() -> None:
    """Do what the command line names."""
    app = create_app(config.from_environment())
    QuickBooks.rate = Rate(1e6, 10**6)
    _count_requests()
    with app.app_context():
        done = COMMANDS[sys.argv[1]]()
    print(json.dumps(done))  # noqa: T201


def full() -> Figures:
    """Connect, and read everything into an empty mirror."""
    forget_connections()
    return _timed(_connected())


def again() -> Figures:
    """Read everything once more: nothing has changed."""
    return _timed(start_sync(_connection().id, mode="full", cause="person"))


def changes() -> Figures:
    """Change 50 objects there, and take them over."""
    connection = _connection()
    _change(connection)
    return _timed(start_sync(connection.id, mode="changes", cause="person"))


def apply() -> Figures:
    """Let our records follow what waits in the mirror."""
    began = time.perf_counter()
    counts = apply_changes(_connection().id)
    return {"seconds": time.perf_counter() - began, "records": sum(counts.values())}


def download() -> Figures:
    """Ask for the same counts and pages, parse them, and keep nothing: the limit."""
    connection, outside = _connection(), QuickBooks()
    session, base = requests.Session(), outside.base_url(connection.environment)
    headers = {"Authorization": f"Bearer {tokens.access_token(connection.id)}"}

    def ask(asked: Any) -> Any:
        answer = session.get(f"{base}{asked.path}", params=asked.params, headers=headers)
        answer.raise_for_status()
        return json.loads(answer.text, parse_float=Decimal)

    began, records = time.perf_counter(), 0
    for kind, entity in ENTITIES.items():
        ask(outside.count_request(connection.account, kind))
        position, page = 1, 1000
        while page == 1000:  # noqa: PLR2004
            said = ask(outside.page_request(connection.account, kind, str(position)))
            page = len(said["QueryResponse"].get(entity, []))
            position, records = position + page, records + page
        ask(outside.count_request(connection.account, kind))
    return {"seconds": time.perf_counter() - began, "records": records}


def loop() -> Figures:
    """Read everything again and again, into an empty mirror, until somebody stops it."""
    with suppress(KeyboardInterrupt):
        while True:
            db.session.execute(text("TRUNCATE external_record"))
            db.session.commit()
            _timed(start_sync(_connection().id, mode="full", cause="person"))
    return {}


COMMANDS: dict[str, Callable[[], Figures]] = {
    "full": full,
    "again": again,
    "changes": changes,
    "apply": apply,
    "download": download,
    "loop": loop,
}


def _timed(run: SyncRun) -> Figures:
    """Perform a run as a worker does."""
    _asked.clear()
    began = time.perf_counter()
    runner.perform(run.job_run_id or 0)
    seconds = time.perf_counter() - began
    done = db.session.get_one(SyncRun, run.id, populate_existing=True)
    if done.state != "succeeded":
        raise RuntimeError(f"{done.state}: {done.problem}")
    return {
        "seconds": seconds,
        "records": done.rows_in,
        "changed": done.rows_changed,
        "requests": len(_asked),
        "megabytes": _peak() / 1024,
    }


def _peak() -> int:
    """The most memory this process has held, in kB; getrusage would count its parent's."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def _count_requests() -> None:
    once = Http._once  # noqa: SLF001

    def counted(self: Http, asked: Any, token: str) -> Any:
        _asked.append(asked.path)
        return once(self, asked, token)

    Http._once = counted  # type: ignore[method-assign]  # noqa: SLF001


def _connected() -> SyncRun:
    """Sign in as a person does; gives the first sync, which waits."""
    user = db.session.scalars(select(User).where(User.username == "bench")).one()
    there = State(record=False)
    save_app(
        "quickbooks",
        version=None,
        environment="standin",
        client_id=there.client_id,
        client_secret=there.client_secret,
    )
    address = connecting.begin_sign_in("quickbooks", user_id=user.id, redirect_uri=CALLBACK)
    answer = requests.post(address, data={"connect": ""}, allow_redirects=False, timeout=10)
    back = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
    connecting.finish_sign_in(
        "quickbooks",
        user_id=user.id,
        state=back["state"],
        code=back["code"],
        account=back["realmId"],
        redirect_uri=CALLBACK,
    )
    return db.session.scalars(select(SyncRun)).one()


def _connection() -> Connection:
    return db.session.scalars(select(Connection)).one()


def _change(connection: Connection) -> None:
    """Change the prices of 50 items, as somebody else does there."""
    base = os.environ["QUICKBOOKS_STANDIN"]
    there = f"{base}/v3/company/{connection.account}/item"
    headers = {"Authorization": f"Bearer {tokens.access_token(connection.id)}"}
    session = requests.Session()
    for number in range(1, CHANGED + 1):
        known = session.get(f"{there}/{number}", headers=headers).json()["Item"]
        new = {"Id": known["Id"], "SyncToken": known["SyncToken"], "sparse": True}
        price = round(float(known.get("UnitPrice") or 0) + 1, 2)
        session.post(
            there, json={**new, "UnitPrice": price}, headers=headers
        ).raise_for_status()


if __name__ == "__main__":
    main()
