"""Dated exchange rates: how much of a currency one euro was worth, as the bank says."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Numeric,
    UniqueConstraint,
    case,
    literal,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Model, db

EURO = "EUR"
STALE = timedelta(days=10)  # holidays and weekends; an older rate is none
RATE_DECIMALS = 8


class ExchangeRate(Model):
    """How much of a currency one euro was worth on a day, as the European Central Bank says."""

    __tablename__ = "exchange_rate"
    __table_args__ = (
        UniqueConstraint("currency", "day"),
        CheckConstraint("rate > 0", "rate"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", "currency"),
    )

    currency: Mapped[str]
    day: Mapped[date]
    rate: Mapped[Decimal] = mapped_column(Numeric(18, RATE_DECIMALS))


def euros(currency: Any, day: Any) -> ColumnElement[Decimal]:
    """How much of a currency one euro was worth on a day, or on the last before it."""
    known = (
        select(ExchangeRate.rate)
        .where(
            ExchangeRate.currency == currency,
            ExchangeRate.day <= day,
            ExchangeRate.day > day - literal(STALE.days),
        )
        .order_by(ExchangeRate.day.desc())
        .limit(1)
        .scalar_subquery()
    )
    return case((currency == EURO, literal(Decimal(1))), else_=known)


def exchange_rate(given: str, wanted: str, day: date) -> Decimal | None:
    """Give how much of the wanted currency one unit of the given one was worth on a day.

    None where no rate of one of them is known: nobody guesses it.
    """
    if given == wanted:
        return Decimal(1)
    first, second = (euros(literal(code), literal(day)) for code in (given, wanted))
    worth: Decimal | None = db.session.scalar(select(second / first))
    return None if worth is None else round(worth, RATE_DECIMALS)
