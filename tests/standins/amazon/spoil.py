"""Carries out the planned faults: some before a request is served, some on its answer."""

import json
import time
from collections.abc import Callable
from typing import Any

from flask import Request, Response

from tests.standins.amazon import errors
from tests.standins.amazon.api import LISTS
from tests.standins.amazon.reports import ROOT
from tests.standins.faults import Fault
from tests.standins.objects import encoded
from tests.standins.spoiling import html, spoil_text, told_to_wait

HTML_503 = "<!doctype html><title>503</title><h1>Service temporarily unavailable</h1>"
HTML_200 = "<!doctype html><title>Sign in</title><h1>This network wants you to sign in</h1>"
NAMES = {"/fba/inventory/v1/summaries": "inventorySummaries"}


def kind_of(request: Request) -> str | None:
    """Which kind of request this is for the faults; None for the pages for people."""
    path = request.path
    if path in LISTS:
        return "page"
    if path.startswith("/auth/"):
        return "sign_in"
    if path.startswith("/files/"):
        return "file"
    if path.startswith(f"{ROOT}/documents/"):
        return "document"
    if path.startswith(f"{ROOT}/reports"):
        return "make" if request.method == "POST" else "poll"
    return "object" if path.startswith("/sellers/") else None


def before(fault: Fault) -> Response | None:
    """Do what comes before an answer; a response given here is the answer."""
    if fault.name == "slow":
        time.sleep(fault.options.get("seconds", 1.0))
        return None
    make = INSTEAD.get(fault.name)
    return make(fault.options) if make else None


def too_many(options: dict[str, Any]) -> Response:
    """Too many requests."""
    said = errors.refused(429, "QuotaExceeded", "You exceeded your quota.")
    return told_to_wait(said, options)


def quota() -> Response:
    """A quota of the day, which comes as a success."""
    return errors.refused(200, "QuotaExceeded", "You exceeded your daily quota.")


def redirect(options: dict[str, Any]) -> Response:
    """Send the client to another host."""
    return Response("", 302, headers={"Location": options.get("to", "http://127.0.0.1:9/")})


INSTEAD: dict[str, Callable[[dict[str, Any]], Response]] = {
    "too_many": too_many,
    "redirect": redirect,
    "quota": lambda _: quota(),
    "html_503": lambda _: html(HTML_503, 503),
    "not_json": lambda _: html(HTML_200, 200),
    "bad_token": lambda _: errors.bad_token(),
    "no_right": lambda _: errors.no_right(),
    "expired": lambda _: Response("<Error>Request has expired</Error>", 403),
    "invalid_grant": lambda _: errors.sign_in(400, "invalid_grant", "Expired"),
    "invalid_client": lambda _: errors.sign_in(401, "invalid_client", "Client is unknown"),
}


def after(fault: Fault, response: Response, previous: bytes | None) -> None:
    """Spoil an answer that was good."""
    if response.status_code != 200:
        return
    spoil_text(fault, response, previous)
    if fault.name in {"empty", "no_envelope", "same_token", "bad_record"}:
        response.set_data(encoded(changed(fault, json.loads(response.get_data()))))


def changed(fault: Fault, body: Any) -> Any:
    """Change the JSON of a page."""
    if fault.name == "no_envelope":
        return {}
    found = body["payload"]
    [name] = [one for one, value in found.items() if isinstance(value, list)]
    match fault.name:
        case "empty":
            found[name] = []
            found.pop("nextToken", None)
            found.pop("NextToken", None)
            body.pop("pagination", None)
        case "same_token":
            body["pagination"] = {"nextToken": "Pz8+PjUwPz8="}
            found["NextToken"] = found["nextToken"] = "Pz8+PjUwPz8="
        case "bad_record" if found[name]:
            found[name][0] = fault.options.get("record", {"sellerSku": "HALF"})
    return body
