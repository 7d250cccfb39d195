"""How PostgreSQL, which refuses to run as root, runs where only root is at hand."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from local.children import libc

NOBODY = 65534
CAP_DAC_OVERRIDE = 1
PR_SET_SECUREBITS, NO_SETUID_FIXUP = 28, 1 << 2
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
CAPABILITY_VERSION_3 = 0x20080522


def _stay() -> None:
    """Be who we are."""


@dataclass(frozen=True)
class Way:
    """A way to start the server: what to put before it, who to become, who owns its files."""

    owner: int
    prefix: tuple[str, ...] = ()
    become: Callable[[], None] = _stay


@dataclass(frozen=True)
class Runner:
    """The way that works on this machine, and where the server's programs are for it."""

    way: Way
    programs: Path

    def command(self, program: str, *arguments: str) -> list[str]:
        """Give the command line of one of PostgreSQL's programs."""
        return [*self.way.prefix, str(self.programs / program), *arguments]


def become_nobody() -> None:
    """Become an ordinary account that owns nothing but what is handed over to it."""
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def become_nobody_with_a_pass() -> None:
    """Become an ordinary account that may enter any folder: the project may be below /root.

    Of root's capabilities only CAP_DAC_OVERRIDE stays, ambient, so that it survives `exec`.
    PostgreSQL checks its paths with access(2), which forgets capabilities of an account
    that is not root, except under SECBIT_NO_SETUID_FIXUP: capabilities(7).
    """
    _check(libc.prctl(PR_SET_SECUREBITS, NO_SETUID_FIXUP, 0, 0, 0))
    become_nobody()
    only = 1 << CAP_DAC_OVERRIDE
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(only, only, only)  # effective, permitted, inheritable
    _check(libc.capset(header, sets))
    _check(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0))


# In a user namespace where root is called 65534 the server believes itself unprivileged,
# *is* so towards the rest of the machine, and its files need no other owner.
IN_NAMESPACE = Way(0, prefix=("unshare", "--user", f"--map-user={NOBODY}"))
WITH_A_PASS = Way(NOBODY, become=become_nobody_with_a_pass)
AS_NOBODY = Way(NOBODY, become=become_nobody)


def choose(programs: Path, home: Path, folders: list[Path]) -> Runner:
    """Find the way that works for an installation, and hand the server's folders over to it.

    Containers mostly refuse namespaces, some take away capabilities as well. A data folder
    that was made in one way is taken over by another.
    """
    if os.geteuid() != 0:
        return Runner(Way(os.geteuid()), programs)
    for way in (IN_NAMESPACE, WITH_A_PASS):
        runner = Runner(way, programs)
        if _works(runner, home) and _hand_over(folders, way.owner):
            return runner
    home.chmod(0o711)  # may be walked through; what is in it guards itself
    for place in (lambda: programs, lambda: _copied(programs, home)):
        runner = Runner(AS_NOBODY, place())
        if _works(runner, home) and _hand_over(folders, NOBODY):
            return runner
    sys.exit(
        "PostgreSQL does not run as root, and this root account may not step down for "
        f"{home}. Start as another user, choose an OPSROOM_HOME that every account can "
        "enter, or set DATABASE_URL."
    )


def _works(runner: Runner, home: Path) -> bool:
    """Try whether the server's program runs, and can enter the data folder's parent."""
    script = ["sh", "-c", 'cd "$0" && exec "$1" --version']
    try:
        tried = subprocess.run(
            [*runner.way.prefix, *script, str(home), str(runner.programs / "postgres")],
            preexec_fn=runner.way.become,
            capture_output=True,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return tried.returncode == 0


def _hand_over(folders: list[Path], owner: int) -> bool:
    """Give folders and all in them to an account; the folder itself last, as the sign."""
    try:
        for folder in folders:
            if folder.stat().st_uid != owner:
                for path in sorted(folder.rglob("*"), reverse=True):
                    os.chown(path, owner, -1, follow_symlinks=False)
                os.chown(folder, owner, -1)
    except PermissionError:
        return False
    return True


def _copied(programs: Path, home: Path) -> Path:
    """Copy PostgreSQL to where the account can reach it."""
    installation = programs.parent
    copy = home / f"{installation.name}-{int(installation.stat().st_mtime)}"
    if not copy.exists():
        unfinished = copy.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(installation, unfinished, symlinks=True)
        unfinished.rename(copy)
    return copy / programs.name


def _check(answer: int) -> None:
    if answer != 0:
        raise OSError(ctypes.get_errno(), "refused")
