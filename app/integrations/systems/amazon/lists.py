"""Amazon's lists: pages of a span of time, followed by tokens; the span stays the same.

A token is repeated together with everything else that was asked. Where a pass is stands in the
position: the span, the token, and until when spans are still to follow.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from app.integrations.hub.connector import Answer, Batch, Page, Request
from app.integrations.hub.errors import NotUnderstood
from app.integrations.systems.amazon import addresses, answers

BEHIND = timedelta(minutes=5)  # Amazon refuses spans that end less than two minutes ago


class Place(msgspec.Struct, omit_defaults=True):
    """Where a pass over spans is."""

    began: datetime
    ended: datetime
    until: datetime
    token: str = ""


Params = Callable[[str, Place], Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class SpanList:
    """A list asked for by spans. `span` is the longest, `back` what is read at first.

    `late` is how long records may still come or change after their moment.
    """

    path: str
    operation: str
    params: Params
    rows: str
    token: str = "nextToken"  # noqa: S105  (the name of a field)
    span: timedelta = timedelta(days=90)
    back: timedelta = timedelta(days=270)
    late: timedelta = timedelta(days=1)
    is_ours: Callable[[str, Any], bool] = lambda _account, _record: True

    def request(self, account: str, position: str) -> Request:
        """Ask for a page."""
        asked = self.params(account, read_place(position))
        return Request(self.path, asked, operation=self.operation)

    def first(self, since: datetime | None) -> str:
        """Where a pass begins: so long before a moment as records may come late."""
        until = datetime.now(UTC).replace(microsecond=0) - BEHIND
        began = min((since or until - self.back) - self.late, until - timedelta(minutes=1))
        return _written(Place(began, min(began + self.span, until), until)) or ""

    def page(self, kind: str, account: str, position: str, answer: Answer) -> Page:
        """Read a page: a token leads on within the span, its end to the next."""
        place = read_place(position)
        found = answers.payload(answer.body)
        listed = [one for one in answers.rows(found, self.rows) if self.is_ours(account, one)]
        token = answers.token(found, self.token)
        if token and token == place.token:
            raise NotUnderstood("Amazon names the same page again as the next.")
        return Page(Batch(kind, listed), _written(self._next(place, token)), answer.at)

    def _next(self, place: Place, token: str | None) -> Place | None:
        if token:
            return Place(place.began, place.ended, place.until, token)
        if place.ended >= place.until:
            return None
        return Place(place.ended, min(place.ended + self.span, place.until), place.until)


def read_place(position: str) -> Place:
    """Read a position.

    Raises:
        NotUnderstood: It is none.
    """
    try:
        return msgspec.json.decode(position, type=Place)
    except msgspec.DecodeError as error:
        raise NotUnderstood("Where this sync was to go on cannot be read.") from error


def _written(place: Place | None) -> str | None:
    return None if place is None else msgspec.json.encode(place).decode()


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _inbound(account: str, place: Place) -> Mapping[str, str]:
    marketplace = {"MarketplaceId": addresses.marketplace_of(account)}
    span = {
        "LastUpdatedAfter": _moment(place.began), "LastUpdatedBefore": _moment(place.ended),
    }  # fmt: skip
    if place.token:
        return {"QueryType": "NEXT_TOKEN", "NextToken": place.token, **span, **marketplace}
    return {"QueryType": "DATE_RANGE", **span, **marketplace}


def _finances(_account: str, place: Place) -> Mapping[str, str]:
    # Without a marketplace: rows of goods that sellers ship themselves come only so.
    span = {"postedAfter": _moment(place.began), "postedBefore": _moment(place.ended)}
    return span | ({"nextToken": place.token} if place.token else {})


def _is_of_pool(account: str, record: Any) -> bool:
    """Whether a transaction is of a marketplace that this account tells of, or of none."""
    details = record.get("marketplaceDetails") if isinstance(record, dict) else None
    named = details.get("marketplaceId") if isinstance(details, dict) else None
    return named is None or named in addresses.pool_of(account)


LISTS = {
    "inbound_shipment": SpanList(
        path="/fba/inbound/v0/shipments", operation="getShipments", params=_inbound,
        rows="ShipmentData", token="NextToken",  # noqa: S106
    ),
    "inbound_item": SpanList(
        path="/fba/inbound/v0/shipmentItems", operation="getShipmentItems", params=_inbound,
        rows="ItemData", token="NextToken",  # noqa: S106
    ),
    "transaction": SpanList(
        path="/finances/2024-06-19/transactions", operation="listTransactions",
        params=_finances, rows="transactions", span=timedelta(days=7),
        back=timedelta(days=90), late=timedelta(days=30), is_ours=_is_of_pool,
    ),
}  # fmt: skip
