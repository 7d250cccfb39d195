"""Which transactions a payout settles: asked for payout by payout.

The list of transactions does not say it. So a page of payouts is asked for first, and then the
transactions of each that Stripe has finished adding up; of a payout made by hand it tells none.
Where we are is written into the position.
"""

from collections.abc import Mapping
from typing import Any, TypedDict

import msgspec

from app.integrations.hub.connector import Answer, Batch, Page, Request
from app.integrations.hub.decoding import read_in_part
from app.integrations.hub.errors import NotUnderstood, Unreadable
from app.integrations.systems.stripe import answers

KIND = "settlement"
PAYOUTS, TRANSACTIONS = "/v1/payouts", "/v1/balance_transactions"


class Place(msgspec.Struct, omit_defaults=True):
    """Where a pass is: payouts still to be asked about, the first of them being asked.

    `after` is the transaction that its next page begins after, `then` the payout that the next
    page of payouts does.
    """

    left: list[str] = []
    after: str | None = None
    then: str | None = None


class PayoutHead(TypedDict, total=False):
    """What is looked at of a payout."""

    id: Any
    automatic: Any
    reconciliation_status: Any


class Part(TypedDict, total=False):
    """What is looked at of a transaction that a payout settles."""

    id: Any
    object: Any
    source: Any


def request(
    position: str | None, params: Mapping[str, str], since: Mapping[str, str]
) -> Request:
    """Ask for a page of payouts, or of the transactions of one."""
    place = _read(position)
    if not place.left:
        after = {"starting_after": place.then} if place.then else {}
        return Request(PAYOUTS, {**params, **since, **after}, answers.Listed)
    after = {"starting_after": place.after} if place.after else {}
    return Request(TRANSACTIONS, {**params, "payout": place.left[0], **after}, answers.Listed)


def page(position: str | None, answer: Answer) -> Page:
    """Read it.

    Raises:
        NotUnderstood: It has no envelope, or is a page that came before.
    """
    place = _read(position)
    if not place.left:
        return _payouts(place, answer)
    rows, has_more = _rows(answer.body, Part)
    payout = place.left[0]
    after = answers.next_of(rows, place.after, has_more=has_more)
    records = [_settled(payout, one) for one in rows if not _is_own(payout, one)]
    if after is None:
        place = Place(place.left[1:], None, place.then)
    else:
        place = Place(place.left, after, place.then)
    return Page(Batch(KIND, records), _written(place), answer.at)


def key(record: Any) -> str:
    """Give the id of the transaction.

    Raises:
        Unreadable: It has none.
    """
    return answers.key(record, "balance_transaction")


def _payouts(place: Place, answer: Answer) -> Page:
    rows, has_more = _rows(answer.body, PayoutHead)
    then = answers.next_of(rows, place.then, has_more=has_more)
    left = [str(one["id"]) for one in rows if _is_told(one)]
    return Page(Batch(KIND, []), _written(Place(left, None, then)), answer.at)


def _rows(body: Any, part: type) -> tuple[list[Any], bool]:
    if isinstance(body, answers.Listed) and body.object == "list":
        return read_in_part(body.data, part), body.has_more
    return answers.listed(body)


def _is_told(payout: Any) -> bool:
    """Whether Stripe says in full what it settles."""
    is_done = isinstance(payout, dict) and payout.get("reconciliation_status") == "completed"
    return is_done and payout.get("automatic") is True and isinstance(payout.get("id"), str)


def _is_own(payout: str, row: Any) -> bool:
    """Whether a transaction is the payout itself."""
    return isinstance(row, dict) and row.get("source") == payout


def _settled(payout: str, row: Any) -> Any:
    if not isinstance(row, dict):
        return row
    return {"id": row.get("id"), "object": row.get("object"), "payout": payout}


def _read(position: str | None) -> Place:
    try:
        return msgspec.json.decode(position, type=Place) if position else Place()
    except msgspec.DecodeError as error:
        raise NotUnderstood("Where this sync was to go on cannot be read.") from error


def _written(place: Place) -> str | None:
    """Write a position; None if nothing is left to ask."""
    if not place.left and place.then is None:
        return None
    return msgspec.json.encode(place).decode()


def payout_of(record: Mapping[str, Any]) -> str:
    """Give the payout that a record names.

    Raises:
        Unreadable: It names none.
    """
    payout = record.get("payout")
    if not isinstance(payout, str) or not payout:
        raise Unreadable("It names no payout.")
    return payout
