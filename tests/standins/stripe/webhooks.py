"""Events, signed as Stripe signs: with their time, and once for each secret that is valid."""

import hashlib
import hmac
import time
import uuid
from collections.abc import Sequence

import requests

from tests.standins.objects import Object, encoded
from tests.standins.stripe.state import State


def event(kind: str, about: Object) -> Object:
    """What is told of a change."""
    return {
        "id": f"evt_{uuid.uuid4().hex}", "object": "event", "api_version": "2026-10-28.endive",
        "created": int(time.time()), "data": {"object": about}, "livemode": False,
        "pending_webhooks": 1, "request": {"id": None, "idempotency_key": None}, "type": kind,
    }  # fmt: skip


def signature(body: bytes, secrets: Sequence[str], at: int | None = None) -> str:
    """Sign the bytes of a body; there are several secrets while one is being changed."""
    moment = str(int(time.time()) if at is None else at)
    said = [
        hmac.new(one.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
        for one in secrets
    ]
    return ",".join([f"t={moment}", *(f"v1={one}" for one in said), "v0=old"])


def signed(
    state: State, kind: str, about: Object, at: int | None = None
) -> tuple[bytes, dict[str, str]]:
    """A webhook: its body and its headers."""
    body = encoded(event(kind, about))
    headers = {"Stripe-Signature": signature(body, [state.secret], at)}
    return body, headers | {"Content-Type": "application/json; charset=utf-8"}


def send(state: State, kind: str, about: Object) -> None:
    """Send it, and note how that went."""
    if not state.webhook_url:
        return
    body, headers = signed(state, kind, about)
    try:
        status = requests.post(state.webhook_url, data=body, headers=headers, timeout=5)
        state.deliveries.append(f"{kind}: HTTP {status.status_code}")
    except requests.RequestException as error:
        state.deliveries.append(f"{kind}: not delivered ({type(error).__name__})")
