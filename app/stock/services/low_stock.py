"""Telling people that products are to be bought."""

from sqlalchemy import func, select

from app.core.alerts import close_alert, keep_alert
from app.core.db import db
from app.stock import queries

KEY = "stock:low"


def watch_low_stock() -> dict[str, int]:
    """Keep one alert with the number of products that run low, while there are any."""
    low = queries.low_stock(is_sorted_by_figure=True).order_by(None).subquery()
    count = db.session.scalar(select(func.count()).select_from(low)) or 0
    if not count:
        close_alert(KEY)
        return {"products": 0}
    what = "One product runs" if count == 1 else f"{count:,} products run"
    keep_alert(
        kind="stock.low",
        key=KEY,
        title=f"{what} low",
        text="What is available and incoming does not exceed the reorder point.",
        href="/stock/low",
    )
    return {"products": count}
