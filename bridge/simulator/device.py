"""A pty that is plugged in and out like an adapter."""

import os
import pty
import select
import threading
import tty
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

CHUNK = 1024
TICK = 0.1
Answer = Callable[[bytes], bytes]


class Device:
    """Something at a serial line, under a name that stays when it is plugged in again."""

    def __init__(self, link: Path, answer: Answer = lambda _data: b"") -> None:
        """Plug it in.

        Args:
            link: The path under which the port is found.
            answer: What it says to what it is sent.
        """
        self.link, self._answer = link, answer
        self._master, self._slave = -1, -1
        self.plug_in()

    def plug_in(self) -> None:
        """Make the port, under a number that may be another one than before."""
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.link.unlink(missing_ok=True)
        self.link.symlink_to(os.ttyname(self._slave))
        self._listener = threading.Thread(target=self._listen, args=[self._master], daemon=True)
        self._listener.start()

    def unplug(self) -> None:
        """Take the port away under the hands of whoever reads from it."""
        if self._master < 0:
            return
        master, self._master = self._master, -1
        self._listener.join()
        self.link.unlink(missing_ok=True)
        os.close(master)
        os.close(self._slave)

    def send(self, data: bytes) -> None:
        """Send what the device says of itself; nobody hears it while it is unplugged."""
        with suppress(OSError):
            os.write(self._master, data)

    def _listen(self, master: int) -> None:
        while self._master == master:
            if select.select([master], [], [], TICK)[0]:
                with suppress(OSError):  # nobody has the other side open
                    self.send(self._answer(os.read(master, CHUNK)))
