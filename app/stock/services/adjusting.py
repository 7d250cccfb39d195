"""What changes how much there is: adjustments, counts and write-offs."""

from decimal import Decimal

from app.core.db import retried, transaction
from app.core.errors import Invalid
from app.stock.ledger import Count, Move, Posted, post_in_block
from app.stock.models import ADJUSTMENTS, WRITE_OFFS
from app.stock.services.lookup import Target
from app.stock.services.lots import coming_lot, leaving_lot


@retried
def adjust_stock(
    target: Target,
    *,
    quantity: Decimal,
    reason: str,
    key: str,
    note: str = "",
    request: str | None = None,
) -> Posted:
    """Change what is on hand by a quantity, which is negative where goods go.

    Of goods that are tracked the target says the lot; one that comes and is new is made.

    Raises:
        InsufficientStock: Reserved units would no longer be covered.
        Invalid: The quantity is zero or does not fit, or the reason is none of a change.
        KeyReused: The key belongs to another request.
    """
    _refuse_other(reason)
    if not quantity:
        raise Invalid("quantity", "Enter a change other than zero.")
    ends = (target.against_id, target.location_id)
    start, end = ends if quantity > 0 else ends[::-1]
    find = coming_lot if quantity > 0 else leaving_lot
    with transaction():
        move = Move(
            product_id=target.product_id,
            lot_id=find(target),
            from_location_id=start,
            to_location_id=end,
            quantity=abs(quantity),
            reason=reason,
            note=note,
        )
        return post_in_block([move], key=key, request=request)


@retried
def count_stock(
    target: Target,
    *,
    counted: Decimal,
    key: str,
    reason: str = "counted",
    note: str = "",
    request: str | None = None,
) -> Posted:
    """Set what is on hand to what was counted, and keep when that was.

    Of goods that are tracked the target says which lot was counted.

    A count that finds no difference moves nothing.

    Raises:
        InsufficientStock: Reserved units would no longer be covered.
        Invalid: The number does not fit, or the reason is none of a change.
        KeyReused: The key belongs to another request.
    """
    _refuse_other(reason)
    find = coming_lot if counted else leaving_lot
    with transaction():
        count = Count(
            product_id=target.product_id,
            lot_id=find(target),
            location_id=target.location_id,
            against_id=target.against_id,
            counted=counted,
            reason=reason,
            note=note,
        )
        return post_in_block([count], key=key, request=request)


@retried
def write_off(
    target: Target, *, quantity: Decimal, reason: str, key: str, note: str = ""
) -> Posted:
    """Take goods off the books that are damaged, lost, expired, stolen or used up.

    Raises:
        InsufficientStock: Fewer are available.
        Invalid: The reason is none of these, or the quantity does not fit.
    """
    if reason not in WRITE_OFFS:
        raise Invalid("reason", "Choose a reason for a write-off.")
    with transaction():
        move = Move(
            product_id=target.product_id,
            lot_id=leaving_lot(target),
            from_location_id=target.location_id,
            to_location_id=target.against_id,
            quantity=quantity,
            reason=reason,
            note=note,
        )
        return post_in_block([move], key=key)


def _refuse_other(reason: str) -> None:
    if reason not in ADJUSTMENTS:
        raise Invalid("reason", "Choose a reason for an adjustment.")
