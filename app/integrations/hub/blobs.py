"""Files of outside systems: fetched at their pace, within our limits, and kept."""

from typing import Any

from app.core.files import StoredFile, store_file
from app.integrations.hub.client import Client
from app.integrations.hub.connector import RAW, Request

ANYTHING = "application/octet-stream"


def fetch_blob(
    client: Client, asked: Request, *, name: str, permission: str, **kept: Any
) -> StoredFile:
    """Fetch a file as it is, and keep it; `kept` says how long (`keep_days`).

    Raises:
        FileTooLarge: It is over the size that is kept.
        Rejected, Unavailable, Throttled, ReconnectNeeded: As they say.
    """
    answer = client.ask(asked._replace(shape=RAW), lambda said: said)
    said = answer.headers.get("Content-Type", "").partition(";")[0].strip() or ANYTHING
    return store_file(name, answer.body, content_type=said, permission=permission, **kept)
