"""Which lots, or which pieces, of an order come back: those that were shipped with it."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from app.catalog.models import SERIAL, Product
from app.core.db import db
from app.core.errors import Invalid
from app.orders import queries
from app.orders.models import OrderLine, SalesOrder
from app.stock import services as stock
from app.stock.models import Lot

FIELD = "quantities"
MOST_NAMED = 5  # lots in one sentence
ZERO = Decimal(0)


class Back(NamedTuple):
    """So much of a line that comes back, of one lot; None of what is not tracked."""

    line: OrderLine
    quantity: Decimal
    lot_id: int | None


class Shipped:
    """What of a product a customer has of an order, by lot; None is what left without one."""

    def __init__(self, order: SalesOrder, product: Product) -> None:
        rows = db.session.execute(queries.lots_shipped(order.id, product.id)).all()
        self.order, self.product = order, product
        self.lots: dict[int | None, Lot | None] = {lot_id: lot for lot_id, lot, _out in rows}
        self.out: dict[int | None, Decimal] = {lot_id: out for lot_id, _lot, out in rows}

    def take(self, lot_id: int | None, quantity: Decimal) -> int | None:
        """Let so much of a lot come back.

        Raises:
            Invalid: So much of it was not shipped, or has come back already.
        """
        if self.out.get(lot_id, ZERO) < quantity:
            lot = db.session.get_one(Lot, lot_id) if lot_id else None
            number = self.order.number
            reason = f"{lot.label if lot else 'So much'} of {self.product.sku} was not shipped"
            raise Invalid(FIELD, f"{reason} with {number}, or has come back already.")
        self.out[lot_id] -= quantity
        return lot_id

    def unsaid(self, quantity: Decimal) -> list[tuple[Decimal, int | None]]:
        """Give the lots of what comes back where nobody says them: only if it can be but one.

        Raises:
            Invalid: It could be one lot or another.
        """
        left = {lot_id: out for lot_id, out in self.out.items() if out > 0}
        if len(left) == 1:
            return [(quantity, lot_id) for lot_id in left]
        if self.product.tracking == SERIAL and sum(left.values(), ZERO) == quantity:
            return [(out, lot_id) for lot_id, out in left.items()]
        named = [lot.code for lot_id in left if (lot := self.lots[lot_id])]
        said = ", ".join(named[:MOST_NAMED])
        word = "serial numbers" if self.product.tracking == SERIAL else "lot"
        raise Invalid(FIELD, f"Say the {word} of {self.product.sku} that came back: {said}.")


def lots_back(
    order: SalesOrder, back: Iterable[tuple[OrderLine, Decimal]], lots: Mapping[int, str]
) -> list[Back]:
    """Give what comes back by lot; `lots` are their numbers by line, parted by blanks.

    Raises:
        Invalid: A lot was not shipped with the order, has come back already, or is not said.
    """
    shipped: dict[int, Shipped] = {}
    found: list[Back] = []
    for line, quantity in back:
        product = db.session.get(Product, line.product_id) if line.product_id else None
        said = stock.LotDraft(lots.get(line.id, "").strip())
        if product is None or not product.is_tracked:
            if product is not None:
                stock.refuse_untracked(product, said)
            found.append(Back(line, quantity, None))
            continue
        out = shipped.setdefault(product.id, Shipped(order, product))
        pieces = _pieces(out, quantity, said) if said.code else out.unsaid(quantity)
        found += [Back(line, part, out.take(lot_id, part)) for part, lot_id in pieces]
    return found


def _pieces(
    out: Shipped, quantity: Decimal, said: stock.LotDraft
) -> Sequence[tuple[Decimal, int | None]]:
    return [
        (part, stock.lot_called(out.product, draft.code).id)
        for part, draft in stock.pieces_of(out.product, quantity, said)
    ]
