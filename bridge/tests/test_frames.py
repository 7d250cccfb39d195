"""Frames of card readers: as their makers describe them, torn, and among noise."""

import random
from collections.abc import Callable

import pytest

from bridge.frames import (
    Decoder,
    Em18Decoder,
    Frame7941Decoder,
    Id12Decoder,
    LineDecoder,
    Rdm6300Decoder,
)
from bridge.frames.lines import card_number
from bridge.simulator import frames
from bridge.tests import streams
from bridge.tests.streams import at_once, read, stream

READERS: list[tuple[Callable[[], Decoder], Callable[[int], bytes]]] = [
    (Rdm6300Decoder, frames.rdm6300),
    (Id12Decoder, frames.id12),
    (Em18Decoder, frames.digits),
    (Frame7941Decoder, frames.frame_7941),
    (LineDecoder, frames.line),
]
every_reader = pytest.mark.parametrize(("make", "write"), READERS)


@pytest.mark.parametrize(
    ("decoder", "sent", "card"),
    [
        (Rdm6300Decoder(), b"\x0262E3086CED08\x03", 0xE3086CED),
        (Id12Decoder(), b"\x0262E3086CED08\r\n\x03", 0xE3086CED),
        (Em18Decoder(), b"62E3086CED08", 0xE3086CED),
        (Frame7941Decoder(), bytes.fromhex("020A022E00B6D7B5F203"), 0x00B6D7B5),
        (LineDecoder(), b"0011982773\r\n", 0x00B6D7B5),
        (LineDecoder(), b"182,55221\r", 0x00B6D7B5),
        (LineDecoder(is_hex=True), b"2E00B6D7B5\n", 0x00B6D7B5),
        (LineDecoder(digits=8, is_hex=True), b"00b6d7b5\n", 0x00B6D7B5),
    ],
)
def test_a_card_has_the_number_that_is_printed_on_it(
    decoder: Decoder, sent: bytes, card: int
) -> None:
    assert at_once(decoder, sent) == [card]
    assert at_once(decoder, sent) == [card]


@every_reader
def test_of_any_stream_exactly_the_whole_frames_are_read(
    make: Callable[[], Decoder], write: Callable[[int], bytes]
) -> None:
    for seed in range(300):
        sent = stream(random.Random(seed), write)
        assert read(make(), sent.chunks) == sent.cards, seed


@pytest.mark.parametrize(("make", "write"), [READERS[0], READERS[1], READERS[3]])
def test_a_frame_is_read_though_half_of_one_came_right_before_it(
    make: Callable[[], Decoder], write: Callable[[int], bytes]
) -> None:
    frame = write(0x00B6D7B5)
    for end in range(1, len(frame)):
        assert at_once(make(), frame[:end], frame, frame) == [0x00B6D7B5] * 2, end


@pytest.mark.parametrize(("make", "write"), READERS[:-1])  # a line has no checksum
def test_no_bit_of_a_frame_may_flip_into_another_card(
    make: Callable[[], Decoder], write: Callable[[int], bytes]
) -> None:
    frame = write(0x00B6D7B5)
    for bit in range(len(frame) * 8):
        broken = bytearray(frame)
        broken[bit // 8] ^= 1 << bit % 8
        assert set(at_once(make(), bytes(broken))) <= {0x00B6D7B5}, bit


@every_reader
def test_noise_alone_is_nobody_and_is_counted(
    make: Callable[[], Decoder], write: Callable[[int], bytes]
) -> None:
    rng = random.Random(7)
    noise = bytes(rng.choices(streams.NOISE, k=5000))
    decoder = make()
    assert at_once(decoder, noise) == []
    assert decoder.counts["noise"] > 4000
    assert at_once(decoder, write(5)) == [5]


def test_a_zero_passes_its_checksum_and_is_nobody() -> None:
    decoder = Rdm6300Decoder()
    assert at_once(decoder, b"\x02000000000000\x03", b"\x02620000000062\x03") == []
    assert decoder.counts["zero"] == 2


def test_a_wrong_checksum_is_counted() -> None:
    decoder = Rdm6300Decoder()
    assert at_once(decoder, b"\x0262E3086CED09\x03") == []
    assert decoder.counts["checksum"] == 1


def test_what_is_left_of_a_line_too_long_is_no_card() -> None:
    decoder = LineDecoder()
    assert at_once(decoder, b"9" * 45 + b"\r", b"0000000007\r") == [7]


@pytest.mark.parametrize("text", ["", "123", "00119827", "hello", "300,1", "1,70000", "²" * 10])
def test_what_is_not_typed_as_expected_is_no_card(text: str) -> None:
    assert card_number(text) is None
