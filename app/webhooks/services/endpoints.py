"""Endpoints: who is told of what."""

import base64
import secrets
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.core.alerts import close_alert
from app.core.db import db, locked, transaction
from app.core.errors import AlreadyExists, Invalid
from app.core.slices import slices
from app.webhooks import queries
from app.webhooks.models import WebhookDelivery, WebhookEndpoint
from app.webhooks.services.recording import record

SECRET_BYTES = 32
TEST = "webhook.test"


class EndpointSecret(NamedTuple):
    """An endpoint with a secret that was just made: it is shown this once."""

    endpoint: WebhookEndpoint
    secret: str


def create_endpoint(*, name: str, url: str, events: list[str]) -> EndpointSecret:
    """Let an address be told of some events, from the next that happens on.

    Raises:
        AlreadyExists: There is an endpoint of that name.
        Invalid: There is no such event, or none is named.
    """
    secret = _new_secret()
    endpoint = WebhookEndpoint(name=name, url=url, events=_known(events), secret=secret)
    with transaction() as session:
        session.add(endpoint)
        _flush(endpoint)
    return EndpointSecret(endpoint, secret)


def revise_endpoint(
    endpoint_id: int, *, version: int | None, events: list[str] | None = None, **values: Any
) -> WebhookEndpoint:
    """Change an endpoint; what is not named stays.

    Raises:
        AlreadyExists: There is another endpoint of that name.
        Invalid: There is no such event, or none is named.
        StaleVersion: Somebody else has changed it.
    """
    if events is not None:
        values["events"] = _known(events)
    with transaction():
        endpoint = locked_endpoint(endpoint_id)
        endpoint.revise(version=version, **values)
        _flush(endpoint)
    return endpoint


def renew_secret(endpoint_id: int) -> EndpointSecret:
    """Sign with another secret from now on."""
    secret = _new_secret()
    with transaction():
        endpoint = locked_endpoint(endpoint_id)
        endpoint.secret = secret
        endpoint.version += 1
    return EndpointSecret(endpoint, secret)


def activate_endpoint(endpoint_id: int) -> WebhookEndpoint:
    """Tell it again, of what happens from now on."""
    with transaction():
        endpoint = locked_endpoint(endpoint_id)
        endpoint.revise(version=None, is_active=True)
    return endpoint


def deactivate_endpoint(endpoint_id: int) -> WebhookEndpoint:
    """Tell it nothing more; what waits for it is dismissed, and says so."""
    with transaction() as session:
        endpoint = locked_endpoint(endpoint_id)
        endpoint.revise(version=None, is_active=False)
        waiting = queries.deliveries(endpoint_id=endpoint_id, state="waiting")
        for delivery in session.scalars(waiting.with_for_update(of=WebhookDelivery)):
            delivery.dismiss("The endpoint was switched off.")
    return endpoint


def delete_endpoint(endpoint_id: int) -> None:
    """Forget an endpoint with what it was told."""
    with transaction() as session:
        session.delete(locked_endpoint(endpoint_id))
        close_alert(f"webhook:{endpoint_id}")


def send_test(endpoint_id: int) -> WebhookDelivery:
    """Tell an endpoint something of no consequence, to see whether it hears."""
    with transaction():
        return record(locked_endpoint(endpoint_id), TEST, {})


def locked_endpoint(endpoint_id: int) -> WebhookEndpoint:
    """Load an endpoint to change it."""
    query = locked(queries.endpoint(endpoint_id), WebhookEndpoint)
    return db.session.scalars(query).one()


def _known(events: list[str]) -> list[str]:
    """Give events in one order, each once."""
    if strange := set(events) - slices().webhooks.keys():
        raise Invalid("events", f"There is no event {min(strange)}.")
    if not events:
        raise Invalid("events", "Choose at least one event.")
    return sorted(set(events))


def _new_secret() -> str:
    """Make a secret as Standard Webhooks writes it."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def _flush(endpoint: WebhookEndpoint) -> None:
    """Write, unless another endpoint has the name; somebody may be faster than we look."""
    refusal = AlreadyExists("name", f"There is an endpoint “{endpoint.name}” already.")
    with db.session.no_autoflush:
        twin = select(WebhookEndpoint.id).where(
            func.lower(WebhookEndpoint.name) == endpoint.name.lower(),
            WebhookEndpoint.id.is_distinct_from(endpoint.id),
        )
        if db.session.scalar(twin):
            raise refusal
    try:
        db.session.flush()
    except IntegrityError as error:
        raise refusal from error
