"""What forecasts are worth: quantities by list price, in one currency.

An open cycle goes by the price and the cost of today, at the rate of today; when it is closed
both are kept in the company's currency, and its values stay as they were. A price or a cost of
zero is one that nobody entered: what goods without a price come to is not known, nor is the
margin of goods without a cost. Neither is ever taken for nothing.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, NamedTuple

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.catalog.costs import COSTS
from app.catalog.models import Product
from app.core.days import today
from app.core.db import db
from app.core.errors import Invalid, in_row
from app.core.exchange_rates import exchange_rate
from app.core.permissions import may_see
from app.core.quantities import LARGEST_QUANTITY, QUANTITY_DECIMALS
from app.core.settings import setting
from app.planning import queries
from app.planning.models import Cycle, ScopeRow
from app.planning.models.prices import PRICE_DECIMALS

MEASURES = {"quantity": "Quantity", "value": "Value", "margin": "Margin"}
VALUE_DECIMALS = 6  # so many that a value comes back as the quantity that it was
FINEST = Decimal(1).scaleb(-QUANTITY_DECIMALS)
NO_PRICE = "There is no price: write its quantity."

_NOW = f"""
    SELECT p.id AS product_id,
           NULLIF(round(p.price * r.factor, {PRICE_DECIMALS}), 0) AS price,
           NULLIF(round(p.cost * r.factor, {PRICE_DECIMALS}), 0) AS cost
      FROM product p
      LEFT JOIN unnest(CAST(:currencies AS text[]), CAST(:factors AS numeric[]))
           AS r(currency, factor) ON r.currency = p.currency
     WHERE p.id IN (SELECT product_id FROM planning_scope WHERE cycle_id = :cycle_id)
"""  # noqa: S608  (our own words)
_KEPT = "SELECT product_id, price, cost FROM planning_price WHERE cycle_id = :cycle_id"
_KEEP = text(
    f"""
    INSERT INTO planning_price (cycle_id, product_id, price, cost)
    SELECT :cycle_id, n.product_id, n.price, n.cost FROM ({_NOW}) n
    """  # noqa: S608
)


class Priced(NamedTuple):
    """What one unit of a product is sold for and costs; None is not known."""

    price: Decimal | None = None
    cost: Decimal | None = None

    @property
    def margin(self) -> Decimal | None:
        """What is earned by one unit; below zero: lost."""
        if self.price is None or self.cost is None:
            return None
        return self.price - self.cost

    def figure(self, measure: str, quantity: Decimal | None) -> Decimal | None:
        """What a quantity comes to; None where that is not known."""
        if measure == "quantity" or not quantity:
            return quantity
        rate = self.price if measure == "value" else self.margin
        return None if rate is None else rate * quantity

    def quantity(self, value: Decimal) -> Decimal:
        """The quantity that comes nearest to a value: to the thousandth of a unit.

        Raises:
            Invalid: There is no price, it is below zero, or more than a quantity can be.
        """
        if self.price is None:
            raise Invalid("value", NO_PRICE)
        if value < 0:
            raise Invalid("value", "A forecast is a number from 0 on.")
        found = (value / self.price).quantize(FINEST, rounding=ROUND_HALF_EVEN)
        if found >= LARGEST_QUANTITY:
            raise Invalid("value", "This is more than can be forecast.")
        return found


class Prices(NamedTuple):
    """What goods of a cycle are worth, in which currency, and whether that was kept."""

    currency: str
    is_kept: bool
    query: str  # `product_id`, `price`, `cost`, with what is `given`
    given: Mapping[str, Any]


def seen_measures() -> dict[str, str]:
    """What of a forecast is shown to whoever asks: margins only to who may see costs."""
    hidden = set() if may_see(COSTS) else {"margin"}
    return {name: label for name, label in MEASURES.items() if name not in hidden}


def prices(cycle: Cycle) -> Prices:
    """Tell how the goods of a cycle are priced: as it was closed, else as they are today."""
    given: dict[str, Any] = {"cycle_id": cycle.id}
    if cycle.priced_in:
        return Prices(cycle.priced_in, is_kept=True, query=_KEPT, given=given)
    currency = str(setting("currency"))
    return Prices(currency, is_kept=False, query=_NOW, given=given | _rates(cycle.id, currency))


def prices_of(cycle: Cycle) -> dict[int, Priced]:
    """Give what the goods of a cycle are worth, by the id of the product."""
    asked = prices(cycle)
    found = db.session.execute(text(asked.query), asked.given)
    return {one.product_id: Priced(one.price, one.cost) for one in found}


def in_quantities(cycle: Cycle, cells: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give cells with a quantity each, where some say what `value` they are to come to.

    Raises:
        InvalidRow: There is no price, or it would be more than a quantity can be.
    """
    if not any("value" in cell for cell in cells):
        return [dict(cell) for cell in cells]
    worth = prices_of(cycle)
    products = dict(db.session.execute(queries.products_of(cycle.id)).all())
    made = []
    for number, cell in enumerate(cells):
        kept = {name: value for name, value in cell.items() if name != "value"}
        if "value" in cell:
            priced = worth.get(products.get(cell["row_id"], 0), Priced())
            with in_row("cells", number):
                kept["quantity"] = priced.quantity(cell["value"])
        made.append(kept)
    return made


def keep_prices(session: Session, cycle: Cycle) -> None:
    """Keep what the goods of a cycle are worth now: it is being closed."""
    currency = str(setting("currency"))
    session.execute(_KEEP, {"cycle_id": cycle.id} | _rates(cycle.id, currency))
    cycle.priced_in = currency


def _rates(cycle_id: int, currency: str) -> dict[str, Any]:
    priced = select(Product.currency).join(ScopeRow, ScopeRow.product_id == Product.id)
    theirs = db.session.scalars(priced.where(ScopeRow.cycle_id == cycle_id).distinct()).all()
    return {
        "currencies": [*theirs],
        "factors": [exchange_rate(one, currency, today()) for one in theirs],
    }
