"""Questions about endpoints and deliveries."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager

from app.webhooks.models import WebhookDelivery, WebhookEndpoint


def endpoints(*, search: str = "", event: str = "") -> Select[WebhookEndpoint]:
    """Endpoints by name; of those that hear of an event, if one is named."""
    query = select(WebhookEndpoint)
    if search:
        looks_like = WebhookEndpoint.name.icontains(search, autoescape=True)
        query = query.where(looks_like | WebhookEndpoint.url.icontains(search, autoescape=True))
    return query.where(WebhookEndpoint.events.contains([event])) if event else query


def endpoint(endpoint_id: int) -> Select[WebhookEndpoint]:
    """One endpoint."""
    return select(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id)


def deliveries(
    *, endpoint_id: int | None = None, state: str = "", event: str = ""
) -> Select[WebhookDelivery]:
    """What was or is to be told, with its endpoint."""
    query = (
        select(WebhookDelivery)
        .join(WebhookDelivery.endpoint)
        .options(contains_eager(WebhookDelivery.endpoint))
    )
    if endpoint_id is not None:
        query = query.where(WebhookDelivery.endpoint_id == endpoint_id)
    if state:
        query = query.where(WebhookDelivery.state == state)
    return query.where(WebhookDelivery.event == event) if event else query


def due() -> Select[int]:
    """Endpoints that are to be told of something now."""
    query = select(WebhookDelivery.endpoint_id).distinct()
    return query.where(WebhookDelivery.state == "waiting", WebhookDelivery.due_at <= func.now())


def counts(endpoint_ids: Sequence[int]) -> Select[int, str, int]:
    """How many deliveries of some endpoints wait and have failed: (endpoint, state, count)."""
    return (
        select(WebhookDelivery.endpoint_id, WebhookDelivery.state, func.count())
        .where(
            WebhookDelivery.endpoint_id.in_(endpoint_ids),
            WebhookDelivery.state.in_(("waiting", "failed")),
        )
        .group_by(WebhookDelivery.endpoint_id, WebhookDelivery.state)
    )
