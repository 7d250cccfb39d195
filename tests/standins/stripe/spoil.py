"""Carries out the planned faults: some before a request is served, some on its answer."""

import json
import time
from collections.abc import Callable
from typing import Any

from flask import Request, Response

from tests.standins.faults import Fault
from tests.standins.objects import encoded
from tests.standins.spoiling import html, spoil_text, told_to_wait
from tests.standins.stripe import errors
from tests.standins.stripe.api import LISTS

HTML_503 = "<!doctype html><title>503</title><h1>Service temporarily unavailable</h1>"
HTML_200 = "<!doctype html><title>Sign in</title><h1>This network wants you to sign in</h1>"


def kind_of(request: Request) -> str | None:
    """Which kind of request this is for the faults; None for the pages for people."""
    if not request.path.startswith("/v1/"):
        return None
    return "page" if request.path.rpartition("/")[2] in LISTS else "object"


def before(fault: Fault) -> Response | None:
    """Do what comes before an answer; a response given here is the answer."""
    if fault.name == "slow":
        time.sleep(fault.options.get("seconds", 1.0))
        return None
    make = INSTEAD.get(fault.name)
    return make(fault.options) if make else None


def too_many(options: dict[str, Any]) -> Response:
    """Too many requests."""
    said = errors.refused(429, "Request rate limit exceeded.", code="rate_limit")
    return told_to_wait(said, options)


def redirect(options: dict[str, Any]) -> Response:
    """Send the client to another host."""
    return Response("", 302, headers={"Location": options.get("to", "http://127.0.0.1:9/")})


INSTEAD: dict[str, Callable[[dict[str, Any]], Response]] = {
    "too_many": too_many,
    "redirect": redirect,
    "html_503": lambda _: html(HTML_503, 503),
    "not_json": lambda _: html(HTML_200, 200),
    "bad_key": lambda _: errors.bad_key("rk_test_expired"),
    "no_right": lambda _: errors.no_right("/v1/charges"),
    "gone": lambda _: errors.missing("payout", "po_gone"),
}


def after(fault: Fault, response: Response, previous: bytes | None) -> None:
    """Spoil an answer that was good."""
    if response.status_code != 200:
        return
    spoil_text(fault, response, previous)
    if fault.name in {"empty", "no_envelope", "bad_record"}:
        response.set_data(encoded(changed(fault, json.loads(response.get_data()))))


def changed(fault: Fault, body: Any) -> Any:
    """Change the JSON of a page."""
    match fault.name:
        case "empty":
            return body | {"data": [], "has_more": False}
        case "no_envelope":
            return {"url": body["url"]}
        case "bad_record" if body["data"]:
            body["data"][0] = fault.options.get("record", {"object": "charge"})
    return body
