"""Orders consume the forecast: they are never added to it."""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple


class Bucket(NamedTuple):
    """What is forecast, ordered or sold: a product, a customer, a month by its place."""

    product_id: int
    customer_id: int
    month: int


Rest = dict[tuple[int, int], int]  # by product and month


def rest_of_forecast(
    forecast: Mapping[Bucket, int], taken: Mapping[Bucket, int], *, by_customer: bool
) -> Rest:
    """Give what of the forecast no order has taken yet, by product and month.

    What orders and sales exceed a forecast by takes nothing off another month. With
    `by_customer` it takes nothing off another customer either: who is not forecast comes on
    top. Else all orders of a product consume all that is forecast of it, whosever they are.
    """
    if not by_customer:
        forecast, taken = _of_everybody(forecast), _of_everybody(taken)
    rest: Rest = defaultdict(int)
    for bucket, quantity in forecast.items():
        if (left := quantity - max(0, taken.get(bucket, 0))) > 0:
            rest[bucket.product_id, bucket.month] += left
    return rest


def _of_everybody(quantities: Mapping[Bucket, int]) -> Mapping[Bucket, int]:
    sums: dict[Bucket, int] = defaultdict(int)
    for bucket, quantity in quantities.items():
        sums[bucket._replace(customer_id=0)] += quantity
    return sums
