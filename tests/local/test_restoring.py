"""The way back after a lost machine, as README describes it."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.local.conftest import KEPT, Copy, Start

pytestmark = pytest.mark.faults

PASSPHRASE = "correct horse battery staple"  # noqa: S105


def command(
    home: Path, module: str, *arguments: str, **more: str
) -> "subprocess.CompletedProcess[str]":
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=kept | {"OPSROOM_HOME": str(home)} | more,
        capture_output=True,
        text=True,
        check=False,
    )


def backed_up(copy: Copy, **more: str) -> Path:
    done = command(copy.home, "local.flask", "backup", **more)
    assert done.returncode == 0, done.stderr
    assert "put back and equal" in done.stdout
    return Path(done.stdout.splitlines()[0])


def test_a_backup_brings_everything_back_here_and_on_a_new_machine(
    start: Start, tmp_path: Path
) -> None:
    copy = start()
    copy.run_sql("INSERT INTO location (code, kind, path) VALUES ('KEPT-1', 'bin', 'KEPT-1/')")
    file = backed_up(copy, BACKUP_PASSPHRASE=PASSPHRASE)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    keys = {name: (copy.home / name).read_text() for name in ("secret_key", "encryption_key")}
    copy.run_sql("DELETE FROM location WHERE code = 'KEPT-1'")
    copy.stop()
    taken_away = str(shutil.copy(file, tmp_path / "taken-away.backup"))

    for home in (tmp_path / "new", copy.home):
        there_before = home.exists()
        done = command(home, "local.restore", taken_away, BACKUP_PASSPHRASE=PASSPHRASE)

        assert done.returncode == 0, done.stderr
        assert "is back, and equal" in done.stdout
        assert ("What was there before" in done.stdout) is there_before
        assert {name: (home / name).read_text() for name in keys} == keys
        again = start(home.name)
        assert again.run_sql("SELECT count(*) FROM location WHERE code = 'KEPT-1'") == [(1,)]
        assert "password" not in again.said()  # the administrator is the one of before
        assert again.is_ready()
        again.stop()


def test_nothing_is_put_back_under_a_running_installation(running: Copy) -> None:
    file = backed_up(running)

    by_make = command(running.home, "local.restore", str(file))
    by_flask = command(running.home, "local.flask", "restore", str(file))

    assert "is already running" in by_make.stderr
    assert "stop web, worker and scheduler first" in by_flask.stderr
    assert (by_make.returncode, by_flask.returncode) == (1, 1)
    assert running.is_ready()
