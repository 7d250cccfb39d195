"""The keys of one keyboard reader, by Linux's input events."""

import select
from collections.abc import Iterator

from evdev import InputDevice

from bridge.frames.keys import typed

KEY, PRESSED = 1, 1  # EV_KEY, and the value of a key going down: 2 is one that repeats
TICK = 0.05


def pressed(path: str) -> Iterator[bytes]:
    """Give what is typed, or nothing now and then: the device is ours alone meanwhile.

    Raises:
        OSError: The reader was unplugged, or another program has it.
    """
    device = InputDevice(path)
    try:
        device.grab()
        while True:
            yield b""
            if select.select([device.fd], [], [], TICK)[0]:
                yield b"".join(
                    typed(event.code)
                    for event in device.read()
                    if event.type == KEY and event.value == PRESSED
                )
    finally:
        device.close()
