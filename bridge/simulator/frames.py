"""Cards as the readers would send them."""

from collections.abc import Callable, Mapping
from functools import reduce
from operator import xor

VERSION = 0x62  # the first byte of an EM4100 card: its maker's
EM4100, LENGTH = 0x02, 0x0A  # of a frame of 7941E


def digits(number: int) -> bytes:
    """Write the ten hex digits of a card, and two of their checksum."""
    body = bytes([VERSION]) + number.to_bytes(4, "big")
    return (body.hex() + f"{reduce(xor, body):02x}").upper().encode()


def rdm6300(number: int) -> bytes:
    """Write a frame of RDM6300."""
    return b"\x02" + digits(number) + b"\x03"


def id12(number: int) -> bytes:
    """Write a frame of ID-12."""
    return b"\x02" + digits(number) + b"\r\n\x03"


def frame_7941(number: int) -> bytes:
    """Write a frame of 7941E."""
    inner = bytes([LENGTH, EM4100, VERSION]) + number.to_bytes(4, "big")
    return b"\x02" + inner + bytes([reduce(xor, inner)]) + b"\x03"


def line(number: int) -> bytes:
    """Write what a keyboard types."""
    return f"{number:010}\r\n".encode()


WRITERS: Mapping[str, Callable[[int], bytes]] = {
    "rdm6300": rdm6300,
    "id12": id12,
    "em18": digits,
    "7941": frame_7941,
    "line": line,
}
