"""What one copy has for itself: its data folder and its port."""

import errno
import fcntl
import os
import socket
import sys
import time
from pathlib import Path
from typing import TextIO

PATIENCE = 30  # seconds for an earlier copy to end
LAST_PORT = 65535
ANOTHER = "Choose another one: PORT=8001 make run"


def claim_home(home: Path) -> TextIO:
    """Be the only one in this folder, until the file is closed.

    Every child inherits the lock, so it also says that an earlier copy is still ending. The
    file names the copy that is running, if it is not about to end: no need to wait for that.
    """
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (home / "lock").open("a+")
    except OSError as error:
        sys.exit(f"The data folder {home} cannot be used: {error.strerror}.")
    os.set_inheritable(lock.fileno(), True)  # noqa: FBT003
    deadline = time.monotonic() + PATIENCE
    while not _locks(lock):
        if time.monotonic() > deadline or _is_running(lock):
            sys.exit(f"Opsroom is already running in {home}.")
        time.sleep(0.1)
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def release_soon(lock: TextIO) -> None:
    """Say that we are about to end; the next copy waits for us instead of giving up."""
    lock.truncate(0)


def claim_port(host: str, port: str) -> socket.socket:
    """Listen, before anything starts; the web server inherits the socket.

    It outlives a web server that has to be started again: visitors wait instead of failing.
    """
    if not port.isdigit() or int(port) > LAST_PORT:
        sys.exit(f"PORT={port} is not a port number. {ANOTHER}")
    try:
        found = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)
        family, kind, _, _, address = found[0]
        listener = socket.socket(family, kind)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
    except OSError as error:
        sys.exit(_refusal(host, port, error))
    return listener


def url(listener: socket.socket) -> str:
    """Give the address for a browser."""
    host, port, *_ = listener.getsockname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _locks(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_running(lock: TextIO) -> bool:
    lock.seek(0)
    pid = lock.read().strip()
    return pid.isdigit() and Path("/proc", pid).exists()


def _refusal(host: str, port: str, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program. {ANOTHER}"
    if error.errno == errno.EACCES:
        return f"Port {port} is not open to this account. {ANOTHER}"
    return f"HOST={host} is not an address of this machine. Leave it out, or use 0.0.0.0."
