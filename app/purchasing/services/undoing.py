"""A receipt that was wrong is taken back, as far as what came lies where it was put."""

from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple

from app.core.actors import current_actor_id
from app.core.alerts import close_alert
from app.core.db import db, retried, transaction
from app.core.quantities import plain
from app.documents.errors import NotAllowed
from app.purchasing import queries
from app.purchasing.models import GoodsReceipt, GoodsReceiptLine
from app.purchasing.returning import returned_of
from app.purchasing.services.costing import uncost_receipt
from app.purchasing.services.locking import locked_order, publish_change
from app.purchasing.services.receiving import aside_key, recount
from app.purchasing.services.status import update_status
from app.stock import services as stock

ZERO = Decimal(0)


class Undoable(NamedTuple):
    """A line of a receipt, and what of it still lies where it was put and is not reserved."""

    line: GoodsReceiptLine
    left: Decimal

    @property
    def missing(self) -> Decimal:
        """What has gone, or is reserved for somebody."""
        return self.line.quantity - self.left


def undoable_of(receipt: GoodsReceipt) -> list[Undoable]:
    """Say of each line what can still be undone; what is no product of ours always can.

    What went back to the vendor, and what somebody has decided about, is not there any more,
    whatever else lies at that place. What a vendor delivered to a customer never was: whether
    that is undone says the customer's order.
    """
    moved = [line for line in receipt.lines if line.product_id is not None]
    products = {line.product_id for line in moved if line.product_id is not None}
    places = {line.location_id for line in moved if line.location_id is not None}
    left: dict[tuple[int, int, int | None], Decimal] = defaultdict(lambda: ZERO)
    for product_id, location_id, lot_id, quantity in db.session.execute(
        queries.left_of(products, places)
    ):
        left[product_id, location_id, lot_id] = quantity
    back = returned_of([line.id for line in receipt.lines])
    result = []
    for line in receipt.lines:
        if line.product_id is None or line.location_id is None or receipt.is_drop_ship:
            result.append(Undoable(line, line.quantity))
            continue
        where = (line.product_id, line.location_id, line.lot_id)
        part = ZERO if line.decision else line.quantity - back[line.id]
        part = max(min(left[where], part), ZERO)
        left[where] -= part
        result.append(Undoable(line, part))
    return result


@retried
def undo_receipt(receipt_id: int) -> GoodsReceipt:
    """Take a receipt back: the goods go as they came, and are open on their order again.

    Raises:
        NotAllowed: It is undone already; or some of it has gone or is reserved, with what can
            still be undone: that has to go back to the vendor instead.
    """
    with transaction() as session:
        receipt = session.scalars(queries.receipt(receipt_id)).one()
        order = locked_order(receipt.order_id) if receipt.order_id is not None else None
        session.refresh(receipt, ["undone_at"], with_for_update=True)
        if receipt.is_undone:
            raise NotAllowed(f"{receipt.number} has been undone already.")
        _refuse_gone(receipt)
        if receipt.posting_id is not None:
            stock.reverse_document_posting(
                receipt.posting_id,
                document=(queries.RECEIPT, receipt.id),
                key=f"undo {receipt.number}",
            )
        receipt.undone_at, receipt.undone_by_id = datetime.now(UTC), current_actor_id()
        close_alert(aside_key(receipt))
        if order is not None:
            if not order.is_drop_ship:
                uncost_receipt(receipt, order)
            recount(order)
            order.version += 1
            update_status(order)
            publish_change(order)
    return receipt


def _refuse_gone(receipt: GoodsReceipt) -> None:
    gone = [one for one in undoable_of(receipt) if one.missing > 0]
    if not gone:
        return
    said = [
        f"of {plain(one.line.quantity)} {one.line.called_exactly} only {plain(one.left)} still "
        f"{'lies' if one.left == 1 else 'lie'} at {one.line.location} and "
        f"{'is' if one.left == 1 else 'are'} not reserved"
        for one in gone
    ]
    raise NotAllowed(f"{receipt.number} cannot be undone: {'; '.join(said)}.")
