"""What all of a file shows: the decimal separator of numbers, the order of dates."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.core.cells import Figure, Moment
from app.imports.dates import ORDERS, order_proofs
from app.imports.definition import Field
from app.imports.numbers import decimal_proofs, guess_decimal
from app.imports.reading import Table, TextTable
from app.imports.reading.encodings import ENCODINGS
from app.imports.reading.text import DELIMITERS

SEPARATORS = {".": "point", ",": "comma"}
CHOOSE = "choose under “How the file is read”"


class Findings(NamedTuple):
    """How numbers and dates are read, "" where nobody knows.

    `proofs` are sentences about what shows it, `doubts` those about what somebody has to say.
    """

    decimal: str
    dates: str
    proofs: list[str]
    doubts: list[str]


class Found(NamedTuple):
    """What one kind of texts shows."""

    answer: str
    proof: str = ""
    doubt: str = ""


def find_out(table: Table, columns: Sequence[tuple[Field, int]]) -> Findings:
    """Read a table to its end and see what its numbers and dates prove.

    `columns` are the fields with the places of their columns. What the layout says already is
    not looked for.

    Raises:
        UnreadableFile: It is broken somewhere.
    """
    layout = table.layout
    numbers = [place for field, place in columns if field.is_number and not layout.decimal]
    dates = [place for field, place in columns if field.is_date and not layout.dates]
    texts = table.texts({*numbers, *dates})
    decimal = _decimal(table, _all(texts, numbers), layout.decimal)
    order = _order(_all(texts, dates), layout.dates)
    return Findings(
        decimal.answer,
        order.answer,
        [*filter(None, [decimal.proof, order.proof])],
        [*filter(None, [decimal.doubt, order.doubt])],
    )


def said_of(table: Table) -> str:
    """Say in which encoding a text was read, and what parts its cells; nothing of Excel's."""
    if not isinstance(table, TextTable):
        return ""
    encoding = ENCODINGS.get(table.encoding.removesuffix("-sig"), table.encoding)
    between = DELIMITERS.get(table.delimiter, f"“{table.delimiter}”").lower()
    return f"Read as {encoding}, with a {between} between the cells."


def _all(texts: dict[int, set[str]], places: Iterable[int]) -> set[str]:
    return {text for place in places for text in texts[place] if _is_plain(text)}


def _is_plain(text: str) -> bool:
    return not isinstance(text, Figure | Moment) and bool(text.strip())


def _decimal(table: Table, texts: set[str], chosen: str) -> Found:
    if chosen or not texts:
        return Found(chosen)
    proofs, doubtful = decimal_proofs(texts)
    if len(proofs) > 1:
        one, other = (f"“{proofs[mark]}”" for mark in ".,")
        said = f"Some numbers have decimal points, others commas ({one}, {other}): {CHOOSE}."
        return Found("", doubt=said)
    if proofs:
        [(mark, example)] = proofs.items()
        said = f"Decimals begin with a {SEPARATORS[mark]}: “{example}” shows it."
        return Found(mark, said)
    guess = guess_decimal(texts, table.delimiter if isinstance(table, TextTable) else "")
    if not doubtful:
        return Found(guess)
    if not guess:
        return Found("", doubt=f"“{doubtful}” may be thousands or decimals: {CHOOSE}.")
    by = f"“{doubtful}” is read with a decimal point, by what stands between the cells"
    return Found(guess, doubt=f"{by}. If that is wrong, {CHOOSE}.")


def _order(texts: set[str], chosen: str) -> Found:
    if chosen or not texts:
        return Found(chosen)
    proofs, doubtful = order_proofs(texts)
    if len(proofs) > 1:
        both = " and ".join(f"“{example}”" for example in sorted(proofs.values()))
        return Found("", doubt=f"Dates stand in two orders ({both}): {CHOOSE}.")
    if proofs:
        [(order, example)] = proofs.items()
        first = ORDERS[order].partition(",")[0].lower()
        return Found(order, f"Dates are read {first}: “{example}” shows it.")
    return Found("", doubt=f"“{doubtful}” may be two days: {CHOOSE}." if doubtful else "")
