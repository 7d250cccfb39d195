"""EM4100 cards: ten hex digits and two of a checksum, framed in three ways."""

import re
from collections.abc import Iterator
from functools import reduce
from operator import xor
from typing import ClassVar

from bridge.frames.decoding import Decoder

START = 0x02
DIGITS = 12
_ALL_DIGITS = re.compile(rb"[0-9A-Fa-f]{12}")


def em4100_number(digits: bytes) -> int | None:
    """Give the 40 bits of `62E3086CED08`; none, if its last byte is not the others' XOR."""
    *parts, checksum = bytes.fromhex(digits.decode())
    return int(digits[:-2], 16) if reduce(xor, parts) == checksum else None


class _FramedDecoder(Decoder):
    """Digits between a start and an end byte; neither is a digit, so any start is a start."""

    frame: ClassVar["re.Pattern[bytes]"]
    length: ClassVar[int]

    def _frames(self) -> Iterator[int | None]:
        while found := self.frame.search(self._buffer):
            self._drop(found.start())
            yield em4100_number(self._take(self.length)[1 : DIGITS + 1])
        begun = self._buffer.rfind(START)
        is_open = begun >= 0 and len(self._buffer) - begun < self.length
        self._drop(begun if is_open else len(self._buffer))


class Rdm6300Decoder(_FramedDecoder):
    """RDM6300 and RDM630: 02, 12 digits, 03. Repeats while the card is held."""

    frame = re.compile(rb"\x02[0-9A-Fa-f]{12}\x03")
    length = DIGITS + 2


class Id12Decoder(_FramedDecoder):
    """ID-12, ID-20 and their LA kinds: CR and LF stand before the 03."""

    frame = re.compile(rb"\x02[0-9A-Fa-f]{12}\r\n\x03")
    length = DIGITS + 4


class Em18Decoder(Decoder):
    """EM-18: 12 digits and nothing around them, so only silence tells where they end."""

    idle_gap = 0.05
    longest = 64  # bytes without any silence: noise

    def _frames(self) -> Iterator[int | None]:
        if len(self._buffer) > self.longest:
            self._drop(len(self._buffer) - self.longest)
        yield from ()

    def _silence(self) -> Iterator[int | None]:
        if _ALL_DIGITS.fullmatch(self._buffer):
            yield em4100_number(self._take(DIGITS))
        else:
            self._drop(len(self._buffer))
