"""What an endpoint was told, and what waits for it."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlalchemy import Select

from app.core.pages import Asked, BulkAction, Choice, Column, ListPage, Nothing
from app.core.slices import slices
from app.core.web import one_or_404
from app.webhooks import queries, services
from app.webhooks.models import DELIVERY_STATES, WebhookDelivery
from app.webhooks.views.blueprint import bp

TONES = {"waiting": "low", "delivered": "ok", "failed": "out", "dismissed": ""}


def _deliveries(asked: Asked) -> Select[Any]:
    endpoint = one_or_404(queries.endpoint(asked.about["endpoint_id"]))
    return queries.deliveries(
        endpoint_id=endpoint.id, state=asked["state"], event=asked["event"]
    )


def _crumbs(about: Mapping[str, Any]) -> list[tuple[str, str]]:
    endpoint = one_or_404(queries.endpoint(about["endpoint_id"]))
    here = url_for("webhook_endpoints.show", endpoint_id=endpoint.id)
    return [("Webhooks", url_for("webhook_endpoints.index")), (endpoint.name, here)]


def _events() -> list[tuple[str, str]]:
    return [(name, name) for name in slices().webhooks]


DELIVERIES = ListPage(
    name="webhook-deliveries",
    title="Deliveries",
    subtitle="What it was told, each thing under one number. Attempts go on for three days.",
    permission="webhooks.manage",
    query=_deliveries,
    crumbs=_crumbs,
    key=WebhookDelivery.id,
    sort="-id",
    filters=(
        Choice(name="state", label="State", options=DELIVERY_STATES, everything="All states"),
        Choice(name="event", label="Event", options=_events, everything="All events"),
    ),
    columns=(
        Column(name="event", title="Event", place="name", is_link=True, is_required=True),
        Column(
            name="state",
            title="State",
            kind="cell",
            cell="webhooks/_cells.html:state",
            value="state_label",
            place="status",
        ),
        Column(name="message_id", title="Number", kind="code", place="wide desk"),
        Column(name="status", title="HTTP", kind="number"),
        Column(name="reason", title="What it said", place="wrap"),
        Column(name="attempts", title="Attempts", kind="number"),
        Column(
            name="id",
            title="Since",
            kind="moment",
            value="created_at",
            sort=WebhookDelivery.id,
            place="meta",
        ),
    ),
    nouns=("delivery", "deliveries"),
    row_id=WebhookDelivery.id,
    row_name=WebhookDelivery.message_id,
    tick=lambda row: (row.id, row.message_id),
    actions=(
        BulkAction(
            name="retry",
            label="Try again",
            question="Tell {count} again?",
            permission="webhooks.manage",
            act=services.retry_delivery,
        ),
    ),
    events=("webhooks:changed",),
    above="webhooks/_live.html",
    nothing=Nothing(
        title="It was told nothing yet.",
        advice="What happens from now on appears here.",
        icon="clock",
    ),
)

DELIVERIES.add_to(bp, "/<int:endpoint_id>/deliveries", "deliveries")
