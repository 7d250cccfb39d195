"""Movements with the documents behind them, by name: stock does not know what they are."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from app.core.slices import slices
from app.stock.models import Movement

Document = tuple[str, int]


class MovementRow(NamedTuple):
    """A movement as lists show it: what it did to what is on hand, and why it was.

    `change` has a sign, and is zero within our walls; `balance` is what was on hand of the
    product afterwards, None where the list does not say it.
    """

    Movement: Movement
    is_undone: bool
    change: Decimal
    document: str
    balance: Decimal | None = None


def with_documents(rows: Sequence[Any]) -> list[MovementRow]:
    """Name the documents of movements as their query gives them."""
    names = names_of_documents(row.Movement for row in rows)
    return [
        MovementRow(
            row.Movement,
            row.is_undone,
            row.change,
            _said(row.Movement, names),
            getattr(row, "balance", None),
        )
        for row in rows
    ]


def _said(movement: Movement, names: Mapping[Document, str]) -> str:
    if not movement.document_type:
        return ""
    word, number = movement.document_type, movement.document_id or 0
    return names.get((word, number), f"{word} {number}")


def names_of_documents(movements: Iterable[Movement]) -> Mapping[Document, str]:
    """Give what the documents of some movements are called, one query for each kind."""
    ids: dict[str, set[int]] = {}
    for movement in movements:
        if movement.document_type and movement.document_id is not None:
            ids.setdefault(movement.document_type, set()).add(movement.document_id)
    return {
        (word, number): name
        for word, some in ids.items()
        for number, name in _names(word, some).items()
    }


def name_of_document(word: str, number: int) -> str:
    """Give what one document is called."""
    return _names(word, {number}).get(number, f"{word} {number}")


def _names(word: str, ids: set[int]) -> Mapping[int, str]:
    names = slices().documents.get(word)
    return names(ids) if names else {}
