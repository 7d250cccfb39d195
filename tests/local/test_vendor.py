import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from local import packages
from local.vendor import FILES, VENDOR, command

LOCK = Path("package-lock.json")


def test_the_lock_file_names_no_registry() -> None:
    assert "://" not in LOCK.read_text()


def test_every_front_end_package_is_pinned() -> None:
    package = json.loads(Path("package.json").read_text())
    wanted = package["dependencies"] | package["devDependencies"]
    locked = json.loads(LOCK.read_text())["packages"]

    for name, version in wanted.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
        assert locked[f"node_modules/{name}"]["version"] == version


def test_who_runs_it_installs_nothing_that_only_tests_need() -> None:
    assert "--omit=dev" in command([])
    assert "--omit=dev" not in command(["--dev"])


def test_every_served_file_is_there_and_no_two_have_one_name() -> None:
    names = [Path(name).name for name in FILES]

    assert len(set(names)) == len(names)
    assert [name for name in names if not (VENDOR / name).stat().st_size] == []


def test_missing_packages_are_named_where_nothing_may_be_installed(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "local.packages"],
        env=os.environ | {"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.startswith("Not installed: ")
    assert "chromium" in told.stdout


@pytest.mark.parametrize(
    ("there", "offered", "wanted"),
    [
        ([], True, [packages.QUICK]),
        ([], False, [packages.WHOLE]),
        ([packages.WHOLE], True, [packages.QUICK]),
        ([packages.WHOLE], False, []),
        ([packages.QUICK], True, []),
    ],
)
def test_the_quicker_browser_is_installed_where_it_is_on_offer(
    monkeypatch: pytest.MonkeyPatch, there: list[str], offered: bool, wanted: list[str]
) -> None:
    monkeypatch.setattr(packages, "LIBRARIES", {})
    monkeypatch.setattr("shutil.which", lambda name: name if name in there else None)
    monkeypatch.setattr(packages, "is_on_offer", lambda _name: offered)

    assert packages.wanted() == wanted
