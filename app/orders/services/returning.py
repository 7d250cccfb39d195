"""Goods come back."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from app.core.actors import current_actor_id
from app.core.db import retried, transaction
from app.core.errors import Invalid
from app.core.quantities import plain
from app.documents.services import Quantities, chosen
from app.orders import queries
from app.orders.models import (
    CONDITIONS,
    RETURN_REASONS,
    OrderLine,
    OrderReturn,
    OrderReturnLine,
    SalesOrder,
)
from app.orders.services.bundles import follow_components, singles
from app.orders.services.locking import locked_order, publish_change
from app.orders.services.lots_back import Back, lots_back
from app.stock import services as stock
from app.stock.ledger import earlier
from app.stock.services import Move

Chosen = Sequence[tuple[OrderLine, Decimal]]


class ReturnReceipt(NamedTuple):
    """How goods came back; `location_id` is where they were put."""

    reason: str
    condition: str
    location_id: int
    note: str = ""

    def refuse_nonsense(self) -> None:
        """Refuse words that are none of ours.

        Raises:
            Invalid: The reason or the condition is unknown.
        """
        if self.reason not in RETURN_REASONS:
            raise Invalid("reason", "Choose why they came back.")
        if self.condition not in CONDITIONS:
            raise Invalid("condition", "Choose in what condition they are.")


@retried
def return_goods(
    order_id: int,
    quantities: Quantities,
    receipt: ReturnReceipt,
    *,
    key: str,
    request: str | None = None,
    lots: Mapping[int, str] | None = None,
) -> OrderReturn:
    """Take goods of an order back, once per key.

    They go from the customer to a location, and are on hand there again. Damaged ones are
    written off there in the same posting: the ledger shows both, nobody is offered them.
    A bundle comes back as its components, or as some of them. Of what is tracked `lots` says
    by line which lot came back, or which pieces; where it can be but one nobody has to.

    Raises:
        Invalid: More than was shipped, a place that takes nothing, or a lot that was not
            shipped, has come back already or is not said.
        KeyReused: The key belongs to another request.
    """
    receipt.refuse_nonsense()
    request = request or f"return {order_id} {_said(quantities)} {receipt} {lots or ''}".strip()
    with transaction() as session:
        order = locked_order(order_id)
        if again := earlier(key, request):
            return session.scalars(queries.return_of_posting(again.id)).one()
        most = {line.id: line.quantity_returnable for line in order.single_lines}
        wanted = singles(order, quantities)
        back = chosen(order, wanted, most, verb="returned", among=order.single_lines)
        parts = lots_back(order, back, lots or {})
        posted = stock.post([*_moves(order, parts, receipt)], key=key, request=request)
        kept = _kept(order, back, receipt, posted)
        follow_components(order)
        session.add(kept)
        order.version += 1
        publish_change(order)
    return kept


def _moves(order: SalesOrder, back: Sequence[Back], receipt: ReturnReceipt) -> list[Move]:
    customer = stock.virtual_location("customer")
    moves = [
        _move(order, part, "returned", customer, receipt.location_id, receipt.note)
        for part in back
    ]
    if receipt.condition == "damaged":
        gone = stock.virtual_location("adjustment")
        moves += [
            _move(order, part, "damaged", receipt.location_id, gone, receipt.note)
            for part in back
        ]
    return moves


def _move(
    order: SalesOrder,
    part: Back,
    reason: str,
    start: int,
    end: int,
    note: str,
) -> Move:
    line, quantity, lot_id = part
    if line.product_id is None:
        raise Invalid("quantities", f"We do not know {line.sku}: choose a product of ours.")
    return Move(
        product_id=line.product_id,
        lot_id=lot_id,
        from_location_id=start,
        to_location_id=end,
        quantity=quantity,
        reason=reason,
        note=note,
        document_type=queries.ORDER,
        document_id=order.id,
    )


def _kept(
    order: SalesOrder, back: Chosen, receipt: ReturnReceipt, posted: stock.Posted
) -> OrderReturn:
    for line, quantity in back:
        line.quantity_returned += quantity
    return OrderReturn(
        order_id=order.id,
        posting_id=posted.id,
        actor_id=current_actor_id(),
        lines=[OrderReturnLine(order_line_id=line.id, quantity=part) for line, part in back],
        **receipt._asdict(),
    )


def _said(quantities: Quantities) -> str:
    return " ".join(f"{number}:{plain(part)}" for number, part in sorted(quantities.items()))
