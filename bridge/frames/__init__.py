"""What readers send, byte by byte: pure, without a port and without a clock of its own."""

from bridge.frames.cards import Em18Decoder, Id12Decoder, Rdm6300Decoder
from bridge.frames.decoding import Decoder
from bridge.frames.lines import LineDecoder
from bridge.frames.mifare import Frame7941Decoder

__all__ = [
    "Decoder",
    "Em18Decoder",
    "Frame7941Decoder",
    "Id12Decoder",
    "LineDecoder",
    "Rdm6300Decoder",
]
