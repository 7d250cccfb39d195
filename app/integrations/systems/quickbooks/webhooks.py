"""QuickBooks' webhooks: CloudEvents, and the older `eventNotifications`."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from app.integrations.hub.connector import WebhookNotice
from app.integrations.hub.errors import Unreadable

LONGEST = 100


def notices(body: Any, kinds: Mapping[str, str]) -> list[WebhookNotice]:
    """Read a webhook's body; what is of no kind that we mirror is left out.

    Raises:
        Unreadable: It has neither form.
    """
    try:
        if isinstance(body, list):
            found = [_cloud_event(event) for event in body]
        else:
            found = list(_notifications(body["eventNotifications"]))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Unreadable("This is no webhook of QuickBooks.") from error
    named = [(kinds.get(one.kind), one) for one in found]
    return [one._replace(kind=kind) for kind, one in named if kind and one.external_id]


def _cloud_event(event: Mapping[str, Any]) -> WebhookNotice:
    """`type` is qbo.customer.updated.v1."""
    _vendor, entity, operation, *_version = event["type"].split(".")
    return WebhookNotice(
        event_id=_short(event["id"]),
        account=_short(event["intuitaccountid"]),
        kind=entity.lower(),
        external_id=_short(event["intuitentityid"]),
        operation=operation,
        occurred_at=_moment(event.get("time")),
    )


def _notifications(companies: list[Mapping[str, Any]]) -> Iterator[WebhookNotice]:
    """The older form has no ids of events: what it says, taken together, is the id."""
    for company in companies:
        for entity in company["dataChangeEvent"]["entities"]:
            said = [company["realmId"], entity["name"], entity["id"], entity["operation"]]
            when = entity.get("lastUpdated")
            whole = "|".join(map(str, [*said, when]))
            yield WebhookNotice(
                event_id=hashlib.sha256(whole.encode()).hexdigest(),
                account=_short(company["realmId"]),
                kind=str(entity["name"]).lower(),
                external_id=_short(entity["id"]),
                operation=str(entity["operation"]).lower()[:LONGEST],
                occurred_at=_moment(when),
            )


def _short(value: Any) -> str:
    text = str(value)
    if not 0 < len(text) <= LONGEST or not text.isprintable():
        raise ValueError(text[:LONGEST])
    return text


def _moment(text: Any) -> datetime | None:
    """Only to show it: it decides nothing."""
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else None
