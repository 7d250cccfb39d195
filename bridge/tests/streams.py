"""Frames as readers send them, and streams of them with garbage between, from a seed."""

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

from bridge.frames.decoding import Decoder


class Stream(NamedTuple):
    """Chunks with the seconds before each, and the cards that a decoder has to find in them."""

    chunks: list[tuple[float, bytes]]
    cards: list[int]


def stream(rng: random.Random, write: Callable[[int], bytes]) -> Stream:
    """Mix whole frames, halves and noise; each is followed by a silence."""
    chunks, cards = [], []
    for _ in range(rng.randint(1, 12)):
        number = rng.randint(1, 0xFFFFFFFF)
        frame = write(number)
        what = rng.choice(["whole", "whole", "half", "noise", "broken"])
        if what == "half":
            frame = frame[: rng.randint(1, len(frame) - 3)]
        elif what == "noise":
            frame = bytes(rng.choices(NOISE, k=rng.randint(1, 20)))
        elif what == "broken":
            frame = bytes([0x15]).join([frame[:5], frame[6:]])
        else:
            cards.append(number)
        chunks += [*pieces(rng, frame)]
        chunks.append((2.0, b""))
    return Stream(chunks, cards)


NOISE = [byte for byte in range(256) if byte not in b"0123456789abcdefABCDEF"]


def pieces(rng: random.Random, data: bytes) -> Iterator[tuple[float, bytes]]:
    """Cut bytes as a port might give them."""
    while data:
        length = rng.choice([1, 1, 2, 5, 30])
        yield 0.001, data[:length]
        data = data[length:]


def read(decoder: Decoder, chunks: list[tuple[float, bytes]]) -> list[int]:
    """Feed a decoder."""
    now, found = 100.0, []
    for pause, data in chunks:
        now += pause
        found += decoder.feed(data, now)
    return found + decoder.feed(b"", now + 10)


def at_once(decoder: Decoder, *data: bytes) -> list[int]:
    """Feed a decoder byte by byte and without a pause; then nothing comes for a while."""
    return read(decoder, [(0.001, bytes([byte])) for byte in b"".join(data)])
