"""What has happened is written down for every endpoint that hears of it, with its cause."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from app.core.cache import cached
from app.core.db import db, transaction
from app.core.events import Event, FollowUp, Wiring, publish
from app.core.slices import Slice
from app.webhooks import queries
from app.webhooks.events import DeliveryDue
from app.webhooks.models import WebhookDelivery, WebhookEndpoint


@dataclass(frozen=True, slots=True)
class Told:
    """What follows from an event: a delivery for each endpoint that hears of it."""

    name: str
    is_told: Callable[..., bool]

    def is_needed(self, **fields: Any) -> bool:
        """Tell whether anybody listens; a new endpoint is known some seconds later."""
        return self.name in cached("webhook events", _events_heard) and self.is_told(**fields)

    def enqueue(self, **fields: Any) -> None:
        """Write the deliveries in the transaction of their cause."""
        active = queries.endpoints(event=self.name).where(WebhookEndpoint.is_active)
        for endpoint in db.session.scalars(active):
            record(endpoint, self.name, fields)


def told(wiring: Wiring, slices: Sequence[Slice]) -> Wiring:
    """Add to the wiring what other programs are told."""
    jobs: dict[type[Event], list[FollowUp]] = {kind: [*of] for kind, of in wiring.jobs.items()}
    for one in slices:
        for event in one.webhooks:
            jobs.setdefault(event.event, []).append(Told(event.name, event.is_told))
    return Wiring(jobs=jobs, live=wiring.live)


def record(endpoint: WebhookEndpoint, event: str, fields: Mapping[str, Any]) -> WebhookDelivery:
    """Write a delivery that is due at once."""
    delivery = WebhookDelivery(
        endpoint_id=endpoint.id,
        event=event,
        message_id=f"msg_{uuid4().hex}",
        fields=dict(fields),
    )
    with transaction() as session:
        session.add(delivery)
        publish(DeliveryDue(endpoint_id=endpoint.id))
    return delivery


def _events_heard() -> frozenset[str]:
    heard = select(WebhookEndpoint.events).where(WebhookEndpoint.is_active)
    return frozenset(name for names in db.session.scalars(heard) for name in names)
