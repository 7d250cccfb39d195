"""How QuickBooks' answers are read. An answer without its envelope says nothing.

Source: the vendor's XSDs and 41 recorded exchanges with its sandbox.
"""

from datetime import UTC, datetime
from typing import Any, TypedDict

import msgspec
from requests import Response

from app.integrations.hub.connector import Answer, Batch, Changes, Page
from app.integrations.hub.decoding import read_in_part
from app.integrations.hub.errors import NotUnderstood, Rejected, Unreadable

PAGE = 1000
MOST_CHANGES = 1000  # an answer with so many holds not all of them
LONGEST_ID = 50


class Queried(msgspec.Struct):
    """The answer to a query, its records still unread."""

    QueryResponse: dict[str, list[msgspec.Raw] | int | str | None]


class Head(TypedDict, total=False):
    """What `key`, `changed_at` and `is_gone` look at."""

    Id: Any
    MetaData: Any
    status: Any


def key(record: Any) -> str:
    """Give a record's id.

    Raises:
        Unreadable: It has none.
    """
    external_id = record.get("Id") if isinstance(record, dict) else None
    if not isinstance(external_id, str) or not 0 < len(external_id) <= LONGEST_ID:
        raise Unreadable("It has no Id.")
    return external_id


def changed_at(record: Any) -> datetime | None:
    """Give the moment of a record's last change; None if it says nothing of that.

    Raises:
        Unreadable: It says something that is no moment.
    """
    said = record.get("MetaData")
    if said is not None and not isinstance(said, dict):
        raise Unreadable("Its MetaData are no object.")
    text = (said or {}).get("LastUpdatedTime")
    if text is None:
        return None
    try:
        return _moment(text)
    except (TypeError, ValueError) as error:
        raise Unreadable(f"{str(text)[:50]} is no moment.") from error


def is_gone(record: Any) -> bool:
    """Tell a tombstone from a record."""
    return record.get("status") == "Deleted"


def page(kind: str, entity: str, position: str | None, answer: Answer) -> Page:
    """Read a page of a query; a short one is the last."""
    if isinstance(answer.body, Queried):
        records = read_in_part(_list(answer.body.QueryResponse, entity), Head)
    else:
        records = _list(_dict(answer.body, "QueryResponse"), entity)
    start = int(position or 1)
    following = str(start + len(records)) if len(records) == PAGE else None
    return Page(Batch(kind, records), following)


def count(answer: Answer) -> tuple[int, datetime]:
    """Read how many there are, and their present time."""
    total = _dict(answer.body, "QueryResponse").get("totalCount")
    if not isinstance(total, int):
        raise NotUnderstood("QuickBooks answered without a count.")
    return total, _asked_at(answer.body)


def changes(kinds: dict[str, str], answer: Answer) -> Changes:
    """Read what has changed: one list for each entity asked for."""
    groups = answer.body.get("CDCResponse") if isinstance(answer.body, dict) else None
    if not isinstance(groups, list) or not groups:
        raise NotUnderstood("QuickBooks answered without CDCResponse.")
    lists = _list(groups[0], "QueryResponse") if isinstance(groups[0], dict) else []
    batches = [
        Batch(kind, records)
        for one in lists
        for kind, entity in kinds.items()
        if isinstance(one, dict) and (records := _list(one, entity))
    ]
    total = sum(len(batch.records) for batch in batches)
    return Changes(batches, _asked_at(answer.body), is_truncated=total >= MOST_CHANGES)


def company_name(answer: Answer) -> str:
    """Read the name of the company."""
    name = _dict(answer.body, "CompanyInfo").get("CompanyName")
    return str(name or "QuickBooks company")[:200]


def fault(response: Response) -> Rejected | None:
    """Read `Fault.Error[]`, and `fault.error[]` as some addresses spell it."""
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return None
    said = (body.get("Fault") or body.get("fault") or {}) if isinstance(body, dict) else {}
    errors = said.get("Error") or said.get("error") or []
    if not errors or not isinstance(errors[0], dict):
        return None
    first = {name.lower(): value for name, value in errors[0].items()}
    parts = [str(first.get("message") or ""), str(first.get("detail") or "")]
    message = ": ".join(dict.fromkeys(filter(None, parts)))[:300]
    code, trace = str(first.get("code") or ""), response.headers.get("intuit_tid", "")
    return Rejected(f"QuickBooks says: {message} ({code})", vendor_code=code, trace=trace)


def _dict(body: Any, name: str) -> dict[str, Any]:
    found = body.get(name) if isinstance(body, dict) else None
    if not isinstance(found, dict):
        raise NotUnderstood(f"QuickBooks answered without {name}.")
    return found


def _list(body: dict[str, Any], name: str) -> list[Any]:
    """A list that is not there is empty, as they write it."""
    found = body.get(name, [])
    if not isinstance(found, list):
        raise NotUnderstood(f"QuickBooks answered with a {name} that is no list.")
    return found


def _asked_at(body: dict[str, Any]) -> datetime:
    try:
        return _moment(body["time"])
    except (KeyError, TypeError, ValueError) as error:
        raise NotUnderstood("QuickBooks answered without a time.") from error


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
