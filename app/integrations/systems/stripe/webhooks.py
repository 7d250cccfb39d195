"""Stripe's webhooks: signed with a time, several signatures while a secret is being changed."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.integrations.hub.connector import WebhookNotice
from app.integrations.hub.errors import Unreadable
from app.integrations.systems.stripe.answers import ID

TOLERANCE = 300  # seconds that a signature is good for: older ones are played again
HEADER = "Stripe-Signature"


def is_signed_by(raw: bytes, signature: str, secret: str) -> bool:
    """Ask the vendor's package: any v1 signature, in constant time, up to five minutes old."""
    from stripe import SignatureVerificationError, WebhookSignature  # noqa: PLC0415  (slow)

    try:
        WebhookSignature.verify_header(raw, signature, secret, TOLERANCE)
    except (SignatureVerificationError, ValueError):
        return False
    return True


def notices(body: Any, kinds: Mapping[str, str]) -> list[WebhookNotice]:
    """Read an event; one about nothing that we mirror says nothing.

    Raises:
        Unreadable: It is no event.
    """
    try:
        about = body["data"]["object"]
        event, kind, number = body["id"], kinds.get(about["object"]), about.get("id")
        made = datetime.fromtimestamp(int(body["created"]), UTC)
        operation = str(body["type"])[:100]
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, OSError) as error:
        raise Unreadable("This is no event of Stripe.") from error
    if body.get("object") != "event" or not _is_id(event):
        raise Unreadable("This is no event of Stripe.")
    if kind is None or not _is_id(number):
        return []
    return [WebhookNotice(event, "", kind, number, operation, made)]


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and ID.fullmatch(value) is not None
