"""The JSON of outside systems: read whole, or of each record only what its stream looks at.

A page of a thousand records is some megabyte, of which a sync looks at three fields of each:
the rest goes into the mirror as the text that it came as.
"""

import json
import re
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from decimal import Decimal
from functools import cache, partial
from typing import Any

import msgspec

from app.integrations.hub.errors import NotUnderstood
from app.integrations.hub.transport import LARGEST

# JSON holds none of them, but who reads only a part of it does not see that the rest is none.
MARKS = (b"\x00", b"\x01", b"\x02")
GZIP = b"\x1f\x8b"
ONE_LINE = -1
DEEPEST = 64  # levels that are kept of what is nested too deep
ROOM = 300  # frames of Python's stack: who reads a record again stands deeper than we do
PIECES = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
OPENING, CLOSING = (b"[", b"{"), (b"]", b"}")
CUT = b"opsroom: nested too deep"
TOO_DEEP = b'"%s"' % CUT


class PartlyRead(dict[str, Any]):
    """A record of which only a part is read; `text` is the whole, as JSON in one line."""

    __slots__ = ("text",)

    def __init__(self, part: dict[str, Any], text: bytes) -> None:
        super().__init__(part)
        self.text = text


def decoded(content: bytes, shape: Any = Any) -> Any:
    """Read JSON, which is UTF-8 between systems (RFC 8259, 8.1).

    With a `shape` of msgspec its `Raw` parts stay unread. What does not fit it is read whole,
    so that whoever expects the shape can say what is wrong. Half a character (a lone
    surrogate) spoils a record, not the answer: the standard library lets it pass, and the
    record is rejected later.

    What is nested too deep to be used is cut out of the record that holds it, which bears a
    mark (`is_cut`) and is rejected; the others are as they are.

    Raises:
        ValueError: It is no JSON.
    """
    try:
        return _with_room_left(partial(_decoded, content, shape))
    except RecursionError:
        return _decoded(without_depths(content), shape)


def unpacked(content: bytes, *, most: int = LARGEST) -> bytes:
    """Unpack a file that is packed by gzip, as reports are; one that is not stays as it is.

    Raises:
        NotUnderstood: It is broken, or would be larger than `most`.
    """
    if not content.startswith(GZIP):
        return content
    unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        found = unpack.decompress(content, most)
    except zlib.error as error:
        raise NotUnderstood("A packed file is broken.") from error
    if unpack.unconsumed_tail or not unpack.eof:
        raise NotUnderstood("A packed file is broken, or larger than can be read at once.")
    return found


def is_cut(text: bytes) -> bool:
    """Tell whether a record is not whole: something of it was nested too deep."""
    return CUT in text


def without_depths(content: bytes) -> bytes:
    """Cut out of a JSON text what is nested deeper than `DEEPEST`, and mark where."""
    kept, depth, begin = [], 0, 0
    for found in PIECES.finditer(content):
        piece = found.group()
        if piece in OPENING:
            depth += 1
            if depth == DEEPEST + 1:
                kept.append(content[begin : found.start()])
        elif piece in CLOSING:
            depth -= 1
            if depth == DEEPEST:
                kept.append(TOO_DEEP)
                begin = found.end()
    return b"".join([*kept, content[begin:] if depth <= DEEPEST else b""])


def _decoded(content: bytes, shape: Any) -> Any:
    if shape is not Any and not any(mark in content for mark in MARKS):
        with suppress(msgspec.DecodeError):
            return _decoder(shape).decode(_in_one_line(content))
    try:
        return _decoder(Any).decode(content)
    except msgspec.DecodeError:
        return json.loads(content.decode(), parse_float=Decimal)


def _with_room_left(read: Callable[[], Any], frames: int = ROOM) -> Any:
    """Read where the stack is so deep that what can be read here can be read anywhere."""
    return _with_room_left(read, frames - 1) if frames else read()


def read_in_part(texts: Iterable[msgspec.Raw], part: type) -> list[Any]:
    """Read of each record the fields of `part`, a TypedDict; what is no object, whole."""
    read = _decoder(part).decode
    found: list[Any] = []
    for text in texts:
        try:
            found.append(PartlyRead(read(text), bytes(text)))
        except msgspec.DecodeError:
            found.append(decoded(bytes(text)))
    return found


def _in_one_line(content: bytes) -> bytes:
    has_lines = b"\n" in content or b"\r" in content
    return msgspec.json.format(content, indent=ONE_LINE) if has_lines else content


@cache
def _decoder(shape: Any) -> "msgspec.json.Decoder[Any]":
    return msgspec.json.Decoder(shape, float_hook=Decimal)
