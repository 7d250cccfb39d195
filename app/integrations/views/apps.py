"""Our registration with a system that people sign in to, and the addresses it has to know."""

from typing import Any

from flask import abort, current_app, url_for

from app.core.pages import Action, Resource
from app.integrations.forms import AppForm
from app.integrations.hub import apps
from app.integrations.hub.auth import OAuthConnector
from app.integrations.hub.connector import connectors
from app.integrations.system import find_system
from app.integrations.views.blueprint import bp


def oauth_connector(system: str) -> OAuthConnector:
    """Give a system that people sign in to; else 404."""
    connector = connectors().get(system)
    return connector if isinstance(connector, OAuthConnector) else abort(404)


def callback_address(system: str) -> str:
    """Where the system sends people back to, as its developer pages must know it."""
    return _address(find_system(system).callback)


def webhook_address(system: str) -> str:
    """Where the system tells us of changes."""
    return _address("webhooks.create", system=system)


def _address(endpoint: str, **values: Any) -> str:
    if public := current_app.config.get("PUBLIC_URL"):
        return str(public).rstrip("/") + url_for(endpoint, **values)
    return url_for(endpoint, _external=True, **values)


def _offer(form: AppForm, connector: OAuthConnector) -> None:
    app = apps.system_app(connector.system)
    takes = app is not None and app.webhook_secret is not None
    form.offer(connector.environments(), is_known=app is not None, takes_webhooks=takes)


def _begin(form: AppForm, connector: OAuthConnector) -> None:
    form.begin(apps.system_app(connector.system))


def _addresses(connector: OAuthConnector) -> dict[str, str]:
    return {
        "redirect_uri": callback_address(connector.system),
        "webhook_address": webhook_address(connector.system),
    }


UPDATE_APP = Action(
    resource=Resource(
        name="connector",
        area="connections",
        query=oauth_connector,
        rule="/apps/<system>",
        keys={"system": "system"},
    ),
    name="update_app",
    title="Set up {0.label}",
    subtitle="What the developer pages of {0.label} show for your app.",
    permission="integrations.manage",
    make=lambda _connector: AppForm(),
    offer=_offer,
    fill=_begin,
    act=apps.save_app,
    done="{0.label} is set up. Connect it now.",
    to=lambda _connector: url_for("connections.index"),
    leaves=True,
    fields="connections/_app.html",
    context=_addresses,
    is_wide=True,
)
UPDATE_APP.add_to(bp)
