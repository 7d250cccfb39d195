"""One document becomes two, and is taken for enough with less than was ordered."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeVar

from app.core.db import db, values_of
from app.documents.errors import NotAllowed
from app.documents.models import Document, DocumentLine
from app.documents.services.choosing import Quantities, chosen
from app.documents.services.numbering import number_of_part

D = TypeVar("D", bound=Document)
Line = TypeVar("Line", bound=DocumentLine)


def split_off(document: D, parts: Sequence[tuple[Any, Decimal]], *, status: str) -> D:
    """Put parts of lines into a document of their own, in a state, and give that one.

    It has every column of the first but its `own_columns`, new columns too. What is reserved
    or expected for the lines is the caller's: both documents are written when this ends.

    Raises:
        NotAllowed: Nothing would be left of the first.
    """
    before = document.amounts
    apart = type(document)(
        number=number_of_part(document),
        split_from_id=document.id,
        status=status,
        **values_of(document, besides=document.own_columns),
    )
    apart.lines = [
        _part(*part, currency=document.currency, position=place)
        for place, part in enumerate(parts, start=1)
    ]
    for line, quantity in parts:
        line.quantity -= quantity
    document.lines = [line for line in document.lines if line.quantity]
    if not any(line.quantity_wanted for line in document.lines):
        raise NotAllowed(f"Nothing would be left of {document.number}.")
    document.share_with(apart, before)
    for one in (document, apart):
        one.add_up()
    document.version += 1
    db.session.add(apart)
    db.session.flush()
    return apart


def close_lines(document: Document, quantities: Quantities | None = None) -> None:
    """Take less than was ordered for enough: what remains open is neither owed nor charged.

    `quantities` says how much of which line; without it, all that nobody has in hand.

    Raises:
        NotAllowed: It is not open, or nothing would be left of it.
        Invalid: A quantity is more than is open.
    """
    if not document.is_open:
        raise NotAllowed(f"{document.number} is not open: there is nothing to close.")
    most = {line.id: line.quantity_untouched for line in document.lines}
    for line, part in chosen(
        document, most if quantities is None else quantities, most, verb="closed"
    ):
        line.quantity_cancelled += part
    if not any(line.quantity_wanted for line in document.lines):
        raise NotAllowed(f"Nothing would be left of {document.number}: cancel it instead.")
    document.add_up()
    document.version += 1


def _part(line: Line, quantity: Decimal, *, currency: str, position: int) -> Line:
    copied = values_of(line, besides=line.own_columns)
    copied |= line.shared_with(quantity, currency)
    return type(line)(position=position, quantity=quantity, **copied)
