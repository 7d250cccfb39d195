"""How much there is of a product. The catalogue stands below stock, so it asks by a socket."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from flask import Flask, current_app


class Figures(NamedTuple):
    """Quantities of a product over all locations, in its unit."""

    on_hand: Decimal
    reserved: Decimal
    available: Decimal


NOTHING = Figures(Decimal(0), Decimal(0), Decimal(0))

Provider = Callable[[Sequence[int]], Mapping[int, Figures]]


def init_app(app: Flask, provider: Provider) -> None:
    """Plug in what knows the stock: it takes product ids and may leave out those of nothing."""
    app.extensions["figures"] = provider


def figures_of(product_ids: Sequence[int]) -> dict[int, Figures]:
    """Give the figures of every product asked for, with one query for all of them."""
    provider: Provider | None = current_app.extensions.get("figures")
    known = provider(product_ids) if provider and product_ids else {}
    return {product_id: known.get(product_id, NOTHING) for product_id in product_ids}
