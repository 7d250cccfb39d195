"""Readers that type: a line of digits, ended by CR, LF or both."""

import re
from collections.abc import Iterator

from bridge.frames.decoding import Decoder

LONGEST = 32  # bytes of a line
USUAL = 10  # digits: 32 bits in decimal, or 40 in hexadecimal
_ENDS = re.compile(rb"[\r\n]")
_WIEGAND = re.compile(r"([0-9]{1,3})[,:]([0-9]{1,5})")
_DECIMAL = re.compile(r"[0-9]+")
_HEX = re.compile(r"[0-9A-Fa-f]+")
_BYTE, _SHORT = 0xFF, 0xFFFF


def card_number(text: str, *, digits: int = USUAL, is_hex: bool = False) -> int | None:
    """Read what is typed for a card, none if it is not one.

    `0014871789` are 32 bits in decimal; `226,60525` are the facility and the card of
    Wiegand: 8 and 16 bits. Without a checksum, only their number tells that no digit was lost.
    Hexadecimal digits are so only where the reader is said to type them: `0012345678` could
    be either.
    """
    if parts := _WIEGAND.fullmatch(text):
        facility, card = int(parts[1]), int(parts[2])
        return facility << 16 | card if facility <= _BYTE and card <= _SHORT else None
    if len(text) != digits or not (_HEX if is_hex else _DECIMAL).fullmatch(text):
        return None
    return int(text, 16 if is_hex else 10)


class LineDecoder(Decoder):
    """A line of digits."""

    idle_gap = 1.0

    def __init__(self, *, digits: int = USUAL, is_hex: bool = False) -> None:
        super().__init__()
        self._digits, self._is_hex = digits, is_hex
        self._is_too_long = False  # and stays so up to its end

    def _frames(self) -> Iterator[int | None]:
        while found := _ENDS.search(self._buffer):
            line = self._take(found.end()).strip()
            number = self._number(line)
            if number is None:
                self.counts["noise"] += len(line)
            else:
                yield number
        if len(self._buffer) > LONGEST:
            self._is_too_long = True
            self._drop(len(self._buffer))

    def _silence(self) -> Iterator[int | None]:
        self._is_too_long = False
        return super()._silence()

    def _number(self, line: bytes) -> int | None:
        if self._is_too_long:
            self._is_too_long = False
            return None
        text = line.decode("ascii", errors="replace")
        return card_number(text, digits=self._digits, is_hex=self._is_hex)
