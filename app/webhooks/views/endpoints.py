"""The list of endpoints, the page of one, and what is done with it."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import make_response, render_template, url_for
from sqlalchemy import Select, func
from werkzeug import Response

from app.core.db import db
from app.core.pages import (
    Action,
    Asked,
    Column,
    Link,
    ListPage,
    Menu,
    Nothing,
    RecordPage,
    Resource,
    Search,
)
from app.core.slices import slices
from app.webhooks import queries, services
from app.webhooks.forms import EndpointForm, NewEndpointForm
from app.webhooks.models import WebhookDelivery, WebhookEndpoint
from app.webhooks.views.blueprint import bp

CHANGED = "webhooks:changed"
SHOWN = 10  # deliveries, on the page of their endpoint


def _endpoints(asked: Asked) -> Select[Any]:
    return queries.endpoints(search=asked["search"])


ENDPOINTS = ListPage(
    name="webhooks",
    title="Webhooks",
    subtitle="Other programs that are told what happens here.",
    permission="webhooks.manage",
    query=_endpoints,
    key=func.lower(WebhookEndpoint.name),
    sort="name",
    href=lambda endpoint: url_for("webhook_endpoints.show", endpoint_id=endpoint.id),
    filters=(Search(label="Name or address"),),
    columns=(
        Column(
            name="name",
            title="Name",
            sort=func.lower(WebhookEndpoint.name),
            place="name",
            is_link=True,
            is_required=True,
        ),
        Column(
            name="state",
            title="State",
            kind="cell",
            cell="webhooks/_cells.html:endpoint_state",
            value=lambda endpoint: "Active" if endpoint.is_active else "Off",
            place="status",
        ),
        Column(name="url", title="Address", place="wrap"),
        Column(
            name="events",
            title="Events",
            value=lambda endpoint: ", ".join(endpoint.events),
            place="wrap",
        ),
        Column(name="created_at", title="Since", kind="moment", place="meta"),
    ),
    links=(
        Link(
            label="New webhook",
            endpoint="webhook_endpoints.new",
            permission="webhooks.manage",
            kind="primary",
            icon="plus",
        ),
    ),
    events=(CHANGED,),
    sockets="webhooks",
    nothing=Nothing(
        title="No program is told anything.",
        advice="Add an address, and it hears of orders, stock and products as they change.",
        icon="link",
    ),
)

ENDPOINT = Resource(
    name="endpoint",
    area="webhook_endpoints",
    query=queries.endpoint,
    rule="/<int:endpoint_id>",
    keys={"endpoint_id": "id"},
    event=CHANGED,
)


def _show_secret(_record: Any, made: services.EndpointSecret) -> Response:
    page = render_template("webhooks/secret.html", endpoint=made.endpoint, secret=made.secret)
    return make_response(page)


def _context(endpoint: WebhookEndpoint) -> Mapping[str, Any]:
    last = queries.deliveries(endpoint_id=endpoint.id).order_by(WebhookDelivery.id.desc())
    found = db.session.execute(queries.counts([endpoint.id]))
    return {
        "events": [
            (event.name, event.label)
            for event in slices().webhooks.values()
            if event.name in endpoint.events
        ],
        "counts": {state: count for _id, state, count in found},
        "deliveries": db.session.scalars(last.limit(SHOWN)).all(),
    }


_verb = partial(Action, resource=ENDPOINT, permission="webhooks.manage")

create = _verb(
    name="create",
    is_new=True,
    title="New webhook",
    submit="Add webhook",
    is_page=True,
    form=NewEndpointForm,
    act=services.create_endpoint,
    reply=_show_secret,
)
update = _verb(
    name="update",
    title="Edit",
    heading="Edit {0.name}",
    form=EndpointForm,
    act=services.revise_endpoint,
    done="{0.name} is saved.",
    icon="edit",
)
test = _verb(
    name="create_test",
    path="/tests",
    title="Send a test",
    act=services.send_test,
    done="A test is on its way.",
    icon="upload",
    when=lambda endpoint: endpoint.is_active,
)
activate = _verb(
    name="create_activation",
    path="/activation",
    title="Switch on",
    act=services.activate_endpoint,
    done="{0.name} is told what happens from now on.",
    icon="check",
    when=lambda endpoint: not endpoint.is_active,
)
deactivate = _verb(
    name="delete_activation",
    path="/activation/delete",
    title="Switch off",
    question="Switch {0.name} off? What waits for it is not told.",
    act=services.deactivate_endpoint,
    done="{0.name} is told nothing more.",
    kind="quiet",
    when=lambda endpoint: endpoint.is_active,
)
renew = _verb(
    name="create_secret",
    path="/secret",
    title="New secret",
    question="Sign with a new secret? The program has to know it at once.",
    act=services.renew_secret,
    reply=_show_secret,
    kind="quiet",
    icon="lock",
)
delete = _verb(
    name="delete",
    path="/delete",
    title="Delete",
    question="Delete {0.name} with all it was told?",
    act=services.delete_endpoint,
    done="{0.name} is deleted.",
    to=lambda _endpoint: url_for("webhook_endpoints.index"),
    leaves=True,
    kind="danger",
    icon="trash",
)

endpoint_page = RecordPage(
    resource=ENDPOINT,
    permission="webhooks.manage",
    heading="{0.name}",
    subtitle="{0.url}",
    crumbs=lambda _endpoint: [("Webhooks", url_for("webhook_endpoints.index"))],
    buttons=(
        update,
        test,
        activate,
        Menu(label="More actions", items=(deactivate, renew, delete)),
    ),
    body="webhooks/_endpoint.html",
    context=_context,
    sockets=lambda _endpoint: "webhooks",
    news="webhooks-news",
    labels={"is_active": "Active", "url": "Address"},
)

ENDPOINTS.add_to(bp)
endpoint_page.add_to(bp)
for action in (create, update, test, activate, deactivate, renew, delete):
    action.add_to(bp)
