"""The account that each system keeps for us, as it rolls from a day to another, and its fees.

Days are those of UTC, as the systems count them.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import text

from app.core.db import db
from app.core.pages.charts import COLOURS, Chart, Series
from app.core.settings import setting

OTHERS = "Others"
ZERO = Decimal(0)

CLEARING = text("""
SELECT connection.id AS connection_id, connection.name AS connection, one.currency,
    coalesce(sum(net) FILTER (WHERE made_at < :since), 0) AS opening,
    coalesce(sum(amount) FILTER (WHERE made_at >= :since AND role = 'sale'), 0) AS sales,
    coalesce(sum(amount) FILTER (WHERE made_at >= :since AND role = 'refund'), 0) AS refunds,
    coalesce(sum(amount) FILTER (WHERE made_at >= :since AND role = 'dispute'), 0) AS disputes,
    coalesce(sum(amount) FILTER (WHERE made_at >= :since AND role = 'other'), 0) AS other,
    coalesce(sum(fee) FILTER (WHERE made_at >= :since), 0)
        - coalesce(sum(amount) FILTER (WHERE made_at >= :since AND role = 'fee'), 0) AS fees,
    -coalesce(sum(amount) FILTER (WHERE made_at >= :since AND role = 'payout'), 0) AS payouts,
    sum(net) AS closing
FROM money_transaction one JOIN connection ON connection.id = one.connection_id
WHERE made_at < :until
GROUP BY connection.id, connection.name, one.currency
ORDER BY connection.name, connection.id, one.currency
""")
HELD = text("""
SELECT held.connection_id, held.currency, held.available + held.pending AS held, held.said_at,
    (SELECT coalesce(sum(net), 0) FROM money_transaction one
     WHERE one.connection_id = held.connection_id AND one.currency = held.currency
     AND one.made_at <= held.said_at) AS reckoned
FROM money_balance held
""")
FEES = text("""
SELECT date_trunc('month', one.made_at AT TIME ZONE 'UTC')::date AS month, fee.kind,
    sum(fee.amount) AS amount
FROM money_fee fee JOIN money_transaction one ON one.id = fee.transaction_id
WHERE fee.currency = :currency AND one.made_at >= :since AND one.made_at < :until
GROUP BY 1, 2 ORDER BY 1, 2
""")
CURRENCIES = text("SELECT DISTINCT currency FROM money_transaction ORDER BY currency")


class Clearing(NamedTuple):
    """One account in one currency: opening + activity - payouts = closing.

    Activity is sales, refunds, disputes and others, less fees. `held` is what the system said
    last that it holds, `variance` how far that is from all that it has told us until then;
    None where it has said nothing.
    """

    connection_id: int
    connection: str
    currency: str
    opening: Decimal
    sales: Decimal
    refunds: Decimal
    disputes: Decimal
    other: Decimal
    fees: Decimal
    payouts: Decimal
    closing: Decimal
    held: Decimal | None = None
    said_at: datetime | None = None
    variance: Decimal | None = None

    @property
    def activity(self) -> Decimal:
        """What came in and what was taken, without what was paid out."""
        return self.sales + self.refunds + self.disputes + self.other - self.fees


class Fee(NamedTuple):
    """What was taken in a month, of one kind."""

    month: date
    kind: str
    amount: Decimal


def clearing(since: date, until: date) -> list[Clearing]:
    """Roll every account from the beginning of one day to the end of another."""
    held = {
        (one.connection_id, one.currency): {
            "held": one.held, "said_at": one.said_at, "variance": one.held - one.reckoned,
        }
        for one in db.session.execute(HELD)
    }  # fmt: skip
    rows = db.session.execute(CLEARING, _moments(since, until)).mappings()
    return [
        Clearing(**row, **held.get((row["connection_id"], row["currency"]), {})) for row in rows
    ]


def fees(since: date, until: date, currency: str) -> list[Fee]:
    """Add up fees by month and kind."""
    given = _moments(since, until) | {"currency": currency}
    return [Fee(*row) for row in db.session.execute(FEES, given)]


def fees_chart(found: Sequence[Fee], currency: str) -> Chart:
    """Draw fees by month; the largest kinds have colours of their own."""
    months = sorted({one.month for one in found})
    sums: dict[str, Decimal] = {}
    for one in found:
        sums[one.kind] = sums.get(one.kind, ZERO) + one.amount
    ranked = sorted(sums, key=lambda kind: (-abs(sums[kind]), kind))
    shown = ranked if len(ranked) <= COLOURS else ranked[: COLOURS - 1]
    groups = [(words(kind), {kind}) for kind in shown]
    if rest := set(ranked[len(shown) :]):
        groups.append((OTHERS, rest))
    return Chart(
        "bar",
        f"Fees by kind, {currency}",
        "Month",
        tuple(f"{month:%Y-%m}" for month in months),
        tuple(Series(name, _by_month(found, kinds, months)) for name, kinds in groups),
        currency,
        decimals=2,
        is_stacked=True,
    )


def words(kind: str) -> str:
    """Write what a system calls a fee as people read it."""
    return kind.replace("_", " ").capitalize()


def currencies() -> list[str]:
    """Those that there is money in, ours first."""
    found: list[Any] = list(db.session.scalars(CURRENCIES))
    ours = str(setting("currency"))
    return sorted(found, key=lambda code: (code != ours, code))


def _by_month(
    found: Sequence[Fee], kinds: set[str], months: Sequence[date]
) -> tuple[Decimal, ...]:
    return tuple(
        sum((one.amount for one in found if one.month == month and one.kind in kinds), ZERO)
        for month in months
    )


def _moments(since: date, until: date) -> dict[str, datetime]:
    after = until + timedelta(days=1)
    return {
        "since": datetime.combine(since, time(), UTC),
        "until": datetime.combine(after, time(), UTC),
    }
