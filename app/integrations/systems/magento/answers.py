"""How Magento's answers are read. An answer without its envelope says nothing."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypedDict
from urllib.parse import urlsplit

import msgspec
from requests import Response

from app.integrations.hub.connector import Answer, Batch, Page
from app.integrations.hub.decoding import read_in_part
from app.integrations.hub.errors import NotUnderstood, Rejected, Unreadable


class Listed(msgspec.Struct):
    """The answer to a search, its records still unread."""

    items: list[msgspec.Raw]
    total_count: int


class Head(TypedDict, total=False):
    """What `key` and `changed_at` look at."""

    id: Any
    entity_id: Any
    updated_at: Any
    created_at: Any


def key(record: Any, name: str) -> str:
    """Give a record's id.

    Raises:
        Unreadable: It has none.
    """
    number = record.get(name) if isinstance(record, dict) else None
    if isinstance(number, str) and number.isdecimal():  # some shops write numbers so
        number = int(number)
    if not isinstance(number, int) or number < 1:
        raise Unreadable(f"It has no {name}.")
    return str(number)


def changed_at(record: Any) -> datetime | None:
    """Give the moment of a record's last change: UTC, though it does not say so.

    Raises:
        Unreadable: It says something that is no moment.
    """
    said = record.get("updated_at") or record.get("created_at")
    if said is None:
        return None
    try:
        return datetime.fromisoformat(said).replace(tzinfo=UTC)
    except (TypeError, ValueError) as error:
        raise Unreadable(f"{str(said)[:50]} is no moment.") from error


def page(kind: str, id_of: Callable[[Any], str], position: str | None, answer: Answer) -> Page:
    """Read a page; it is the last if it holds all that was left, or nothing at all.

    Extensions count wrong, so an empty page is the end whatever the count says: that a shop
    holds something back shows in how many records came in all.

    Raises:
        NotUnderstood: It has no envelope, or is a page that came before.
    """
    records = _items(answer.body)
    is_last = total(answer.body) <= len(records) or not records
    last = _last_id(records, id_of)
    if position is not None and last is not None and last <= int(position):
        raise NotUnderstood("Magento sent a page again.")
    if not is_last and last is None:
        raise NotUnderstood("Magento says that there is more, and sends nothing of it.")
    return Page(Batch(kind, records), None if is_last else str(last), answer.at)


def total(body: Any) -> int:
    """Read how many there are."""
    if isinstance(body, Listed):
        return body.total_count
    count = body.get("total_count") if isinstance(body, dict) else None
    if not isinstance(count, int):
        raise NotUnderstood("Magento answered without a count.")
    return count


def shop_name(body: Any) -> str:
    """Read the name of the shop's machine out of its settings."""
    if not isinstance(body, list) or not body or not isinstance(body[0], dict):
        raise NotUnderstood("Magento answered without the settings of the shop.")
    return urlsplit(str(body[0].get("base_url") or "")).hostname or "Magento shop"


def describe_check(label: str, body: Any) -> str:
    """Say what a trial before connecting has found."""
    if label == "Shop":
        views = [str(one.get("code")) for one in body if isinstance(one, dict)]
        return f"{shop_name(body)}, store views {', '.join(views)}"
    return f"{total(body):,} can be read"


def shipment_saying(comment: str, body: Any) -> str | None:
    """Find the shipment with a comment."""
    for shipment in _items(body):
        said = shipment.get("comments") if isinstance(shipment, dict) else None
        for one in said if isinstance(said, list) else []:
            if isinstance(one, dict) and str(one.get("comment")).strip() == comment:
                return key(shipment, "entity_id")
    return None


def number_in(body: Any) -> str:
    """Read the number of something made: bare, as text or as a number."""
    number = str(body) if isinstance(body, int | str) else ""
    if not number.isdecimal():
        raise NotUnderstood("Magento answered without the number of the shipment.")
    return number


def fault(response: Response) -> Rejected | None:
    """Read {message, parameters}; the message has places for the parameters."""
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return None
    said = _message(body)
    if not said:
        return None
    more = body.get("errors")
    details = [*filter(None, map(_message, more[:3]))] if isinstance(more, list) else []
    text = f"{said}: {' '.join(details)}" if details else said
    return Rejected(f"Magento says: {text[:500]}", vendor_code=str(response.status_code))


def _message(body: Any) -> str:
    """The words of a fault, in one line; "" if there are none."""
    message = body.get("message") if isinstance(body, dict) else None
    if not isinstance(message, str):
        return ""
    return " ".join(_filled(message, body.get("parameters")).split())


def _filled(message: str, parameters: Any) -> str:
    if isinstance(parameters, list):
        parameters = {str(place): value for place, value in enumerate(parameters, start=1)}
    if isinstance(parameters, dict):
        for name in sorted(parameters, key=len, reverse=True):  # %10 is not %1 and a 0
            message = message.replace(f"%{name}", str(parameters[name]))
    return message


def _items(body: Any) -> list[Any]:
    if isinstance(body, Listed):
        return read_in_part(body.items, Head)
    found = body.get("items") if isinstance(body, dict) else None
    if found is None and isinstance(body, dict) and body.get("total_count") == 0:
        return []
    if not isinstance(found, list):
        raise NotUnderstood("Magento answered without items.")
    return found


def _last_id(records: list[Any], id_of: Callable[[Any], str]) -> int | None:
    """The highest id; a record without one is rejected later, and stops nothing."""
    ids = []
    for record in records:
        try:
            ids.append(int(id_of(record)))
        except Unreadable:
            continue
    return max(ids, default=None)
