"""What was asked and answered, for tests to look at."""

import json
from dataclasses import dataclass
from typing import Any

from flask import Request, Response


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request with its answer; `fault` names what was done to it on purpose."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    status: int
    content: bytes
    fault: str | None
    scheme: str = ""  # how the client proved itself: Bearer, Basic, OAuth

    @property
    def json(self) -> Any:
        """The answer as JSON, read when asked for; None if it is not JSON."""
        try:
            return json.loads(self.content)
        except ValueError:
            return None


def exchange(
    request: Request, response: Response, fault: str | None, *, is_dropped: bool
) -> Exchange:
    """Note a request and its answer. Passwords stay out; a dropped answer has status 0."""
    headers = {k: v for k, v in request.headers.items() if k != "Authorization"}
    status = 0 if is_dropped else response.status_code
    content = b"" if is_dropped else response.get_data()
    return Exchange(
        request.method,
        request.path,
        request.args.to_dict(),
        headers,
        request.get_data(),
        status,
        content,
        fault,
        request.headers.get("Authorization", "").partition(" ")[0],
    )
