"""Objects as they go over the wire."""

import json
from typing import Any

Object = dict[str, Any]


def encoded(value: Any) -> bytes:
    """Write JSON as a server sends it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
