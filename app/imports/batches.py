"""Many rows at once, column by column: a text that comes often is looked at once.

What is simple goes this way, which is most of a large file. Rows with anything to tell of are
left to `rows`, which looks at one after the other.
"""

from collections.abc import Sequence
from typing import Any

from app.core.cells import Figure
from app.imports.reading.table import Row
from app.imports.values import MOST_KNOWN, Reading, Wanted, read_cell


def read_columns(batch: Sequence[Row], how: Reading) -> list[Sequence[Any]] | None:
    """Give the values of each wanted field, row by row; None if a row has to be looked at.

    That is one with a cell too many, with a value that does not fit or the sign of a currency,
    or without what every record has: it may be a total. Of the values of a spreadsheet, numbers
    are read that are shown as they are held.
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
    kinds = {*map(type, column)}
    if kinds == {str}:
        return _read(one, column, one.plain, how)
    if not kinds <= {str, Figure} or any(c.sign for c in column if c.__class__ is Figure):
        return None
    # A number and a text that are written alike are two things.
    texts = _read(one, [c for c in column if c.__class__ is str], one.plain, how)
    figures = _read(one, [c for c in column if c.__class__ is Figure], one.figures, how)
    if texts is None or figures is None:
        return None
    if not texts:
        return figures
    return [(one.figures if c.__class__ is Figure else one.plain)[c] for c in column]


def _read(
    one: Wanted, cells: Sequence[str], known: dict[str, Any], how: Reading
) -> Sequence[Any] | None:
    """Read cells of one kind, each text of them once; None if one has to be looked at."""
    if len(known) > MOST_KNOWN:
        known.clear()
    for cell in {*cells}.difference(known):
        try:
            value, sign = (None, "") if not cell else read_cell(one, cell, how)
        except ValueError:
            return None
        if sign:
            return None
        known[cell] = one.fixed if value is None else value
    return [known[cell] for cell in cells]
