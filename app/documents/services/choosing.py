"""How much of which line: what people and programs choose of a document."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from app.core.errors import Invalid
from app.core.quantities import plain
from app.documents.errors import InvalidQuantity
from app.documents.models import Document

Quantities = Mapping[int, Decimal]  # by the id of a line


def chosen(
    document: Document,
    quantities: Quantities,
    most: Quantities,
    *,
    verb: str,
    among: Iterable[Any] | None = None,
) -> list[tuple[Any, Decimal]]:
    """Give lines with the quantities that were chosen of them, without the zeros.

    `among` are the lines to choose from, if they are others than the document's own.

    Raises:
        Invalid: A line is another's, a quantity is too large, or nothing is chosen.
    """
    lines = {line.id: line for line in (document.lines if among is None else among)}
    if not set(quantities) <= set(lines):
        raise Invalid("quantities", f"{document.number} has no such line.")
    for line_id, quantity in quantities.items():
        if not 0 <= quantity <= most[line_id]:
            sku, limit = lines[line_id].sku, plain(most[line_id])
            raise InvalidQuantity(line_id, f"Of {sku}, at most {limit} can be {verb}.")
    picked = [(lines[number], part) for number, part in quantities.items() if part]
    if not picked:
        raise Invalid("quantities", f"Say how much is to be {verb}.")
    return picked
