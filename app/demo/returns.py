"""Goods that go back to their vendors: one return to be sent, one whose credit is expected."""

from decimal import Decimal

from sqlalchemy import select

from app.core.db import transaction
from app.purchasing.models import GoodsReceipt
from app.vendor_returns import services
from app.vendor_returns.services import ReturnItem

RETURNS = 2


def returns() -> int:
    """Write them from the first receipts there are; gives how many."""
    made = 0
    with transaction() as session:
        received = select(GoodsReceipt).where(
            GoodsReceipt.undone_at.is_(None), GoodsReceipt.order_id.is_not(None)
        )
        for receipt in session.scalars(received.order_by(GoodsReceipt.id)):
            back = [one for one in services.returnable_of(receipt.id) if not one.is_aside]
            if made == RETURNS:
                break
            if not back or receipt.vendor_id is None:
                continue
            line, most = back[0].line, back[0].quantity
            item = ReturnItem(min(most, Decimal(1)), receipt_line_id=line.id)
            wrong = services.create_return(
                vendor_id=receipt.vendor_id,
                items=[item],
                key=f"demo return {receipt.id}",
                cause="wrong",
                their_reference=f"RMA-{receipt.id:04}",
            )
            if made:
                services.send_return(wrong.id)
            made += 1
    return made
