"""Telling people that vendors are late."""

from sqlalchemy import func, select

from app.core.alerts import close_alert, keep_alert
from app.core.days import today
from app.core.db import db
from app.purchasing import queries

KEY = "purchase_orders:late"


def watch_late_orders() -> None:
    """Keep one alert with the number of late purchase orders, while there are any."""
    late = queries.orders(status="late", today=today()).subquery()
    count = db.session.scalar(select(func.count()).select_from(late)) or 0
    if not count:
        close_alert(KEY)
        return
    what = "One purchase order is" if count == 1 else f"{count:,} purchase orders are"
    keep_alert(
        kind="purchase_orders.late",
        key=KEY,
        title=f"{what} late",
        text="Goods were due before today, and have not come.",
        href="/purchase-orders?status=late",
    )
