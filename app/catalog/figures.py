"""How much there is of a product. The catalogue stands below stock, so it asks by a socket."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from app.core.quantities import grouped
from app.core.slices import slices


class Figures(NamedTuple):
    """Quantities of a product over all locations, in its unit."""

    on_hand: Decimal
    reserved: Decimal
    available: Decimal


class BundlePlace(NamedTuple):
    """How many of a bundle can be made up in one warehouse."""

    warehouse: str
    available: Decimal

    @property
    def said(self) -> str:
        """Say both."""
        return f"{self.warehouse} {grouped(self.available)}"


NOTHING = Figures(Decimal(0), Decimal(0), Decimal(0))

# It takes product ids and may leave out those of which there is nothing.
Provider = Callable[[Sequence[int]], Mapping[int, Figures]]
FIGURES = "figures"  # the name by which a slice provides it
# It takes the id of a bundle and gives the warehouses in which some of it lies.
PlacesProvider = Callable[[int], Sequence[BundlePlace]]
BUNDLE_PLACES = "bundle_places"


def figures_of(product_ids: Sequence[int]) -> dict[int, Figures]:
    """Give the figures of every product asked for, with one query for all of them."""
    provider: Provider | None = slices().provided.get(FIGURES)
    known = provider(product_ids) if provider and product_ids else {}
    return {product_id: known.get(product_id, NOTHING) for product_id in product_ids}


def bundle_places(product_id: int) -> Sequence[BundlePlace]:
    """Say in which warehouse how many of a bundle are available."""
    provider: PlacesProvider | None = slices().provided.get(BUNDLE_PLACES)
    return provider(product_id) if provider else []
