"""Who waits for goods. Who receives them stands beside who sells them, so both meet here.

The slice that promises goods to customers provides both sockets; without one nobody waits.
"""

from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Select, Subquery, cast, false, select

from app.catalog.models import Product
from app.core.slices import slices

WAITING = "waiting"  # the name by which a slice says who waits,
SERVE = "serve_waiting"  # the one by which it is told to serve them now,
BACKORDERS = "backorders"  # and the one by which it gives a Select of all that is missing


class WaitingDemand(NamedTuple):
    """So much of a product that a document waits for; `href` is its page."""

    product_id: int
    quantity: Decimal
    document: str
    href: str


def waiting_for(product_ids: Collection[int]) -> Sequence[WaitingDemand]:
    """Say who waits for products, who has waited longest first."""
    provider: Callable[[Collection[int]], Sequence[WaitingDemand]] | None
    provider = slices().provided.get(WAITING)
    return provider(product_ids) if provider and product_ids else ()


def serve_waiting(product_ids: Collection[int]) -> None:
    """Reserve what has come for who has waited longest, in the caller's unit of work."""
    serve: Callable[[Collection[int]], object] | None = slices().provided.get(SERVE)
    if serve and product_ids:
        serve(product_ids)


def backorders(product_ids: Collection[int] | None = None) -> Subquery:
    """Give what is owed to customers and not reserved, of some products or of all.

    One row for each of them: `product_id`, `quantity`.
    """
    provider: Callable[[Collection[int] | None], Select[Any]] | None
    provider = slices().provided.get(BACKORDERS)
    found = provider(product_ids) if provider else nothing_missing()
    return found.subquery("backorders")


def nothing_missing() -> Select[Any]:
    """Give no rows at all, in the shape of those that say what is missing."""
    product_id = cast(None, Product.id.type).label("product_id")
    return select(product_id, cast(0, Product.reorder_point.type).label("quantity")).where(
        false()
    )
