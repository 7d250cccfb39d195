"""Which lot, or which pieces, of a product have come: made where they are new."""

from collections.abc import Iterable, Sequence

from app.catalog.models import Product
from app.core.days import today
from app.core.db import db
from app.core.errors import Invalid
from app.purchasing.models import ASIDE, PurchaseOrder
from app.purchasing.services.sharing import ReceivedItem, Share
from app.stock import services as stock
from app.stock.models import Lot


def by_piece(items: Iterable[ReceivedItem], order: PurchaseOrder | None) -> list[ReceivedItem]:
    """Part what has several serial numbers, which blanks or lines part, into its pieces.

    Raises:
        Invalid: There are more or fewer numbers than pieces.
    """
    lines = {line.id: line.product_id for line in order.lines} if order else {}
    parted: list[ReceivedItem] = []
    for item in items:
        product = _product(item.product_id or lines.get(item.line_id or 0))
        pieces = (
            stock.pieces_of(product, item.quantity, item.lot)
            if product
            else [(item.quantity, item.lot)]
        )
        parted += [item._replace(quantity=quantity, lot=lot) for quantity, lot in pieces]
    return parted


def lots_of(shares: Sequence[Share], *, vendor_id: int | None) -> list[Lot | None]:
    """Give the lot of each share; None of what is not tracked.

    Raises:
        Invalid: The number or the expiry is missing, or what is said to be good has expired.
    """
    return [_lot(share, vendor_id) for share in shares]


def refuse_expired(product: Product, lot: Lot) -> None:
    """Refuse to take in as good what nobody may be sent.

    Raises:
        Invalid: It has expired.
    """
    if lot.is_expired(today()):
        reason = f"{lot.label} of {product.sku} has expired on {lot.expires_on}"
        raise Invalid("lot", f"{reason}: put it aside.")


def _lot(share: Share, vendor_id: int | None) -> Lot | None:
    product = _product(share.product_id)
    if product is None:
        return None
    draft = share.item.lot._replace(vendor_id=vendor_id)
    lot = stock.lot_of(product, draft)
    if lot is not None and share.condition not in ASIDE:
        refuse_expired(product, lot)
    return lot


def _product(product_id: int | None) -> Product | None:
    return db.session.get_one(Product, product_id) if product_id is not None else None
