"""Fills an account: payments of some weeks, paid out day by day."""

import random
import time

from tests.standins.stripe.account import DAY, Account
from tests.standins.words import SURNAMES

CURRENCIES = ("eur",) * 8 + ("usd", "jpy")


def fill(account: Account, charges: int, days: int, seed: int) -> None:
    """Make payments, the oldest first, with a payout a day in each currency."""
    draw, tell = random.Random(seed), account.tell
    account.tell = lambda _type, _object: None
    now = int(time.time())
    for day in range(days):
        at = now - (days - day) * DAY
        for place in range(charges * day // days, charges * (day + 1) // days):
            amount = draw.randrange(500, 40_000)
            order = f"{place + 1:09d}" if place % 10 else ""
            buyer = f"Ana {SURNAMES[place % len(SURNAMES)]}"
            account.sell(amount, draw.choice(CURRENCIES), order=order, at=at, buyer=buyer)
        for currency in sorted(set(CURRENCIES)):
            if account.open.get(currency):
                account.arrive(account.pay_out(currency, at=at + DAY // 2)["id"])
    account.tell = tell
