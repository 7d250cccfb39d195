"""Lots come to their last day: what has passed it is not available, and people are told."""

from datetime import timedelta

from app.core.alerts import close_alert, keep_alert
from app.core.days import today
from app.core.db import db
from app.core.settings import setting
from app.stock import queries
from app.stock.services.withholding import withhold_expired

KEY = "lots:expiring"
MOST = 1_000  # lots that are counted


def watch_lots() -> dict[str, int]:
    """Withhold what has expired, and keep one alert while lots on hand expire or have.

    How long before is a setting. Gives how many balances were withheld or given back, and how
    many lots expire.
    """
    changed = withhold_expired()
    day = today()
    until = day + timedelta(days=setting("lot_alert_days"))
    found = db.session.scalars(queries.expiring(until, limit=MOST)).all()
    expired = sum(lot.is_expired(day) for lot in found)
    if not found:
        close_alert(KEY)
    else:
        keep_alert(
            kind="lots.expiring",
            key=KEY,
            title=_said(len(found) - expired, expired),
            text=f"First {found[0].label} of {found[0].product.sku}, {found[0].expires_on}. "
            "Sell it first, or write it off.",
            href="/lots?shown=expired" if expired else "/lots?shown=soon",
        )
    return {"changed": changed, "expiring": len(found)}


def _said(soon: int, expired: int) -> str:
    parts = []
    if expired:
        parts.append(f"{_number(expired)} expired")
    if soon:
        parts.append(f"{_number(soon)} soon to expire")
    return f"Lots on hand: {' and '.join(parts)}"


def _number(count: int) -> str:
    return f"{count:,}{' or more' if count >= MOST else ''}"
