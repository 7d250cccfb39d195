"""What README and docs promise of compose.yaml and Dockerfile is so."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

import config

COMPOSE: dict[str, Any] = yaml.safe_load(Path("compose.yaml").read_text())
# The folder and the address of `make run`: in a container, Dockerfile says them.
OF_A_DESK = {"OPSROOM_HOME", "HOST", "PORT"}


def documented() -> set[str]:
    """Give the variables that docs/configuration.md names."""
    page = Path("docs/configuration.md").read_text()
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}


def read() -> set[str]:
    """Give the variables that our code reads."""
    files = [Path("config.py"), Path("gunicorn.conf.py"), *Path("local").glob("*.py")]
    text = "".join(file.read_text() for file in files)
    return set(re.findall(r'environ(?:\.get\(|\.setdefault\(|\[)"([A-Z_]+)"', text))


def passed(service: str) -> set[str]:
    return set(COMPOSE["services"][service]["environment"])


def test_compose_passes_every_variable_there_is() -> None:
    assert documented() - OF_A_DESK - passed("web") == set()


@pytest.mark.parametrize("service", ["migrate", "worker", "scheduler"])
def test_what_runs_beside_the_pages_knows_the_same(service: str) -> None:
    only_pages = {"WEB_CONCURRENCY", "STATEMENT_SECONDS", "FORWARDED_ALLOW_IPS"}

    assert passed("web") - passed(service) == only_pages


def test_every_variable_that_is_read_is_documented() -> None:
    inner = {
        "PATH",
        "OPSROOM_USER",
        "OPSROOM_PASSWORD",
        "TZ",
        "MALLOC_ARENA_MAX",
        "GATE_FD",
        "PROMETHEUS_MULTIPROC_DIR",
        "LC_ALL",
    }

    assert read() - inner - documented() == set()
    assert documented() - read() - {"FORWARDED_ALLOW_IPS"} == set()


def test_a_backup_takes_every_variable_along_that_is_not_the_machines_own() -> None:
    own = {"DATABASE_URL", "REDIS_URL", "BACKUP_DIR", "BACKUP_PASSPHRASE"}

    assert documented() - OF_A_DESK - own == {*config.BACKED_UP, *config.SEALED}


def test_a_proxy_stands_in_front_and_is_trusted() -> None:
    services = COMPOSE["services"]

    assert "ports" not in services["web"]
    assert "reverse_proxy web:8000" in COMPOSE["configs"]["caddyfile"]["content"]
    assert services["web"]["environment"]["TRUSTED_PROXIES"] == "${TRUSTED_PROXIES:-1}"
    assert services["web"]["environment"]["HTTPS"] == "${HTTPS:-1}"


def test_backups_outlive_their_container() -> None:
    assert "backups:/backups" in COMPOSE["services"]["worker"]["volumes"]
    assert "backups" in COMPOSE["volumes"]
    assert "/backups" in Path("Dockerfile").read_text()


@pytest.mark.skipif(shutil.which("hadolint") is None, reason="hadolint is not at hand")
def test_the_dockerfile_is_as_hadolint_wants_it() -> None:
    # Versions of Debian's packages are those of the image; DL3008 wants them twice.
    command = ["hadolint", "--ignore", "DL3008", "Dockerfile"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.stdout + done.stderr == ""
