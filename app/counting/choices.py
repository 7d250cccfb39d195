"""What comboboxes offer to be counted."""

from app.catalog.choices import product_choices
from app.core.pages.choices import MOST, Choice
from app.stock.choices import any_location_choices

PLACES = MOST // 2  # so that products are seen, too


def place_or_product_choices(term: str, _about: int | None = None) -> list[Choice]:
    """Find bins and zones, then products, by what was typed."""
    places = any_location_choices(term)
    products = product_choices(term)
    room = max(PLACES, MOST - len(products))
    return [*places[:room], *products][:MOST]
