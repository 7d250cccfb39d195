"""Which tablet is asking: each sign-in is one, so that two are told apart."""

from secrets import token_hex

from flask import session


def device() -> str:
    """Give the name of the tablet; one that has none yet gets one."""
    name: str = session.setdefault("tablet", token_hex(8))
    return name
