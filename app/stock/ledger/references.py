"""What the ledger must know of products and locations before it touches a balance."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from app.catalog.models import BUNDLE
from app.core.errors import Invalid
from app.stock.ledger import statements
from app.stock.models import HOLDS_STOCK, KINDS, VIRTUAL


class LocationReference(NamedTuple):
    """A location as the ledger sees it."""

    code: str
    kind: str
    is_active: bool
    is_blocked: bool

    @property
    def is_kept(self) -> bool:
        """Tell whether balances are kept here."""
        return self.kind in HOLDS_STOCK

    def refuse_unfit(self) -> None:
        """Refuse a place that takes and gives nothing.

        Raises:
            Invalid: It is blocked, out of use, or holds bins instead of goods.
        """
        if not self.is_active:
            raise Invalid("location", f"{self.code} is not in use any more.")
        if self.is_blocked:
            raise Invalid("location", f"{self.code} is blocked: nothing may come or go.")
        if self.kind not in HOLDS_STOCK + VIRTUAL:
            kind = KINDS[self.kind].lower()
            raise Invalid("location", f"{self.code} is a {kind}: choose a bin in it.")


class References(NamedTuple):
    """SKUs by product id and places by location id, all of them fit to move goods.

    What is `inactive` may still leave, come back and be counted: somebody has to finish.
    Nothing new of it comes.
    """

    skus: dict[int, str]
    places: dict[int, LocationReference]
    inactive: set[int]

    def refuse_inactive(self, product_ids: Iterable[int]) -> None:
        """Refuse products that are not in use any more.

        Raises:
            Invalid: One of them is not.
        """
        for product_id in product_ids:
            if product_id in self.inactive:
                sku = self.skus[product_id]
                raise Invalid("product", f"{sku} is not active: nothing new of it comes.")


def load_references(product_ids: Iterable[int], location_ids: Iterable[int]) -> References:
    """Look up what entries name, and keep it from changing until we are through.

    Raises:
        Invalid: Something is unknown or a bundle, or a location is out of use or blocked.
    """
    wanted = {"products": [*set(product_ids)], "locations": [*set(location_ids)]}
    references = References({}, {}, set())
    for what, number, name, kind, is_active, is_blocked in _rows(wanted):
        if what == "location":
            references.places[number] = LocationReference(name, kind, is_active, is_blocked)
            references.places[number].refuse_unfit()
            continue
        if kind == BUNDLE:
            reason = f"{name} is a bundle: it is sold, and its components are kept in stock."
            raise Invalid("product", reason)
        references.skus[number] = name
        if not is_active:
            references.inactive.add(number)
    if len(references.skus) < len(wanted["products"]):
        raise Invalid("product", "There is no such product.")
    if len(references.places) < len(wanted["locations"]):
        raise Invalid("location", "There is no such location.")
    return references


def refuse_foreign_lots(lots: Iterable[tuple[int, int | None]]) -> None:
    """Refuse lots, given as (product, lot), that are none of their product's.

    Raises:
        Invalid: A lot is unknown, or another product's.
    """
    used = {(product_id, lot_id) for product_id, lot_id in lots if lot_id is not None}
    if not used:
        return
    rows = statements.run(statements.LOTS, {"lots": [lot_id for _, lot_id in used]})
    if used - {(row.product_id, row.id) for row in rows}:
        raise Invalid("lot", "There is no such lot of this product.")


def _rows(wanted: dict[str, Any]) -> Any:
    return statements.run(statements.REFERENCES, wanted)
