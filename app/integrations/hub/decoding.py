"""The JSON of outside systems: read whole, or of each record only what its stream looks at.

A page of a thousand records is some megabyte, of which a sync looks at three fields of each:
the rest goes into the mirror as the text that it came as.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec

# What parts records on their way into the mirror. JSON holds none of them, but who reads only
# a part of it does not see that the rest is no JSON.
MARKS = (b"\x00", b"\x01", b"\x02")
ONE_LINE = -1


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

    Raises:
        ValueError: It is no JSON.
    """
    if shape is not Any and not any(mark in content for mark in MARKS):
        with suppress(msgspec.DecodeError):
            return _decoder(shape).decode(_in_one_line(content))
    try:
        return _decoder(Any).decode(content)
    except msgspec.DecodeError:
        return json.loads(content.decode(), parse_float=Decimal)


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
