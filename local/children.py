"""Processes that end with us, whatever ends us, and take their own children along."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Iterable
from contextlib import nullcontext, suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1

libc = ctypes.CDLL(None, use_errno=True)


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
        os.setsid()  # Ctrl-C reaches only us, and we stop the children in order
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        for fd in fds:
            os.set_inheritable(fd, True)  # noqa: FBT003
        if become:
            become()
        libc.prctl(PR_SET_PDEATHSIG, stop)  # last: a change of user takes it away again

    with log.open("ab") if log else nullcontext() as output:
        return subprocess.Popen(
            command,
            preexec_fn=before_exec,  # noqa: PLW1509  (we have no threads)
            env=environment,
            close_fds=False,
            stdout=output,
            stderr=output,
        )


def stop(
    process: "subprocess.Popen[bytes]", how: signal.Signals, *, patience: float = 20
) -> None:
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
