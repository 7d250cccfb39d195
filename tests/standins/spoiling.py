"""What stand-ins do alike to answers that are to go wrong."""

from typing import Any

from flask import Response

from tests.standins.faults import Fault


def html(text: str, status: int) -> Response:
    """A page where a client expects JSON."""
    return Response(text, status, content_type="text/html; charset=utf-8")


def told_to_wait(response: Response, options: dict[str, Any]) -> Response:
    """Say in an answer when to come back, if the fault is to say so."""
    if options.get("retry_after") is not None:
        response.headers["Retry-After"] = str(options["retry_after"])
    return response


def spoil_text(fault: Fault, response: Response, previous: bytes | None) -> None:
    """Cut an answer off, or give the previous page in its place."""
    body = response.get_data()
    match fault.name:
        case "truncated":
            response.set_data(body[: len(body) * 2 // 3])
        case "duplicate_page":
            response.set_data(previous or body)
