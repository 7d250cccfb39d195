"""Lots come to their last day: what has passed it is not available, and people are told."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import select

from app.core.alerts import Alert, close_alert, keep_alert
from app.core.days import today
from app.core.db import db
from app.core.settings import setting
from app.stock import queries
from app.stock.models import Lot
from app.stock.services.withholding import withhold_expired

KINDS = ("lots.expiring", "lots.expired")
EARLIER = "earlier"
LONG_AGO = timedelta(days=30)


class Expiring(NamedTuple):
    """How many lots on hand have one last day, and the first few of them."""

    day: date
    lots: int
    first: Sequence[Lot]


def watch_lots() -> dict[str, int]:
    """Withhold what has expired, and tell of each day on which lots on hand expire.

    That a day comes near is one event, and that it has passed another: each has one alert,
    until nothing of those lots is on hand any more. What expired long ago has one for all.
    How long before is a setting. Gives how many balances were withheld or given back, and how
    many lots expire or have.
    """
    changed = withhold_expired()
    day = today()
    found = _expiring(day + timedelta(days=setting("lot_alert_days")))
    recent = [one for one in found if one.day >= day - LONG_AGO]
    kept = {
        _keep_expiring(one) if one.day >= day else _keep_expired(str(one.day), [one])
        for one in recent
    }
    if past := [one for one in found if one.day < day - LONG_AGO]:
        kept.add(_keep_expired(EARLIER, past))
    for key in _open_keys() - kept:
        close_alert(key)
    return {"changed": changed, "expiring": sum(one.lots for one in found)}


def _expiring(until: date) -> list[Expiring]:
    rows = db.session.execute(queries.expiring(until)).all()
    ids = [number for _day, _count, first in rows for number in first]
    lots = {lot.id: lot for lot in db.session.scalars(queries.lots_with(ids))}
    return [Expiring(day, count, [lots[one] for one in first]) for day, count, first in rows]


def _keep_expiring(one: Expiring) -> str:
    key = f"lots:expiring:{one.day}"
    keep_alert(
        kind="lots.expiring",
        key=key,
        title=f"{_number(one.lots)} {'expires' if one.lots == 1 else 'expire'} on {one.day}",
        text=f"{_named([one])}. Sell it first.",
        href="/lots?shown=soon",
    )
    return key


def _keep_expired(when: str, past: Sequence[Expiring]) -> str:
    key = f"lots:expired:{when}"
    said = f"more than {LONG_AGO.days} days ago" if when == EARLIER else f"on {when}"
    keep_alert(
        kind="lots.expired",
        key=key,
        title=f"{_number(sum(one.lots for one in past))} on hand expired {said}",
        text=f"{_named(past)}. Nothing of it is sold: write it off, or correct its day.",
        href="/lots?shown=expired",
    )
    return key


def _open_keys() -> set[str]:
    is_open = select(Alert.key).where(Alert.kind.in_(KINDS), Alert.closed_at.is_(None))
    return {*db.session.scalars(is_open)}


def _number(lots: int) -> str:
    return "One lot" if lots == 1 else f"{lots:,} lots"


def _named(days: Iterable[Expiring]) -> str:
    days = [*days]
    first = [lot for one in days for lot in one.first][: queries.MOST_NAMED]
    more = sum(one.lots for one in days) - len(first)
    said = ", ".join(f"{lot.label} of {lot.product.sku}" for lot in first)
    return f"{said}{f' and {more:,} more' if more else ''}"
