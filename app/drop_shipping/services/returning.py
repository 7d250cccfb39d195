"""A customer sends back to a vendor what that delivered: it counts once, and is never ours.

One posting says it, which is the customer's return and the one to the vendor, whose credit is
expected then.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from app.core.db import db, retried, transaction
from app.documents.errors import InvalidQuantity
from app.documents.services import Quantities
from app.drop_shipping import queries
from app.orders.models import SalesOrder
from app.orders.services import ReturnReceipt, locked_order, return_goods, singles
from app.purchasing.models import GoodsReceiptLine
from app.stock import services as stock
from app.vendor_returns.models import VendorReturn
from app.vendor_returns.services import (
    ReturnItem,
    create_return,
    note_returned,
    reserved_of_receipts,
    returns_of_posting,
)

ZERO = Decimal(0)
# What a customer says, as we say it to the vendor.
CAUSE_OF = {"wrong_item": "wrong", "defective": "damaged", "damaged": "damaged"}
Share = tuple[GoodsReceiptLine, Decimal]


def returnable_of(order: SalesOrder) -> dict[int, Decimal]:
    """Say how much of which line a vendor has delivered that has not come back."""
    lines = {line.id: line for line in order.single_lines}
    left = {
        number: sum((part for _line, part in some), ZERO)
        for number, some in _left(order).items()
    }
    return {
        number: min(part, lines[number].quantity_returnable) for number, part in left.items()
    }


@retried
def return_to_vendors(
    order_id: int, quantities: Quantities, *, reason: str, key: str, note: str = ""
) -> list[VendorReturn]:
    """Note that a customer has sent goods back to the vendors who delivered them, once per key.

    Raises:
        Invalid: More of a line than vendors have delivered, or a reason that is none.
        KeyReused: The key belongs to another request.
    """
    with transaction():
        order = locked_order(order_id)
        wanted = {number: part for number, part in singles(order, quantities).items() if part}
        supplier = stock.virtual_location("supplier")
        receipt = ReturnReceipt(reason, "good", supplier, note)
        left = _left(order)
        back = return_goods(order_id, wanted, receipt, key=key)
        if known := returns_of_posting(back.posting_id):
            return known
        groups: dict[int, list[ReturnItem]] = defaultdict(list)
        for number, part in wanted.items():
            for line, some in _shared(order, number, part, left.get(number, ())):
                item = ReturnItem(some, receipt_line_id=line.id)
                groups[line.receipt.vendor_id or 0].append(item)
        return [
            note_returned(
                create_return(
                    vendor_id=vendor_id,
                    items=items,
                    key=f"{key} {vendor_id}",
                    cause=CAUSE_OF.get(reason, "other"),
                    note=note,
                ),
                back.posting_id,
            )
            for vendor_id, items in groups.items()
        ]


def _left(order: SalesOrder) -> Mapping[int, Sequence[Share]]:
    """What vendors have delivered of lines, the last first, less what went back to them."""
    rows = db.session.execute(
        queries.delivered_lines([one.id for one in order.single_lines])
    ).all()
    gone = reserved_of_receipts([line.id for _number, line in rows])
    found: dict[int, list[Share]] = defaultdict(list)
    for number, line in rows:
        if (part := line.quantity - gone.get(line.id, ZERO)) > 0:
            found[number].append((line, part))
    return found


def _shared(
    order: SalesOrder, number: int, quantity: Decimal, left: Sequence[Share]
) -> list[Share]:
    """Share what goes back among the deliveries that brought it, the last one first."""
    shares, rest = [], quantity
    for line, most in left:
        if part := min(most, rest):
            shares.append((line, part))
            rest -= part
    if rest:
        sku = next(one.sku for one in order.single_lines if one.id == number)
        raise InvalidQuantity(number, f"Vendors have delivered less of {sku} than goes back.")
    return shares
