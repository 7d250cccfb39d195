"""How many guesses a password takes."""

from collections.abc import Iterator
from math import prod

LOOKED_AT = 72  # characters; those of more are strong by then, or a repetition
# zxcvbn tries every way in which signs may stand for letters: "1" for i or l, "4" for a. A
# stranger's text of only such signs has thousands of ways, and held a process for 8 seconds.
MOST_WAYS = 8


def guesses(password: str, words: list[str]) -> float:
    """Say how many guesses it takes at least, as a power of ten; `words` are known.

    A password is as strong as the strongest of its pieces, or stronger, so a text with too
    many ways of reading it is looked at in pieces that have few.
    """
    from zxcvbn import zxcvbn  # noqa: PLC0415  (its lists take memory)

    pieces = _pieces(password[:LOOKED_AT])
    return max(
        float(zxcvbn(piece, user_inputs=words)["guesses_log10"]) for piece in pieces if piece
    )


def _pieces(text: str) -> Iterator[str]:
    start = 0
    for end in range(1, len(text) + 1):
        if _ways(text[start:end]) > MOST_WAYS:
            yield text[start : end - 1]
            start = end - 1
    yield text[start:]


def _ways(text: str) -> int:
    """In how many ways its signs can be read as letters."""
    from zxcvbn.matching import L33T_TABLE  # noqa: PLC0415

    signs = set(text)
    return prod(max(1, len(signs.intersection(several))) for several in L33T_TABLE.values())
