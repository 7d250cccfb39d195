"""What the company decides about supply plans."""

from app.core.settings.definitions import Definition, between

SETTINGS = (
    Definition(
        key="supply_is_pooled",
        group="Planning",
        order=48,
        label="Orders consume the forecast of all customers",
        default=False,
        help="In supply plans. Else each consumes that of its own customer, and what customers "
        "order whom nobody forecasts comes on top.",
    ),
    Definition(
        key="supply_excess_months",
        group="Planning",
        order=49,
        label="Stock counts as too much beyond",
        default=3,
        unit="months",
        help="Of demand on average, on top of the safety stock, at the end of a supply plan. A "
        "product with a maximum goes by that.",
        check=between(0, 24),
    ),
)
