"""What is done about differences: comparing, explaining, dismissing."""

from decimal import Decimal

from sqlalchemy import func, select

from app.core.alerts import close_alert, keep_alert
from app.core.db import db, locked, transaction
from app.core.errors import DomainError, Invalid
from app.integrations.hub.models import Connection
from app.reconcile.discrepancies import queries
from app.reconcile.discrepancies.comparing import compare, due_comparisons
from app.reconcile.discrepancies.models import Discrepancy, StockComparison
from app.stock.services import find_location

KEY = "reconcile:discrepancies"


class DiscrepancyClosed(DomainError):
    """Both sides agree again."""


def find_discrepancies() -> dict[str, int]:
    """Compare with every account that a location of ours stands for; give what was found."""
    found = [compare(number) for number in due_comparisons()]
    watch_discrepancies()
    return {
        "accounts": len(found),
        "compared": sum(one.compared for one in found),
        "differing": sum(one.differing for one in found),
        "not_answered": sum(bool(one.problem) for one in found),
    }


def watch_discrepancies() -> None:
    """Keep one alert while something differs of which nobody has said why."""
    open_ones = select(func.count(Discrepancy.id)).where(Discrepancy.state == "open")
    count = db.session.scalar(open_ones) or 0
    if not count:
        close_alert(KEY)
        return
    what = "One product differs" if count == 1 else f"{count:,} products differ"
    keep_alert(
        kind="reconcile.discrepancies",
        key=KEY,
        title=f"{what} from what marketplaces have",
        text="Our books and their warehouses do not agree, and nobody has said why.",
        href="/discrepancies?state=open",
    )


def set_comparison(connection_id: int, *, location: str, tolerance: Decimal) -> StockComparison:
    """Say which location of ours stands for what lies at a marketplace.

    Raises:
        Invalid: There is no such location, or no such account.
    """
    location_id = find_location(location)
    with transaction() as session:
        if session.get(Connection, connection_id) is None:
            raise Invalid("connection", "There is no such account.")
        found = select(StockComparison).where(StockComparison.connection_id == connection_id)
        one = session.scalars(locked(found, StockComparison)).one_or_none()
        if one is None:
            one = StockComparison(connection_id=connection_id)
            session.add(one)
        one.location_id, one.tolerance = location_id, tolerance
        session.flush()
        return session.scalars(queries.comparison_of(connection_id)).one()


def explain_discrepancy(discrepancy_id: int, *, note: str) -> Discrepancy:
    """Say why a product differs: it is watched on, and ends once both agree."""
    return _judge(discrepancy_id, "explained", note)


def dismiss_discrepancy(discrepancy_id: int, *, note: str) -> Discrepancy:
    """Say that nothing is to be done about a difference."""
    return _judge(discrepancy_id, "dismissed", note)


def reopen_discrepancy(discrepancy_id: int) -> Discrepancy:
    """Take back what was said of a difference."""
    return _judge(discrepancy_id, "open", "")


def _judge(discrepancy_id: int, state: str, note: str) -> Discrepancy:
    with transaction() as session:
        wanted = select(Discrepancy).where(Discrepancy.id == discrepancy_id)
        one = session.scalars(locked(wanted, Discrepancy)).one()
        if one.closed_at is not None:
            raise DiscrepancyClosed("Both agree again: there is nothing more to say.")
        one.judge(state, note)
        session.flush()
        watch_discrepancies()
        return one
