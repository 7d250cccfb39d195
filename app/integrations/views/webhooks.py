"""The door for webhooks: verified by signature, answered at once."""

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue

from app.core.forms import csrf
from app.core.permissions import public
from app.integrations.hub.connector import connectors
from app.integrations.sync.webhooks import Forged, NoWebhook, receive_webhook

webhooks = Blueprint("webhooks", __name__, url_prefix="/webhooks")
csrf.exempt(webhooks)  # who calls is no browser; the signature says who it is

LARGEST = 1024 * 1024


@webhooks.post("/<system>")
@public
def create(system: str) -> ResponseReturnValue:
    """Take a webhook; the signature over the raw body decides whose it is."""
    connector = connectors().get(system)
    if connector is None or not connector.webhook_header:
        abort(404)
    if (request.content_length or 0) > LARGEST:
        abort(413)
    signature = request.headers.get(connector.webhook_header, "")
    try:
        count = receive_webhook(system, request.get_data(cache=False), signature)
    except (Forged, NoWebhook) as error:
        return jsonify(error=str(error), code=error.code, fields={}), error.status
    return jsonify(received=count)
