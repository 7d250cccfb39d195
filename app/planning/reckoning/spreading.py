"""A total is spread over cells by what is there, so that it comes out exactly."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

WHOLE, FINEST = Decimal(1), Decimal("0.001")


def spread(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Give each cell its part of a total from 0 on, by its weight; without any, evenly.

    Whole totals become whole parts; others have three decimals. What is left by rounding down
    goes to the parts that lost most by it (the largest remainder), the first of equals first.

    >>> spread(Decimal(10), [Decimal(1), Decimal(1), Decimal(1)])
    [Decimal('4'), Decimal('3'), Decimal('3')]
    """
    if not any(weights):
        weights = [WHOLE] * len(weights)
    unit = WHOLE if total == total.to_integral_value() else FINEST
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [part.quantize(unit, rounding=ROUND_FLOOR) for part in exact]
    left = int((total - sum(parts)) / unit)
    by_loss = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in by_loss[:left]:
        parts[place] += unit
    return parts
