"""What decoders share: a buffer that forgets half frames, and counts of what was refused."""

from collections import Counter
from collections.abc import Iterator
from typing import ClassVar

LOW_32 = 0xFFFF_FFFF


class Decoder:
    """Makes card numbers out of bytes, however these are cut into pieces.

    A card number is the low 32 bits of what the card holds: one card reads as 40 bits, as 32 or
    as decimal digits on different readers, and is one card on all of them.
    """

    idle_gap: ClassVar[float] = 0.5  # seconds of silence after which half a frame is none

    def __init__(self) -> None:
        # "frames"; "noise", in bytes; "checksum" and "zero": frames that were refused
        self.counts: Counter[str] = Counter()
        self._buffer = bytearray()
        self._last = 0.0

    def feed(self, data: bytes, now: float) -> list[int]:
        """Take what the port gave, and give the numbers of the cards that are whole by it.

        Args:
            data: The bytes since the last call; none, if only time has passed.
            now: Seconds of a clock that never jumps.
        """
        numbers = []
        if now - self._last >= self.idle_gap:
            numbers += self._accepted(self._silence())
        if data:
            self._last = now
            self._buffer += data
            numbers += self._accepted(self._frames())
        return numbers

    def _frames(self) -> Iterator[int | None]:
        """Take whole frames out of the buffer: a number, or none where its checksum is wrong.

        What cannot become a frame any more is dropped.
        """
        raise NotImplementedError

    def _silence(self) -> Iterator[int | None]:
        """Nothing followed what the buffer holds: half a frame, which is none."""
        self._drop(len(self._buffer))
        yield from ()

    def _accepted(self, read: Iterator[int | None]) -> list[int]:
        numbers = []
        for number in read:
            if number is None:
                self.counts["checksum"] += 1
            elif not number & LOW_32:
                self.counts["zero"] += 1  # a ghost that passes its checksum: no card is 0
            else:
                self.counts["frames"] += 1
                numbers.append(number & LOW_32)
        return numbers

    def _take(self, length: int) -> bytes:
        taken = bytes(self._buffer[:length])
        del self._buffer[:length]
        return taken

    def _drop(self, length: int) -> None:
        self.counts["noise"] += len(self._take(length))
