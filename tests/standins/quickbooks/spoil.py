"""Carries out the planned faults: some before a request is served, some on its answer."""

import json
import time
from collections.abc import Callable
from typing import Any

from flask import Request, Response

from tests.standins.faults import Fault
from tests.standins.objects import encoded
from tests.standins.quickbooks import answers
from tests.standins.quickbooks.grants import Grants
from tests.standins.spoiling import html, spoil_text, told_to_wait

HTML_503 = "<html><body><h1>503 Service Unavailable</h1></body></html>"
HTML_200 = "<html><body><p>We are doing some maintenance.</p></body></html>"


def kind_of(request: Request) -> str | None:
    """Which kind of request this is for the faults; None for the pages for people."""
    path = request.path
    if path.startswith("/oauth2/"):
        return "token"
    if path.endswith("/tokens/revoke"):
        return "revoke"
    if not path.startswith("/v3/"):
        return None
    if path.endswith("/query"):
        asked = request.values.get("query", "") or request.get_data(as_text=True)
        return "count" if "count(" in asked.replace(" ", "").lower() else "page"
    return "cdc" if path.endswith("/cdc") else "object"


def before(fault: Fault, grants: Grants) -> Response | None:
    """Do what comes before an answer; a response given here is the answer."""
    match fault.name:
        case "slow":
            time.sleep(fault.options.get("seconds", 1.0))
        case "rotate":
            grants.rotate()
        case _:
            return instead(fault)
    return None


def instead(fault: Fault) -> Response | None:
    """The answer that some faults give in place of the real one."""
    make = INSTEAD.get(fault.name)
    return make(fault.options) if make else None


def too_many(options: dict[str, Any]) -> Response:
    """The answer to more than 500 requests a minute."""
    message = "message=ThrottleExceeded; errorCode=003001; statusCode=429"
    error = {"message": message, "detail": None, "code": "3001", "element": None}
    now = int(time.time() * 1000)
    body = {"fault": {"error": [error], "type": "THROTTLE"}, "time": now}
    return told_to_wait(answers.answer(encoded(body), 429), options)


def oauth_error(error: str, detail: str, status: int = 400) -> Response:
    """An error in the shape of OAuth 2."""
    return answers.answer(encoded({"error": error, "error_description": detail}), status)


INSTEAD: dict[str, Callable[[dict[str, Any]], Response]] = {
    "too_many": too_many,
    "html_503": lambda _: html(HTML_503, 503),
    "not_json": lambda _: html(HTML_200, 200),
    "expired": lambda _: answers.not_allowed(time.time()),
    "invalid_grant": lambda _: oauth_error("invalid_grant", "Incorrect or invalid token"),
    "token_500": lambda _: answers.answer(encoded({"error": "server_error"}), 500),
}


def after(fault: Fault, response: Response, previous: bytes | None) -> None:
    """Spoil an answer that was good."""
    if response.status_code != 200:
        return
    spoil_text(fault, response, previous)
    match fault.name:
        case "refresh_race":
            time.sleep(fault.options.get("seconds", 0.3))
        case "empty" | "no_envelope" | "bad_record" | "count_off":
            response.set_data(encoded(changed(fault, json.loads(response.get_data()))))


def changed(fault: Fault, body: Any) -> Any:
    """Change the JSON of an answer."""
    match fault.name:
        case "empty":
            return {"QueryResponse": {}}
        case "no_envelope":
            return {"time": body.get("time")}
        case "count_off":
            body["QueryResponse"]["totalCount"] += fault.options.get("by", 1)
        case "bad_record":
            replace_first(body, fault.options.get("record", {}))
    return body


def replace_first(body: Any, record: Any) -> None:
    """Put another record in place of the first one of a page or of the changes."""
    response = body["CDCResponse"][0] if "CDCResponse" in body else body
    pages = response["QueryResponse"]
    for page in pages if isinstance(pages, list) else [pages]:
        for value in page.values():
            if isinstance(value, list) and value:
                value[0] = record
                return
