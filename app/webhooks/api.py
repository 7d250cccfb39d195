"""Webhooks for programs: they may subscribe by themselves."""

from typing import Any

import marshmallow as ma
from flask import url_for
from sqlalchemy import func

from app.catalog.rules import needed, parse_line
from app.core.api import (
    Blueprint,
    PageQuery,
    Sort,
    asked_version,
    page_of,
    page_schema,
    sorted_query,
)
from app.core.idempotency import idempotent
from app.core.permissions import requires
from app.core.schemas import Text, for_changes, for_new
from app.core.slices import slices
from app.core.web import one_or_404
from app.webhooks import queries, services
from app.webhooks.models import DELIVERY_STATES, WebhookDelivery, WebhookEndpoint
from app.webhooks.rules import parse_url

bp = Blueprint(
    "api_webhooks",
    __name__,
    url_prefix="/api/v1/webhook-endpoints",
    description="Addresses that are told what happens, in the format of Standard Webhooks",
)

SORTS = {"name": func.lower(WebhookEndpoint.name), "created_at": WebhookEndpoint.created_at}
LATEST = {"id": WebhookDelivery.id}


class EndpointSchema(ma.Schema):
    """An address, and the events it is told of."""

    id = ma.fields.Int(dump_only=True)
    name = Text(needed(parse_line), required=True, validate=ma.validate.Length(max=100))
    url = Text(parse_url, required=True, validate=ma.validate.Length(max=2_000))
    events = ma.fields.List(ma.fields.Str(), required=True)
    is_active = ma.fields.Bool(dump_only=True)
    version = ma.fields.Int(strict=True, metadata={"description": "The one you have read"})
    created_at = ma.fields.DateTime(dump_only=True)


class EndpointSecretSchema(ma.Schema):
    """An endpoint with the secret that signs what it is told; the secret is told this once."""

    endpoint = ma.fields.Nested(EndpointSchema)
    secret = ma.fields.Str()


class HeardEventSchema(ma.Schema):
    """An event that an endpoint may hear of."""

    name = ma.fields.Str()
    label = ma.fields.Str()


class DeliverySchema(ma.Schema):
    """One thing told, or to be told."""

    id = ma.fields.Int()
    event = ma.fields.Str()
    message_id = ma.fields.Str(metadata={"description": "Header webhook-id of every attempt"})
    state = ma.fields.Str(validate=ma.validate.OneOf([*DELIVERY_STATES]))
    attempts = ma.fields.Int()
    due_at = ma.fields.DateTime()
    status = ma.fields.Int(allow_none=True, metadata={"description": "HTTP, of the last"})
    reason = ma.fields.Str()
    created_at = ma.fields.DateTime()
    delivered_at = ma.fields.DateTime(allow_none=True)


class DeliveryQuery(PageQuery):
    """Filters of the log."""

    sort = Sort(LATEST)
    state = ma.fields.Str(load_default="", validate=ma.validate.OneOf(["", *DELIVERY_STATES]))
    event = ma.fields.Str(load_default="")


@bp.get("/events")
@requires("webhooks.manage")
@bp.response(200, HeardEventSchema(many=True))
def list_events() -> list[Any]:
    """List the events there are."""
    return list(slices().webhooks.values())


@bp.get("")
@requires("webhooks.manage")
@bp.arguments(sorted_query(SORTS), location="query")
@bp.response(200, page_schema(EndpointSchema))
def list_endpoints(query: dict[str, Any]) -> dict[str, Any]:
    """List endpoints."""
    return page_of(queries.endpoints(), query, sorts=SORTS)


@bp.post("")
@requires("webhooks.manage")
@bp.arguments(for_new(EndpointSchema))
@bp.response(201, EndpointSecretSchema)
@bp.alt_response(409, description="Another endpoint has this name")
def create_endpoint(given: dict[str, Any]) -> Any:
    """Add an endpoint. The answer is kept nowhere: it holds the secret."""
    made = services.create_endpoint(**given)
    return made, 201, {"Location": url_for(".show_endpoint", endpoint_id=made.endpoint.id)}


@bp.get("/<int:endpoint_id>")
@requires("webhooks.manage")
@bp.response(200, EndpointSchema)
def show_endpoint(endpoint_id: int) -> WebhookEndpoint:
    """Show an endpoint."""
    return one_or_404(queries.endpoint(endpoint_id))


@bp.put("/<int:endpoint_id>")
@requires("webhooks.manage")
@idempotent
@bp.arguments(for_changes(EndpointSchema))
@bp.response(200, EndpointSchema)
@bp.alt_response(409, description="Stale version, or another endpoint has this name")
def update_endpoint(changes: dict[str, Any], endpoint_id: int) -> WebhookEndpoint:
    """Change an endpoint; what is not named stays."""
    one_or_404(queries.endpoint(endpoint_id))
    version = asked_version(changes)
    return services.revise_endpoint(endpoint_id, version=version, **changes)


@bp.delete("/<int:endpoint_id>")
@requires("webhooks.manage")
@idempotent
@bp.response(204)
def delete_endpoint(endpoint_id: int) -> None:
    """Remove an endpoint with what it was told."""
    one_or_404(queries.endpoint(endpoint_id))
    services.delete_endpoint(endpoint_id)


@bp.post("/<int:endpoint_id>/secret")
@requires("webhooks.manage")
@bp.response(200, EndpointSecretSchema)
def renew_secret(endpoint_id: int) -> services.EndpointSecret:
    """Sign with another secret from now on. The answer is kept nowhere: it holds the secret."""
    one_or_404(queries.endpoint(endpoint_id))
    return services.renew_secret(endpoint_id)


@bp.post("/<int:endpoint_id>/activation")
@requires("webhooks.manage")
@idempotent
@bp.response(200, EndpointSchema)
def activate_endpoint(endpoint_id: int) -> WebhookEndpoint:
    """Tell it again, of what happens from now on."""
    one_or_404(queries.endpoint(endpoint_id))
    return services.activate_endpoint(endpoint_id)


@bp.delete("/<int:endpoint_id>/activation")
@requires("webhooks.manage")
@idempotent
@bp.response(200, EndpointSchema)
def deactivate_endpoint(endpoint_id: int) -> WebhookEndpoint:
    """Tell it nothing more; what waits for it is dismissed."""
    one_or_404(queries.endpoint(endpoint_id))
    return services.deactivate_endpoint(endpoint_id)


@bp.post("/<int:endpoint_id>/tests")
@requires("webhooks.manage")
@idempotent
@bp.response(202, DeliverySchema)
def send_test(endpoint_id: int) -> WebhookDelivery:
    """Tell it something of no consequence, to see whether it hears."""
    one_or_404(queries.endpoint(endpoint_id))
    return services.send_test(endpoint_id)


@bp.get("/<int:endpoint_id>/deliveries")
@requires("webhooks.manage")
@bp.arguments(DeliveryQuery, location="query")
@bp.response(200, page_schema(DeliverySchema))
def list_deliveries(query: dict[str, Any], endpoint_id: int) -> dict[str, Any]:
    """List what it was told and what waits for it, the oldest first; `-id` for the newest."""
    one_or_404(queries.endpoint(endpoint_id))
    filters = {name: query.pop(name) for name in ("state", "event")}
    found = queries.deliveries(endpoint_id=endpoint_id, **filters)
    return page_of(found, query, sorts=LATEST)


@bp.post("/<int:endpoint_id>/deliveries/<int:delivery_id>/retries")
@requires("webhooks.manage")
@idempotent
@bp.response(202, DeliverySchema)
@bp.alt_response(409, description="It has not failed, or its endpoint is switched off")
def retry_delivery(endpoint_id: int, delivery_id: int) -> WebhookDelivery:
    """Tell it again of what has failed."""
    found = queries.deliveries(endpoint_id=endpoint_id)
    one_or_404(found.where(WebhookDelivery.id == delivery_id))
    return services.retry_delivery(delivery_id)
