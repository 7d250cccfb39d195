"""How many of a product could be built: the slice that builds says it."""

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from app.core.permissions import may
from app.core.slices import slices

BUILDABLE = "buildable"  # the name by which a slice says what could be built


class Buildable(NamedTuple):
    """How many pieces could be built: of components that lie there, or that are built first.

    `with_substitutes`: some of them take what may stand for a component.
    """

    at_once: Decimal
    in_steps: Decimal
    with_substitutes: bool = False


class BuildableOf(NamedTuple):
    """How a slice tells what could be built of a product by its id, and who may see it."""

    permission: str
    of: Callable[[int], Buildable]


def buildable_of(product_id: int) -> Buildable | None:
    """Say how many could be built; None if the person asking may not see that."""
    provider: BuildableOf | None = slices().provided.get(BUILDABLE)
    return provider.of(product_id) if provider and may(provider.permission) else None
