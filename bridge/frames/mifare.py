"""7941E and 7941W: 02 LEN TYPE DATA BCC 03, in bytes, for EM4100 and Mifare cards."""

from collections.abc import Iterator
from functools import reduce
from operator import xor

from bridge.frames.decoding import Decoder

START, END = 0x02, 0x03
AROUND = 5  # bytes of a frame that are not data
SHORTEST, LONGEST = AROUND + 4, AROUND + 10  # numbers of cards have 4 to 10 bytes


class Frame7941Decoder(Decoder):
    """Any byte may be 02 here: what begins like a frame and is none is looked through again."""

    idle_gap = 0.2

    def _frames(self) -> Iterator[int | None]:
        while self._buffer:
            if self._buffer[0] != START:
                self._drop(1)
                continue
            if len(self._buffer) == 1:
                return
            length = self._buffer[1]
            if not SHORTEST <= length <= LONGEST:
                self._drop(1)
                continue
            if len(self._buffer) < length:
                return
            yield from self._whole(length)

    def _silence(self) -> Iterator[int | None]:
        """Look behind the start of a torn frame: it may have swallowed that of a good one."""
        while self._buffer:
            self._drop(1)
            yield from self._frames()

    def _whole(self, length: int) -> Iterator[int | None]:
        frame = self._buffer[:length]
        if frame[-1] != END:
            self._drop(1)
        elif reduce(xor, frame[1:-2]) != frame[-2]:
            self._drop(1)
            yield None
        else:
            yield int.from_bytes(self._take(length)[3:-2], "big")
