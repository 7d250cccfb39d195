"""Telling people that goods between warehouses have not come."""

from sqlalchemy import func, select

from app.core.alerts import close_alert, keep_alert
from app.core.days import today
from app.core.db import db
from app.transfers import queries

KEY = "transfers:late"


def watch_late_transfers() -> None:
    """Keep one alert with the number of late transfers, while there are any."""
    late = queries.transfers(status="late", today=today()).subquery()
    count = db.session.scalar(select(func.count()).select_from(late)) or 0
    if not count:
        close_alert(KEY)
        return
    what = "One transfer is" if count == 1 else f"{count:,} transfers are"
    keep_alert(
        kind="transfers.late",
        key=KEY,
        title=f"{what} late",
        text="Goods should have come from another warehouse before today, and have not.",
        href="/transfer-orders?status=late",
    )
