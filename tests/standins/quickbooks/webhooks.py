"""Webhooks in both of the vendor's forms, signed as the vendor signs."""

import base64
import hashlib
import hmac
import time
import uuid
from collections.abc import Iterable

from tests.standins.objects import Object, encoded
from tests.standins.quickbooks.moments import written

Change = tuple[str, str, str]
PAST = {"Create": "created", "Update": "updated", "Delete": "deleted", "Void": "voided"}


def body(changes: Iterable[Change], realm: str, form: str) -> bytes:
    """Write changes of (entity, id, operation) as `cloudevents` or `eventNotifications`."""
    if form == "cloudevents":
        return encoded([event(change, realm) for change in changes])
    entities = [notice(change) for change in changes]
    told: Object = {"realmId": realm, "dataChangeEvent": {"entities": entities}}
    return encoded({"eventNotifications": [told]})


def event(change: Change, realm: str) -> Object:
    """One change as a CloudEvent."""
    entity, key, operation = change
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": "intuit.stand-in",
        "type": f"qbo.{entity.lower()}.{PAST[operation]}.v1",
        "datacontenttype": "application/json",
        "time": written(time.time()),
        "intuitentityid": key,
        "intuitaccountid": realm,
        "data": {},
    }


def notice(change: Change) -> Object:
    """One change in the older form."""
    entity, key, operation = change
    moment = written(time.time())
    return {"name": entity, "id": key, "operation": operation, "lastUpdated": moment}


def signature(body: bytes, verifier_token: str) -> str:
    """Sign the bytes of a body."""
    digest = hmac.new(verifier_token.encode(), body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
