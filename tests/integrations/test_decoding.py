"""Records that are kept as they were sent, with only a part of them read."""

import json
from decimal import Decimal
from typing import Any, TypedDict

import msgspec
import pytest

from app.integrations.hub.decoding import PartlyRead, decoded, read_in_part


class Shape(msgspec.Struct):
    things: list[msgspec.Raw]


class Part(TypedDict, total=False):
    Id: Any


def test_of_a_record_only_a_part_is_read_and_its_text_is_kept() -> None:
    said = decoded(b'{"things": [{"Id":"1", "Price": 1.50}], "time": "now"}', Shape)

    [one] = read_in_part(said.things, Part)

    assert one == {"Id": "1"}
    assert one.text == b'{"Id":"1", "Price": 1.50}'


def test_what_is_no_record_is_read_whole() -> None:
    said = decoded(b'{"things": [7.5, null, "text", []]}', Shape)

    assert read_in_part(said.things, Part) == [Decimal("7.5"), None, "text", []]


def test_a_text_in_lines_becomes_one_line() -> None:
    content = json.dumps({"things": [{"Id": "1", "Note": "a\nb"}]}, indent=2).encode()

    [one] = read_in_part(decoded(content.replace(b"\n", b"\r\n"), Shape).things, Part)

    assert one.text == b'{"Id":"1","Note":"a\\nb"}'


@pytest.mark.parametrize("content", [b'{"things": {}}', b'{"other": []}', b"[]", b"null"])
def test_what_does_not_fit_the_shape_is_read_whole(content: bytes) -> None:
    assert decoded(content, Shape) == json.loads(content)


def test_half_a_character_spoils_a_record_and_not_the_answer() -> None:
    said = decoded(rb'{"things": [{"Id": "\ud800"}, {"Id": "2"}]}', Shape)

    assert said == {"things": [{"Id": "\ud800"}, {"Id": "2"}]}


@pytest.mark.parametrize("content", [b"<html>", b'{"things": [', b"", b'{"things": [}]}'])
def test_what_is_no_json_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        decoded(content, Shape)


@pytest.mark.parametrize("mark", [b"\x00", b"\x01", b"\x02", b"\n"])
def test_what_would_part_the_records_of_a_copy_is_no_json(mark: bytes) -> None:
    content = b'{"things": [{"Id": "1", "Note": "a' + mark + b'b"}]}'

    with pytest.raises(ValueError, match=r"."):
        decoded(content, Shape)


def test_a_record_is_the_same_as_before_but_knows_its_text() -> None:
    assert PartlyRead({"Id": "1"}, b"{}") == {"Id": "1"}
