"""`make run` for root with and without user namespaces, and for an ordinary user."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.local.conftest import Start

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")

NOBODY = 65534
# An ordinary user who may nevertheless read the project, which may be below /root.
AS_NOBODY = (
    "setpriv",
    f"--reuid={NOBODY}",
    f"--regid={NOBODY}",
    "--clear-groups",
    "--securebits=+no_setuid_fixup",
    "--inh-caps=-all,+dac_read_search",
    "--ambient-caps=-all,+dac_read_search",
)
# Root of a container whose engine was told to take away the right to become somebody else.
POOR_ROOT = ("setpriv", "--bounding-set=-all,+chown,+dac_override,+fowner")


@pytest.fixture
def no_namespaces(tmp_path: Path) -> str:
    """Give a PATH on which `unshare` refuses, as it does in a container."""
    refusing = tmp_path / "bin/unshare"
    refusing.parent.mkdir()
    refusing.write_text("#!/bin/sh\nexit 1\n")
    refusing.chmod(0o755)
    return f"{refusing.parent}{os.pathsep}{os.environ['PATH']}"


def may(command: tuple[str, ...]) -> bool:
    try:
        return subprocess.run([*command, "true"], check=False).returncode == 0
    except OSError:
        return False


@pytest.mark.faults
def test_root_runs_without_namespaces_and_again_with_them(
    start: Start, no_namespaces: str
) -> None:
    first = start(PATH=no_namespaces)
    assert first.part("pginstall").uids().effective == NOBODY
    first.run_sql("CREATE TABLE kept (note text)")
    first.stop()

    second = start()

    assert second.run_sql("SELECT count(*) FROM kept") == [(0,)]


@pytest.mark.skipif(not may(POOR_ROOT), reason="setpriv may not take capabilities away here")
def test_root_without_capabilities_is_told_what_to_do(
    tmp_path: Path, no_namespaces: str
) -> None:
    told = subprocess.run(
        [*POOR_ROOT, sys.executable, "-m", "local.up"],
        env={"PATH": no_namespaces, "OPSROOM_HOME": str(tmp_path / "home"), "PORT": "0"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.stderr.startswith("PostgreSQL does not run as root")
    assert "Traceback" not in told.stderr


@pytest.mark.skipif(not may(AS_NOBODY), reason="setpriv may not become another user here")
def test_an_ordinary_user_runs_it(start: Start, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    shutil.chown(home, NOBODY, NOBODY)

    copy = start(before=AS_NOBODY)

    assert copy.is_ready()
    assert copy.accounts() == {NOBODY}
