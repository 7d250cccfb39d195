"""`python -m local.packages`: what the tests need of Debian, installed where we may."""

import os
import shutil
import subprocess
from ctypes.util import find_library

LIBRARIES = {  # without them there are no PDF files; the names are those of Debian 12 and 13
    "libpango-1.0-0": "pango-1.0",
    "libpangoft2-1.0-0": "pangoft2-1.0",
}
# The same engine without the windows around it: opening a page costs a quarter. Where a system
# does not offer it, the whole browser does as well.
QUICK, WHOLE = BROWSERS = ("chromium-headless-shell", "chromium")


def missing() -> list[str]:
    """Name the packages that are not there."""
    found = [name for name, library in LIBRARIES.items() if find_library(library) is None]
    return found if any(map(shutil.which, BROWSERS)) else [*found, WHOLE]


def wanted() -> list[str]:
    """Name what to install: what is missing, with the quicker browser if it is on offer."""
    if shutil.which(QUICK) or not is_on_offer(QUICK):
        return missing()
    return [*(name for name in missing() if name != WHOLE), QUICK]


def is_on_offer(package: str) -> bool:
    """Tell whether apt knows a package."""
    asked = ["apt-cache", "show", package]
    try:
        return subprocess.run(asked, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def root() -> list[str] | None:
    """Say what to put before a command that only root may run; None if we may not."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    asks_nothing = ["sudo", "-n"]
    try:
        subprocess.run([*asks_nothing, "true"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return asks_nothing


def install(prefix: list[str]) -> None:
    """Install what is wanted; a failure is told by apt, and then by `main`."""
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    if missing():
        subprocess.run([*apt, "update"], check=False)
    if packages := wanted():
        subprocess.run(
            [*apt, "install", "-y", "--no-install-recommends", *packages], check=False
        )


def main() -> None:
    """Install what is missing, or say what is left out without it."""
    prefix = root()
    if prefix is not None:
        install(prefix)
    if still := missing():
        print(f"Not installed: {', '.join(still)}. Tests that need them are skipped.")  # noqa: T201


if __name__ == "__main__":
    main()
