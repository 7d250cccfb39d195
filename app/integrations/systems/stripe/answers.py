"""How Stripe's answers are read. An answer without its envelope says nothing."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, TypedDict

import msgspec
from requests import Response

from app.integrations.hub.connector import Answer, Batch, Page
from app.integrations.hub.decoding import read_in_part
from app.integrations.hub.errors import NotThere, NotUnderstood, Rejected, Unreadable
from app.integrations.systems.stripe import amounts

KEYS = re.compile(r"\b(?:sk|rk|pk|whsec)_[\w*]+")  # also as Stripe shortens them
ID = re.compile(r"[A-Za-z0-9_-]{3,100}")
BALANCE = "balance"  # the one record of its kind: an account has one balance


class Listed(msgspec.Struct):
    """A page of a list, its records still unread."""

    object: str
    data: list[msgspec.Raw]
    has_more: bool


class Head(TypedDict, total=False):
    """What is looked at of a record to keep it."""

    id: Any
    object: Any


def key(record: Any, named: str) -> str:
    """Give a record's id.

    Raises:
        Unreadable: It has none, or is no object of this name.
    """
    number = record.get("id") if isinstance(record, dict) else None
    if not isinstance(number, str) or not ID.fullmatch(number):
        raise Unreadable("It has no id.")
    if record.get("object") != named:
        raise Unreadable(f"It is no {named.replace('_', ' ')}.")
    return number


def page(kind: str, named: str, position: str | None, answer: Answer) -> Page:
    """Read a page of a list, the newest first, or a single object.

    Raises:
        NotUnderstood: It has no envelope, or is a page that came before.
    """
    body = answer.body
    if isinstance(body, dict) and body.get("object") == named:
        return Page(Batch(kind, [body]), None, answer.at)
    records, has_more = listed(body)
    return Page(Batch(kind, records), next_of(records, position, has_more=has_more), answer.at)


def listed(body: Any) -> tuple[list[Any], bool]:
    """Give the records of a list, and whether there are more.

    Raises:
        NotUnderstood: It is no list.
    """
    if isinstance(body, Listed) and body.object == "list":
        return read_in_part(body.data, Head), body.has_more
    if isinstance(body, dict) and body.get("object") == "list":
        data, has_more = body.get("data"), body.get("has_more")
        if isinstance(data, list) and isinstance(has_more, bool):
            return data, has_more
    raise NotUnderstood("Stripe answered without a list.")


def next_of(records: Sequence[Any], position: str | None, *, has_more: bool) -> str | None:
    """The record that the next page begins after; None: this was the last.

    Raises:
        NotUnderstood: It is a page that came before, or there is more without a place to ask.
    """
    ids = [*_ids(records)]
    if position is not None and position in ids:
        raise NotUnderstood("Stripe sent a page again.")
    if not has_more:
        return None
    if not ids:
        raise NotUnderstood("Stripe says that there is more, and sends nothing of it.")
    return ids[-1]


def balance(answer: Answer) -> Page:
    """Read the balance as it was at a moment, which becomes part of it.

    Raises:
        NotUnderstood: It is no balance.
    """
    body, at = answer.body, answer.at or datetime.now(UTC)
    if not isinstance(body, dict) or body.get("object") != BALANCE:
        raise NotUnderstood("Stripe answered without the balance.")
    if not all(isinstance(body.get(name), list) for name in ("available", "pending")):
        raise NotUnderstood("Stripe answered with a balance that has no amounts.")
    return Page(Batch(BALANCE, [body | {"id": BALANCE, "at": at.isoformat()}]), None, answer.at)


def world(body: Any) -> str:
    """Say whose money it is: real, or of a test.

    Raises:
        NotUnderstood: It is no balance.
    """
    if not isinstance(body, dict) or not isinstance(body.get("livemode"), bool):
        raise NotUnderstood("Stripe answered without the balance.")
    return "Stripe" if body["livemode"] else "Stripe, test mode"


def describe_check(label: str, body: Any) -> str:
    """Say what a trial before connecting has found."""
    if label == "Balance":
        rows = body.get("available") if isinstance(body, dict) else None
        told = ", ".join(_told(one) for one in rows) if isinstance(rows, list) else ""
        return f"{world(body)}: {told or 'nothing'} available"
    records, _has_more = listed(body)
    return "Can be read" if records else "Can be read; there is none yet"


def _told(row: Any) -> str:
    try:
        currency = amounts.currency_of(row["currency"])
        return f"{amounts.amount(row['amount'], currency):,} {currency}"
    except (Unreadable, KeyError, TypeError):
        return "an amount that cannot be read"


def fault(response: Response) -> Rejected | None:
    """Read {error: {message, code}}; what is said of keys stays out."""
    try:
        error = response.json()["error"]
        said, code = error["message"], str(error.get("code") or error.get("type") or "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if not isinstance(said, str) or not said:
        return None
    is_missing = response.status_code == HTTPStatus.NOT_FOUND and code == "resource_missing"
    text = " ".join(KEYS.sub("of ours", said).split())[:500]
    trace = response.headers.get("Request-Id", "")[:100]
    refusal = NotThere if is_missing else Rejected
    return refusal(f"Stripe says: {text}", vendor_code=code, trace=trace)


def _ids(records: Iterable[Any]) -> Iterable[str]:
    for one in records:
        number = one.get("id") if isinstance(one, dict) else None
        if isinstance(number, str) and ID.fullmatch(number):
            yield number
