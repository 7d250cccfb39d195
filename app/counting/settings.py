"""What the company decides about counting."""

from app.core.settings.definitions import Definition, between

SETTINGS = (
    Definition(
        key="count_close_equal",
        group="Counting",
        order=40,
        label="Close a count without a difference by itself",
        default=True,
        help="Else somebody approves that, too.",
    ),
    Definition(
        key="count_recount_percent",
        group="Counting",
        order=40,
        label="Count again if more differs than",
        default=10,
        unit="%",
        help="Of what the books say. At 0 every difference is counted again.",
        check=between(0, 1_000),
    ),
    Definition(
        key="count_recount_value",
        group="Counting",
        order=40,
        label="Count again if it is worth more than",
        default=250,
        help="At cost, in the currency of the product.",
        check=between(0, 10_000_000),
    ),
)
