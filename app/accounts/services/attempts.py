"""Counts failures, so that guessing is slow, and only for the one who guesses.

Three counts over the last quarter of an hour: of a name at a place, of a place, and of a name
at all places that the account does not know. A browser that has signed in to the account
before is a known place (a signed cookie says so), and so is an address from which a program
has: they have a count of their own, which nobody else can fill. So a stranger can slow down
strangers, but never lock out the owner. After the "device cookies" of OWASP.

An attempt is written down before the password is checked: guesses sent all at once are
counted as well as guesses one by one.
"""

import math
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, not_, or_, select, update

from app.accounts.models import SignInFailure, hash_secret
from app.accounts.services.refusals import TooManyAttempts
from app.core.db import transaction

WINDOW = timedelta(minutes=15)
PER_NAME_AND_PLACE = 10
PER_PLACE = 50
PER_NAME = 30
KNOWN = "known "
# Twenty programs that start at once with one right password are no attack: the first success
# clears the count, so they are told to come back in a moment. Nobody is made to wait here: it
# would hold a thread that answers pages.
UNDER_WAY = timedelta(seconds=5)
A_MOMENT = 2  # seconds
Rule = tuple[ColumnElement[bool], int]
IPV6_NETWORK = 64  # bits: one household or host has all the addresses below them


def known(place: str) -> str:
    """Name a place that nobody but the account's owner can fill."""
    return KNOWN + place


def place_of(address: str | None) -> str:
    """Name the place that an address stands for."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return address or "nowhere"
    if isinstance(found, IPv6Address):
        return str(ip_network((found, IPV6_NETWORK), strict=False))
    return str(found)


def begin(name: str, *, place: str) -> int:
    """Count an attempt, and give its number: it ends with `fail`, or with `forget`.

    Raises:
        TooManyAttempts: There were too many; this one is not counted, so waiting helps.
    """
    row = SignInFailure(name_hash=hash_secret(name), address=place)
    with transaction() as session:
        # Of one name the numbers grow in the order of the commits: each sees all before it.
        key = func.hashtextextended(row.name_hash, 0)
        session.execute(select(func.pg_advisory_xact_lock(key)))
        session.add(row)
    wait, is_crowded = _look(row)
    if wait:
        with transaction() as session:
            session.execute(delete(SignInFailure).where(SignInFailure.id == row.id))
        raise TooManyAttempts(A_MOMENT if is_crowded else wait)
    return row.id


def fail(number: int) -> None:
    """Say that an attempt has turned out badly: nobody has to wait for its answer any more."""
    with transaction() as session:
        attempt = update(SignInFailure).where(SignInFailure.id == number)
        session.execute(attempt.values(failed_at=func.now()))


def forget(name: str, *, place: str) -> None:
    """Forget the failures of a name at a place."""
    with transaction() as session:
        session.execute(delete(SignInFailure).where(_of(hash_secret(name), place)))


def delete_old() -> None:
    """Delete failures that no count looks at any more."""
    with transaction() as session:
        session.execute(delete(SignInFailure).where(SignInFailure.created_at < _since()))


def _look(row: SignInFailure) -> tuple[int, bool]:
    """How many seconds until there is room for this attempt, and whether others are under way.

    Both of one snapshot: a success between two looks would clear the counts, and leave an old
    number of seconds beside "nobody is under way".
    """
    name_hash, place = row.name_hash, row.address
    is_strange = not_(SignInFailure.address.startswith(KNOWN))
    rules: list[Rule] = [(_of(name_hash, place), PER_NAME_AND_PLACE)]
    if not place.startswith(KNOWN):
        rules.append((SignInFailure.address == place, PER_PLACE))
        rules.append(((SignInFailure.name_hash == name_hash) & is_strange, PER_NAME))
    with transaction() as session:
        under_way, *found = session.execute(_counts(row, rules)).one()
    ends = [
        first + WINDOW
        for number, first, (_rule, limit) in zip(found[::2], found[1::2], rules, strict=True)
        if number > limit
    ]
    seconds = [(end - datetime.now(UTC)).total_seconds() for end in ends]
    wait = max(1, math.ceil(max(seconds))) if seconds else 0
    return wait, under_way > PER_NAME_AND_PLACE


def _counts(row: SignInFailure, rules: list[Rule]) -> Select[Any]:
    """How many there were up to this attempt, and when the first was, for each rule.

    Before them: how many of the same name and place may still be waiting for their answer.
    """
    just_now = datetime.now(UTC) - UNDER_WAY
    is_open = SignInFailure.failed_at.is_(None) & (SignInFailure.created_at > just_now)
    is_under_way = _of(row.name_hash, row.address) & is_open
    columns: list[ColumnElement[Any]] = [func.count().filter(is_under_way)]
    for rule, _limit in rules:
        columns.append(func.count().filter(rule))
        columns.append(func.min(SignInFailure.created_at).filter(rule))
    concerned = or_(
        SignInFailure.name_hash == row.name_hash, SignInFailure.address == row.address
    )
    return select(*columns).where(
        SignInFailure.created_at > _since(), SignInFailure.id <= row.id, concerned
    )


def _of(name_hash: str, place: str) -> ColumnElement[bool]:
    return (SignInFailure.name_hash == name_hash) & (SignInFailure.address == place)


def _since() -> datetime:
    return datetime.now(UTC) - WINDOW
