"""Processes that end with us, whatever ends us, and take their own children along."""

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from setproctitle import setproctitle

PR_SET_PDEATHSIG = 1
M_ARENA_MAX = -8

libc = ctypes.CDLL(None, use_errno=True)


@dataclass
class Forked:
    """A process that shares what we have imported; asked as a `subprocess.Popen` is."""

    pid: int
    returncode: int | None = None  # as there: negative if a signal ended it

    def poll(self) -> int | None:
        """Give how it ended, or None while it runs."""
        if self.returncode is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended.

        Raises:
            subprocess.TimeoutExpired: if it has not within the seconds.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
            time.sleep(0.01)
        return code

    def send_signal(self, how: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, how)


Process = subprocess.Popen[bytes] | Forked


def fork(run: Callable[[], None], *, title: str, stop: signal.Signals) -> Forked:
    """Run a function in a process of its own that shares all we have imported.

    What it imports costs memory and time once for all. Like one of `spawn` it gets `stop`
    from the kernel should we be killed. `title` is what `ps` shows.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return Forked(pid)
    code = 1
    try:
        _leave(stop)
        setproctitle(title)
        tempfile.tempdir = None  # it was found for us
        code = _status(run)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)  # nothing of ours is to be closed or said twice


def _status(run: Callable[[], None]) -> int:
    """Run to the end, with what Python does there, and give the exit status."""
    try:
        run()
    except SystemExit as end:
        if not isinstance(end.code, int | None):
            sys.stderr.write(f"{end.code}\n")
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001  (joins the threads)
    return 0


def _leave(stop: signal.Signals, become: Callable[[], None] | None = None) -> None:
    """Be a process of our own, which ends with the one that started it."""
    os.setsid()  # Ctrl-C reaches only the one above, who stops its children in order
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    if become:
        become()
    libc.prctl(PR_SET_PDEATHSIG, stop)  # last: a change of user takes it away again


def share_memory() -> None:
    """Let threads use again what others have freed, as MALLOC_ARENA_MAX says to who starts."""
    libc.mallopt(M_ARENA_MAX, int(os.environ["MALLOC_ARENA_MAX"]))


def spawn(
    command: list[str],
    *,
    stop: signal.Signals,
    log: Path | None = None,
    fds: Iterable[int] = (),
    environment: dict[str, str] | None = None,
    become: Callable[[], None] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a process that gets `stop` from the kernel should we be killed ourselves.

    It inherits `fds`, and whatever is marked inheritable: the lock of `local.up`. `become`
    runs in the child and changes who it is.
    """

    def before_exec() -> None:
        for fd in fds:
            os.set_inheritable(fd, True)  # noqa: FBT003
        _leave(stop, become)

    with log.open("ab") if log else nullcontext() as output:
        return subprocess.Popen(
            command,
            preexec_fn=before_exec,  # noqa: PLW1509  (we have no threads)
            env=environment,
            close_fds=False,
            stdout=output,
            stderr=output,
        )


def stop(process: Process, how: signal.Signals, *, patience: float = 20) -> None:
    """Ask a process to end, and see that it and what it started have, within the seconds."""
    if process.poll() is None:
        process.send_signal(how)
    with suppress(subprocess.TimeoutExpired):
        process.wait(patience)
    kill_session(process.pid)
    process.wait()


def kill_session(leader: int) -> None:
    """Kill a process that `spawn` started and all it left, but for sessions of their own."""
    for pid in _members(leader):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _members(session: int) -> list[int]:
    """Find the processes of a session; `getsid` says so without reading /proc files."""
    members = []
    for name in os.listdir("/proc"):  # noqa: PTH208  (only names, of some hundred processes)
        with suppress(ValueError, ProcessLookupError, PermissionError):
            if os.getsid(int(name)) == session:
                members.append(int(name))
    return members
