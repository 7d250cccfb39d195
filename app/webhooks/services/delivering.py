"""What waits is told, each thing under one id: whoever hears it twice can know.

An attempt is counted and committed before it is made. One that was cut off is made again.
"""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, select

from app.core.alerts import close_alert, raise_alert
from app.core.db import db, end_transaction, locked, transaction
from app.core.events import publish
from app.core.slices import slices
from app.webhooks import queries
from app.webhooks.errors import NothingToRetry
from app.webhooks.events import DeliveryChanged, DeliveryDue
from app.webhooks.models import WebhookDelivery, WebhookEndpoint
from app.webhooks.sending import Answer, send
from app.webhooks.services.endpoints import TEST, locked_endpoint

log = logging.getLogger(__name__)


def deliver(endpoint_id: int) -> int:
    """Tell an endpoint what is due, the oldest first; give how many it has taken.

    Where one attempt fails the others would fail too: they wait for their next time.
    """
    taken = 0
    while delivery := _next(endpoint_id):
        answer = _attempt(delivery)
        _keep(delivery.id, answer)
        if not answer.is_taken:
            break
        taken += 1
    return taken


def retry_delivery(delivery_id: int) -> WebhookDelivery:
    """Tell again what has failed.

    Raises:
        NothingToRetry: It has not failed, or its endpoint is switched off.
    """
    with transaction() as session:
        query = select(WebhookDelivery).where(WebhookDelivery.id == delivery_id)
        delivery = session.scalars(locked(query, WebhookDelivery)).one()
        if delivery.state != "failed":
            raise NothingToRetry(f"It has not failed: {delivery.state_label.lower()}.")
        if not session.get_one(WebhookEndpoint, delivery.endpoint_id).is_active:
            raise NothingToRetry("Its endpoint is switched off.")
        delivery.retry()
        session.flush()
        publish(DeliveryDue(endpoint_id=delivery.endpoint_id))
        _update_alert(delivery.endpoint_id)
    return delivery


def delete_old(before: datetime) -> int:
    """Forget what was told or dismissed before a moment; what waits or has failed stays."""
    over = WebhookDelivery.state.in_(("delivered", "dismissed"))
    gone = delete(WebhookDelivery).where(WebhookDelivery.created_at < before, over)
    with transaction() as session:
        return len(session.scalars(gone.returning(WebhookDelivery.id)).all())


def _next(endpoint_id: int) -> WebhookDelivery | None:
    """Take the next one that is due, count its attempt, and make what it tells."""
    query = (
        queries.deliveries(endpoint_id=endpoint_id, state="waiting")
        .where(WebhookDelivery.due_at <= func.now(), WebhookEndpoint.is_active)
        .order_by(WebhookDelivery.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=WebhookDelivery)
        .execution_options(populate_existing=True)
    )
    while True:
        with transaction() as session:
            delivery = session.scalars(query).first()
            if delivery is None:
                return None
            if delivery.payload is None:
                delivery.payload = _payload(delivery)
            if delivery.payload is not None:
                delivery.begin_attempt()
                return delivery
            delivery.dismiss("What it was about is gone.")


def _payload(delivery: WebhookDelivery) -> str | None:
    """Write what is told: type, time and data, as Standard Webhooks advises."""
    data: Mapping[str, Any] | None = {} if delivery.event == TEST else None
    if event := slices().webhooks.get(delivery.event):
        told = event.data(**delivery.fields)
        data = None if told is None else {**delivery.fields, **told}
    if data is None:
        return None
    moment = delivery.created_at.astimezone(UTC).isoformat()
    message = {"type": delivery.event, "timestamp": moment, "data": data}
    return json.dumps(message)


def _attempt(delivery: WebhookDelivery) -> Answer:
    endpoint = delivery.endpoint
    url, secret, body = endpoint.url, endpoint.secret, delivery.payload or ""
    message_id = delivery.message_id
    end_transaction()  # nothing is kept open while the endpoint is asked
    moment = datetime.now(UTC)
    return send(url, secret, message_id=message_id, moment=moment, body=body)


def _keep(delivery_id: int, answer: Answer) -> None:
    """Note what came of an attempt, and tell people once nothing more is tried."""
    with transaction() as session:
        query = select(WebhookDelivery).where(WebhookDelivery.id == delivery_id)
        delivery = session.scalars(locked(query, WebhookDelivery)).one_or_none()
        if delivery is None or delivery.state != "waiting":
            return  # somebody has decided meanwhile
        if answer.is_taken:
            delivery.succeed(answer.status)
        else:
            log.warning("Webhook %s: %s", delivery.message_id, answer.reason)
            delivery.fail(answer.reason, answer.status, is_final=answer.is_gone)
        if answer.is_gone:
            locked_endpoint(delivery.endpoint_id).revise(version=None, is_active=False)
        session.flush()
        _update_alert(delivery.endpoint_id)


def _update_alert(endpoint_id: int) -> None:
    """Say that something could not be told, for as long as that is so."""
    failed = queries.deliveries(endpoint_id=endpoint_id, state="failed")
    publish(DeliveryChanged(endpoint_id=endpoint_id))
    last = db.session.scalars(failed.order_by(WebhookDelivery.id.desc()).limit(1)).first()
    if last is None:
        close_alert(f"webhook:{endpoint_id}")
        return
    raise_alert(
        kind="webhook.failed",
        key=f"webhook:{endpoint_id}",
        title=f"{last.endpoint.name} was not told of something",
        text=f"{last.event}: {last.reason}",
        href=f"/webhook-endpoints/{endpoint_id}/deliveries?state=failed",
    )
