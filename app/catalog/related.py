"""What other slices hold of a vendor or a customer. They stand above, so they are asked here.

A slice provides its part under a name that begins with `related:` and ends with the kind.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from app.core.permissions import may
from app.core.slices import slices

RELATED = "related:"  # and the table: related:vendor


class Related(NamedTuple):
    """What there is of it, with the address of the list."""

    label: str
    said: str
    href: str


class RelatedTo(NamedTuple):
    """How a slice tells what it holds of a record by its id, and the permission for that."""

    permission: str
    of: Callable[[int], Related]


def related_to(kind: str, record_id: int) -> Sequence[Related]:
    """Say what other slices hold of a record, as far as the person asking may see it."""
    provider: RelatedTo | None = slices().provided.get(f"{RELATED}{kind}")
    return [provider.of(record_id)] if provider and may(provider.permission) else []
