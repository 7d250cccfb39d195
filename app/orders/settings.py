"""What the company decides about orders."""

from app.core.quantities import MONEY_DECIMALS, parse_decimal
from app.core.settings.definitions import Definition, Value


def _percent(value: Value) -> str | None:
    try:
        rate = parse_decimal(str(value), decimals=MONEY_DECIMALS)
    except ValueError:
        return "This is not a percentage, such as 19 or 8.875."
    return None if 0 <= rate <= 100 else "From 0 to 100."  # noqa: PLR2004


SETTINGS = (
    Definition(
        key="tax_rate",
        group="Company",
        order=10,
        label="Tax",
        default="0",
        unit="%",
        help="The usual rate of sales tax or VAT, for new orders.",
        check=_percent,
    ),
)
