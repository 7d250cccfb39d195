"""Which demand a supply serves: first come, first served."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Peg(NamedTuple):
    """So much of a supply serves a demand.

    `number` is the id of an order, of the product a component goes into, or of a bundle;
    `document` is the order's number, the SKU, or of a forecast its month.
    """

    quantity: int
    kind: str
    number: int
    document: str


def peg(
    wanted: Iterable[tuple[int, str, int, str]], supplies: Sequence[int]
) -> list[Sequence[Peg]]:
    """Give what each supply serves; both stand in the order of their days.

    Several demands for one thing are one peg.
    """
    served: list[dict[tuple[str, int, str], int]] = [{} for _supply in supplies]
    rest = [*supplies]
    place = 0
    for needed, kind, number, document in wanted:
        missing = needed
        while missing > 0 and place < len(rest):
            part = min(missing, max(rest[place], 0))
            if part:
                key = (kind, number, document)
                served[place][key] = served[place].get(key, 0) + part
            missing, rest[place] = missing - part, rest[place] - part
            if missing > 0:
                place += 1
    return [[Peg(n, *key) for key, n in pegs.items()] for pegs in served]
