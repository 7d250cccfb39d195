"""Accounts of Stripe by their numbers, and where each is asked."""

import re

from flask import current_app

from app.core.errors import Invalid

VENDOR = "https://api.stripe.com"
NUMBER = re.compile(r"acct_[A-Za-z0-9]{8,60}")
STANDIN = "acct_1StandIn"  # accounts of a stand-in begin so: no other is ever asked there


def parse(typed: str) -> str:
    """Read the number of an account.

    Raises:
        Invalid: It is none, or belongs to a stand-in that nobody has configured.
    """
    number = typed.strip()
    if not NUMBER.fullmatch(number):
        raise Invalid("address", "This is no number of an account: it begins with acct_.")
    if number.startswith(STANDIN) and not standin():
        raise Invalid("address", "This account is of a stand-in, and none is configured.")
    return number


def base_of(number: str) -> str:
    """Where an account is asked: at Stripe, unless it is of a stand-in."""
    return standin() if number.startswith(STANDIN) else VENDOR


def standin() -> str:
    """The address of the stand-in, if one is configured."""
    return str(current_app.config.get("STRIPE_STANDIN") or "").rstrip("/")
