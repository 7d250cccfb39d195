"""Carries out the planned faults: some before a request is served, some on its answer."""

import json
import time
from collections.abc import Callable
from typing import Any

from flask import Request, Response

from tests.standins.faults import Fault
from tests.standins.magento import errors, shipping
from tests.standins.magento.api import WRONG
from tests.standins.magento.errors import Refused, answer
from tests.standins.magento.shop import Shop
from tests.standins.objects import encoded
from tests.standins.spoiling import html, spoil_text, told_to_wait

HTML_503 = (
    "<!doctype html><html><head><title>Service Temporarily Unavailable</title></head><body>"
    "<h1>Service Temporarily Unavailable</h1><p>The server is temporarily unable to service "
    "your request due to maintenance downtime or capacity problems.</p></body></html>"
)
HTML_200 = "<!doctype html><html><body><div id='cookie-status'>Home Page</div></body></html>"
LISTS = {"orders", "invoices", "shipments", "products", "source-items", "sources"}
DROPPED = frozenset({"drop", "ship_lost"})


def kind_of(request: Request) -> str | None:
    """Which kind of request this is for the faults; None for the pages for people."""
    if not request.path.startswith("/rest/"):
        return None
    last = request.path.rpartition("/")[2]
    if request.path.endswith("/integration/admin/token"):
        return "token"
    if request.method == "GET":
        return "page" if last in LISTS else "object"
    return "ship" if last == "ship" else "write"


def before(fault: Fault, shop: Shop) -> Response | None:
    """Do what comes before an answer; a response given here is the answer."""
    match fault.name:
        case "slow":
            time.sleep(fault.options.get("seconds", 1.0))
        case "changing":
            stir(shop)
        case _:
            make = INSTEAD.get(fault.name)
            return make(fault.options) if make else None
    return None


def stir(shop: Shop) -> None:
    """Touch the first order and place a new one, as a busy shop does between two pages."""
    with shop.lock:
        if shop.orders.rows:
            shop.change(next(iter(shop.orders.rows)), lambda _: True)
            shop.place([(1, 1)])


def too_many(options: dict[str, Any]) -> Response:
    """The answer of a shop's front server to too many requests."""
    return told_to_wait(answer({"message": "Too Many Requests"}, 429), options)


INSTEAD: dict[str, Callable[[dict[str, Any]], Response]] = {
    "too_many": too_many,
    "html_503": lambda _: html(HTML_503, 503),
    "not_json": lambda _: html(HTML_200, 200),
    "expired": lambda _: errors.no_access("Magento_Sales::actions_view").response,
    "gone": lambda _: errors.missing().response,
    "token_refused": lambda _: Refused(401, WRONG).response,
    "ship_refused": lambda _: Refused(400, shipping.HEAD + shipping.NOT_ALLOWED).response,
}


def after(fault: Fault, response: Response, previous: bytes | None) -> None:
    """Spoil an answer that was good."""
    if response.status_code != 200:
        return
    spoil_text(fault, response, previous)
    match fault.name:
        case "ship_500":
            broken = errors.internal().response
            response.status_code, response.data = 500, broken.get_data()
        case "empty" | "no_envelope" | "bad_record" | "count_off":
            response.set_data(encoded(changed(fault, json.loads(response.get_data()))))


def changed(fault: Fault, body: Any) -> Any:
    """Change the JSON of a page."""
    match fault.name:
        case "empty":
            body |= {"items": [], "total_count": 0}
        case "no_envelope":
            return {"search_criteria": body["search_criteria"]}
        case "count_off":
            body["total_count"] += fault.options.get("by", 1)
        case "bad_record" if body["items"]:
            body["items"][0] = fault.options.get("record", {})
    return body
