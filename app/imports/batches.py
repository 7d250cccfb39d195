"""Many rows at once, column by column: a text that comes often is looked at once.

What is simple goes this way, which is most of a large file. Rows with anything to tell of are
left to `rows`, which looks at one after the other.
"""

from collections.abc import Sequence
from typing import Any

from app.imports.reading.table import Row
from app.imports.values import MOST_KNOWN, Reading, Wanted, read_cell


def read_columns(batch: Sequence[Row], how: Reading) -> list[Sequence[Any]] | None:
    """Give the values of each wanted field, row by row; None if a row has to be looked at.

    That is one with a cell too many, with a value that does not fit or the sign of a currency,
    or without what every record has: it may be a total. Values of a spreadsheet are no texts.
    """
    if any(len(cells) != how.width for _number, cells in batch):
        return None
    columns = [*zip(*(cells for _number, cells in batch), strict=True)]
    read: list[Sequence[Any]] = []
    for one in how.wanted:
        if one.position < 0:
            read.append([one.fixed] * len(batch))
            continue
        values = _values(one, columns[one.position], how)
        if values is None:
            return None
        read.append(values)
    return None if any(None in read[place] for place in how.keys) else read


def _values(one: Wanted, column: Sequence[str], how: Reading) -> Sequence[Any] | None:
    if {*map(type, column)} != {str}:
        return None
    if len(one.plain) > MOST_KNOWN:
        one.plain.clear()
    for cell in {*column}.difference(one.plain):
        try:
            value, sign = (None, "") if not cell else read_cell(one, cell, how)
        except ValueError:
            return None
        if sign:
            return None
        one.plain[cell] = one.fixed if value is None else value
    return [one.plain[cell] for cell in column]
