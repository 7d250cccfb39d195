"""What the catalogue asks of stock, through its socket: see `app.catalog.figures`."""

from collections.abc import Mapping, Sequence

from app.catalog.figures import BundlePlace, Figures
from app.core.db import db
from app.stock import queries


def figures(product_ids: Sequence[int]) -> Mapping[int, Figures]:
    """Give the totals of some products; one that was never here is missing.

    Of a bundle as many are available as its scarcest component allows.
    """
    asked = {"product_ids": [*product_ids]}
    rows = db.session.execute(queries.totals_with_bundles(), asked)
    return {
        product_id: Figures(on_hand, reserved, available)
        for product_id, on_hand, reserved, available in rows
    }


def bundle_places(product_id: int) -> Sequence[BundlePlace]:
    """Give the warehouses in which a bundle can be made up of what lies there alone."""
    rows = db.session.execute(queries.bundle_by_warehouse(product_id))
    return [BundlePlace(code, available) for code, available in rows]
