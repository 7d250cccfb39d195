"""Telling people that orders are beyond their cut-off."""

from datetime import UTC, datetime

from sqlalchemy import func, select

from app.core.alerts import close_alert, keep_alert
from app.core.db import db
from app.orders import queries

KEY = "orders:late"


def watch_late_orders() -> None:
    """Keep one alert with the number of late orders, while there are any."""
    late = queries.orders(status="late", now=datetime.now(UTC)).subquery()
    count = db.session.scalar(select(func.count()).select_from(late)) or 0
    if not count:
        close_alert(KEY)
        return
    what = "One order is" if count == 1 else f"{count:,} orders are"
    keep_alert(
        kind="orders.late",
        key=KEY,
        title=f"{what} late",
        text="Their time to ship by has passed, and they have not left.",
        href="/orders?status=late",
    )
