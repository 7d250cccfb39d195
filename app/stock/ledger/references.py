"""What the ledger must know of products and locations before it touches a balance."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from app.catalog.models import BUNDLE, NOT_TRACKED, SERIAL
from app.core.days import today
from app.core.errors import Invalid
from app.stock.errors import LotUnfit, SerialOnHand
from app.stock.ledger import statements
from app.stock.ledger.lines import Move
from app.stock.models import HOLDS_STOCK, KINDS, VIRTUAL
from app.stock.remaining_life import must_last_until

Rows = Iterable[Mapping[str, Any]]  # None in place of it: there are none


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


class LotReference(NamedTuple):
    """A lot, or a piece by its serial number, as the ledger sees it; `lies_at` is a place's."""

    product_id: int
    code: str
    is_serial: bool
    is_unfit: bool  # it is blocked or has expired: nobody may be sent it
    withheld: str  # why nothing of it is available; else empty
    lies_at: str | None  # of a serial that is on hand


class References(NamedTuple):
    """SKUs by product id, places by location id and lots by id, all fit to move goods.

    What is `inactive` may still leave, come back and be counted: somebody has to finish.
    Nothing new of it comes. `trackings` has the products that are tracked.
    """

    skus: dict[int, str]
    places: dict[int, LocationReference]
    inactive: set[int]
    trackings: dict[int, str]
    lots: dict[int, LotReference]

    def refuse_inactive(self, product_ids: Iterable[int]) -> None:
        """Refuse products that are not in use any more.

        Raises:
            Invalid: One of them is not.
        """
        for product_id in product_ids:
            if product_id in self.inactive:
                sku = self.skus[product_id]
                raise Invalid("product", f"{sku} is not active: nothing new of it comes.")

    def refuse_unnamed(self, move: Move) -> None:
        """Refuse goods that come without the lot or serial number that their product asks for.

        What lay there before the product was tracked has none; it may leave, and come back by
        an undo, which is what it left by.

        Raises:
            Invalid: The lot is missing or of another kind, or more than one piece has a serial.
            SerialOnHand: The piece is here already.
        """
        tracking = self.trackings.get(move.product_id)
        is_inside = self.places[move.from_location_id].is_kept
        if tracking is None or is_inside or move.reverses_id is not None:
            return
        sku, lot = self.skus[move.product_id], self.lots.get(move.lot_id or 0)
        if lot is None:
            what = "serial number" if tracking == SERIAL else "lot"
            raise Invalid("lot", f"{sku} is tracked: say the {what}.")
        if lot.is_serial != (tracking == SERIAL):
            kinds = "a serial number, not a lot" if lot.is_serial else "a lot, not one piece"
            raise Invalid("lot", f"{lot.code} of {sku} is {kinds}.")
        if lot.is_serial and move.quantity != 1:
            raise Invalid("quantity", f"Serial {lot.code} of {sku} is one piece.")
        if lot.is_serial and lot.lies_at:
            raise SerialOnHand(f"Serial {lot.code} of {sku} is on hand at {lot.lies_at}.")

    def refuse_withheld(self, move: Move) -> None:
        """Refuse to let a customer have what is blocked or has expired; all else may be done.

        Raises:
            LotUnfit: It is.
        """
        lot = self.lots.get(move.lot_id or 0)
        to_kind = self.places[move.to_location_id].kind
        if lot and lot.is_unfit and to_kind == "customer" and move.reverses_id is None:
            sku = self.skus[move.product_id]
            raise LotUnfit(f"{lot.code} of {sku} {lot.withheld}: it does not leave.")


def load_references(product_ids: Iterable[int], location_ids: Iterable[int]) -> References:
    """Look up what entries name, and keep it from changing until we are through.

    Raises:
        Invalid: Something is unknown or a bundle, or a location is out of use or blocked.
    """
    products, locations = {*product_ids}, {*location_ids}
    wanted = {"products": [*products], "locations": [*locations]}
    found = statements.run(statements.REFERENCES, wanted).one()
    return references_of(found.goods, found.places, products, locations)


def references_of(
    goods: Rows | None,
    places: Rows | None,
    product_ids: Collection[int],
    location_ids: Collection[int],
    lots: Mapping[int, LotReference] | None = None,
) -> References:
    """Take products and locations as the database has locked them; the ids are what was asked.

    Raises:
        Invalid: Something is unknown or a bundle, or a location is out of use or blocked.
    """
    references = References({}, {}, set(), {}, {**(lots or {})})
    for row in goods or ():
        number, name = row["id"], row["sku"]
        if row["kind"] == BUNDLE:
            reason = f"{name} is a bundle: it is sold, and its components are kept in stock."
            raise Invalid("product", reason)
        references.skus[number] = name
        if row["tracking"] != NOT_TRACKED:
            references.trackings[number] = row["tracking"]
        if not row["is_active"]:
            references.inactive.add(number)
    for row in places or ():
        place = LocationReference(row["code"], row["kind"], row["is_active"], row["is_blocked"])
        place.refuse_unfit()
        references.places[row["id"]] = place
    if len(references.skus) < len(product_ids):
        raise Invalid("product", "There is no such product.")
    if len(references.places) < len(location_ids):
        raise Invalid("location", "There is no such location.")
    return references


def load_lots(lots: Iterable[tuple[int, int | None]]) -> dict[int, LotReference]:
    """Look up lots, given as (product, lot), and keep them from being blocked meanwhile.

    Raises:
        Invalid: A lot is unknown, or another product's.
    """
    used = used_lots(lots)
    if not used:
        return {}
    values = {"lots": [lot_id for _, lot_id in used]}
    rows: Any = statements.run(statements.LOCK_LOTS, values).mappings()
    return lots_of(rows, used)


def used_lots(lots: Iterable[tuple[int, int | None]]) -> set[tuple[int, int]]:
    """Leave out of (product, lot) those that have no lot."""
    return {(product_id, lot_id) for product_id, lot_id in lots if lot_id is not None}


def lots_of(rows: Rows | None, used: Collection[tuple[int, int]]) -> dict[int, LotReference]:
    """Take lots as the database has locked them; `used` are the (product, lot) named.

    Raises:
        Invalid: A lot is unknown, or another product's.
    """
    found = {row["id"]: _lot(row) for row in rows or ()}
    if {*used} - {(lot.product_id, number) for number, lot in found.items()}:
        raise Invalid("lot", "There is no such lot of this product.")
    return found


def _lot(row: Mapping[str, Any]) -> LotReference:
    expires_on = row["expires_on"] and date.fromisoformat(row["expires_on"])
    is_expired = expires_on is not None and expires_on < today()
    return LotReference(
        product_id=row["product_id"],
        code=row["code"],
        is_serial=row["is_serial"],
        is_unfit=row["is_blocked"] or is_expired,
        withheld="is blocked" if row["is_blocked"] else _too_old(expires_on),
        lies_at=row["lies_at"],
    )


def _too_old(expires_on: date | None) -> str:
    if expires_on is None:
        return ""
    if expires_on < today():
        return f"has expired on {expires_on}"
    if expires_on < (until := must_last_until()):
        return f"expires on {expires_on}, and must last until {until}"
    return ""
