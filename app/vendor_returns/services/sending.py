"""Goods leave for their vendor, at what they have cost on average; and come back if undone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal

from app.core.days import today
from app.core.db import db, locked, retried, transaction
from app.core.exchange_rates import exchange_rate
from app.core.quantities import MONEY_DECIMALS, grouped, half_up
from app.documents.errors import NotAllowed
from app.purchasing.models import GoodsReceipt
from app.purchasing.services import (
    CostStep,
    average_costs,
    cost_return,
    note_decisions,
    uncost_return,
)
from app.stock import queries as stock_queries
from app.stock import services as stock
from app.stock.errors import InsufficientStock
from app.stock.models import Balance
from app.stock.reservations import ReservedQuantity, allocate
from app.vendor_returns import queries
from app.vendor_returns.models import STATES, VendorReturn, VendorReturnLine
from app.vendor_returns.services.locking import locked_return

ZERO = Decimal(0)
REASON = "sent_back"


@retried
def send_return(return_id: int) -> VendorReturn:
    """Let goods leave for their vendor: what was put aside from there, the rest as picked.

    Raises:
        NotAllowed: It has left already, or is cancelled, or what it came by is undone.
        InsufficientStock: Fewer are available in the warehouse, with what is missing.
    """
    with transaction() as session:
        found = locked_return(return_id)
        STATES.refuse(found.number, found.status, "sent")
        _refuse_undone(found)
        taken = _taken(found)
        costs = average_costs({line.product_id for line in found.lines})
        supplier = stock.virtual_location("supplier")
        moves = [
            stock.Move(
                product_id=one.product_id,
                lot_id=one.lot_id,
                from_location_id=one.location_id,
                to_location_id=supplier,
                quantity=one.quantity,
                reason=REASON,
                note=found.their_reference,
                document_type=queries.RETURN,
                document_id=found.id,
                unit_cost=half_up(costs[one.product_id][0], MONEY_DECIMALS),
                is_reserved=is_reserved,
            )
            for one, is_reserved in taken
        ]
        found.steps += 1
        posted = stock.post(moves, key=f"vendor return {found.id} {found.steps}")
        steps = [
            CostStep(line.product_id, line.quantity, _worth(line, costs), posted.id)
            for line in found.lines
        ]
        cost_return(steps, _credits(found))
        found.status, found.posting_id = "sent", posted.id
        found.sent_at = datetime.now(UTC)
        session.flush()
        _decide(found, "sent_back")
    return found


def note_returned(found: VendorReturn, posting_id: int) -> VendorReturn:
    """Note that a customer has sent a draft of a return to its vendor, in their unit of work.

    `posting_id` is that of the customer's return. It was never ours, so it has cost nothing.
    """
    STATES.refuse(found.number, found.status, "sent")
    found.status, found.posting_id, found.is_direct = "sent", posting_id, True
    found.sent_at = datetime.now(UTC)
    db.session.flush()
    return found


@retried
def undo_sending(return_id: int) -> VendorReturn:
    """Take back that a return has left: its goods lie again where they lay.

    Raises:
        NotAllowed: It has not left, its credit is here, or it went back from a customer.
    """
    with transaction() as session:
        found = locked_return(return_id)
        if found.status != "sent" or found.posting_id is None:
            raise NotAllowed(f"{found.number} is {found.state.label.lower()}.")
        if found.is_direct:
            raise NotAllowed(f"{found.number} is a return of a customer: it stays.")
        movements = session.scalars(queries.movements_of(found)).all()
        posted = stock.reverse_document_posting(
            found.posting_id,
            document=(queries.RETURN, found.id),
            key=f"undo vendor return {found.id} {found.steps}",
        )
        back = [
            CostStep(one.product_id, one.quantity, one.quantity * one.unit_cost, posted.id)
            for one in movements
            if one.unit_cost is not None
        ]
        uncost_return(back, found.posting_id)
        found.status, found.posting_id, found.sent_at = "draft", None, None
        session.flush()
        _decide(found, None)
    return found


def _refuse_undone(found: VendorReturn) -> None:
    """Refuse to give back what never came; nobody undoes a receipt meanwhile."""
    receipts = locked(queries.receipts_of(found.id), GoodsReceipt)
    for receipt in db.session.scalars(receipts):
        if receipt.is_undone:
            raise NotAllowed(f"{receipt.number} is undone: nothing of it goes back.")


def _taken(found: VendorReturn) -> list[tuple[ReservedQuantity, bool]]:
    """What goes from where, and whether it was set apart for that."""
    aside = [part for line in found.lines if line.is_aside for part in _aside(line)]
    of_lots = [line for line in found.lines if not line.is_aside and _lot_of(line)]
    aside += [part for line in of_lots for part in _of_lot(line, found.warehouse.path)]
    others = [line for line in found.lines if not line.is_aside and not _lot_of(line)]
    demands = [stock.Demand(line.product_id, line.quantity) for line in others]
    # What nobody sells any more is what goes back.
    place = found.warehouse.path
    allocated = allocate(demands, within=place, with_inactive=True) if demands else []
    missing = []
    for line, parts in zip(others, allocated, strict=True):
        rest = line.quantity - sum((part.quantity for part in parts), ZERO)
        if rest:
            missing.append(f"{grouped(rest)} of {line.product.sku}")
    if missing:
        where = f"In {found.warehouse.code} there are missing"
        raise InsufficientStock(f"{where}: {', '.join(missing)}.")
    return [(one, False) for one in aside] + [
        (one, True) for parts in allocated for one in parts
    ]


def _lot_of(line: VendorReturnLine) -> int | None:
    """The lot that came, which is the one that goes back, blocked or not."""
    return line.receipt_line.lot_id if line.receipt_line else None


def _aside(line: VendorReturnLine) -> list[ReservedQuantity]:
    """Where a line lies that was put aside: of the lot that came by it."""
    came = line.receipt_line
    assert came is not None and came.location_id is not None  # noqa: S101, PT018  (a CHECK)
    there = [
        balance
        for balance in db.session.scalars(stock_queries.balances_of(line.product_id))
        if balance.location_id == came.location_id and balance.lot_id == came.lot_id
    ]
    return _parts(line, there, "do not lie where they were put aside")


def _of_lot(line: VendorReturnLine, warehouse: str) -> list[ReservedQuantity]:
    """Where the lot of a line lies in a warehouse, in the order of picking."""
    there = [
        balance
        for balance in db.session.scalars(stock_queries.balances_of(line.product_id))
        if balance.lot_id == _lot_of(line)
        and balance.location.path.startswith(warehouse)
        and balance.location.kind in ("bin", "staging")
    ]
    return _parts(line, there, "of the lot that came by the receipt are not free here")


def _parts(
    line: VendorReturnLine, there: Iterable[Balance], otherwise: str
) -> list[ReservedQuantity]:
    rest, parts = line.quantity, []
    for balance in there:
        part = min(balance.on_hand - balance.reserved, rest)
        if part > 0:
            place = balance.location_id
            parts.append(ReservedQuantity(line.product_id, place, balance.lot_id, part))
            rest -= part
    if rest:
        raise InsufficientStock(f"Of {line.product.sku} {grouped(rest)} {otherwise}.")
    return parts


def _worth(line: VendorReturnLine, costs: Mapping[int, tuple[Decimal, str]]) -> Decimal:
    return line.quantity * half_up(costs[line.product_id][0], MONEY_DECIMALS)


def _credits(found: VendorReturn) -> dict[int, Decimal | None]:
    """The credit expected of each product, in its own currency, as far as a rate is known."""
    sums: dict[int, Decimal | None] = defaultdict(lambda: ZERO)
    for line in found.lines:
        rate = exchange_rate(found.currency, line.product.currency, today())
        before = sums[line.product_id]
        known = rate is not None and before is not None
        sums[line.product_id] = (
            before + line.expected * rate if known and before is not None and rate else None
        )
    return dict(sums)


def _decide(found: VendorReturn, decision: str | None) -> None:
    """Say of what was put aside that it went back, or that nobody has decided again."""
    ids = [line.receipt_line_id for line in found.lines if line.is_aside]
    note_decisions([number for number in ids if number is not None], decision)
