"""What still needs a record: asked before it is taken out of use."""

from collections.abc import Callable, Collection, Sequence

from app.core.db import Model
from app.core.errors import DomainError
from app.core.slices import slices

# Gives, in words, what uses the record with an id: "2 reserved in 1 order (SO-000012)".
Use = Callable[[int], Sequence[str]]


class InUse(DomainError):
    """Something would be left that nobody could finish."""


def ensure_unused(record: Model, *, besides: Collection[Use] = ()) -> None:
    """Refuse to take a record out of use that something still needs.

    `besides` are uses that do not matter this time.

    Raises:
        InUse: With all that needs it, in words.
    """
    uses = slices().uses.get(record.__tablename__, ())
    asked = [use for use in uses if use not in besides]
    if found := [said for use in asked for said in use(record.id)]:
        raise InUse(f"{record} is in use: {'; '.join(found)}.")
