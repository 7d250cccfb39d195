"""Where the pages of webhooks are."""

from flask import Blueprint

bp = Blueprint("webhook_endpoints", __name__, url_prefix="/webhook-endpoints")
