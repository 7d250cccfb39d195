"""Keyboard readers: the codes of keys, not letters, which another layout would garble."""

from collections.abc import Mapping

# Of Linux (input-event-codes.h). Digits are the row above the letters or the number pad.
_ROW = {2: "1", 3: "2", 4: "3", 5: "4", 6: "5", 7: "6", 8: "7", 9: "8", 10: "9", 11: "0"}
_PAD = {
    71: "7",
    72: "8",
    73: "9",
    75: "4",
    76: "5",
    77: "6",
    79: "1",
    80: "2",
    81: "3",
    82: "0",
}
_HEX = {30: "A", 48: "B", 46: "C", 32: "D", 18: "E", 33: "F"}
_BETWEEN = {51: ",", 39: ":"}
ENTER = frozenset({28, 96})  # of the main block and of the number pad
KEYS: Mapping[int, str] = {**_ROW, **_PAD, **_HEX, **_BETWEEN}
SHIFTS = frozenset({42, 54})  # a reader holds one for the colon and for capitals
END = b"\n"


def typed(code: int) -> bytes:
    """Give what a key adds to the line of a reader; what no card has spoils the line."""
    if code in ENTER:
        return END
    if code in SHIFTS:
        return b""
    return KEYS.get(code, "?").encode()
