"""Judges an exchange by the vendor's rules: the request's form, the answer's shape."""

import json
from datetime import datetime
from importlib.util import find_spec
from typing import Any
from urllib.parse import parse_qs

from tests.standins.exchanges import Exchange
from tests.standins.quickbooks import envelopes, schemas
from tests.standins.quickbooks.company import ENTITIES
from tests.standins.quickbooks.grammar import QueryError, parse

AVAILABLE = schemas.SPECS.is_dir() and find_spec("jsonschema_rs") is not None
PARAMETERS = {
    "query": {"query", "minorversion", "requestid"},
    "cdc": {"entities", "changedSince", "minorversion"},
    "companyinfo": {"minorversion"},
    "object": {"minorversion", "requestid", "operation"},
}
METHODS = {"query": {"GET", "POST"}, "cdc": {"GET"}, "companyinfo": {"GET"}}
FORM = "application/x-www-form-urlencoded"
TOKEN_FIELDS = {
    "authorization_code": {"grant_type", "code", "redirect_uri"},
    "refresh_token": {"grant_type", "refresh_token"},
}


def problems(exchange: Exchange) -> list[str]:
    """All that is wrong with a request and, unless it was spoilt on purpose, its answer."""
    found = request_problems(exchange)
    if exchange.fault is None:
        found += envelopes.problems(exchange.path, exchange.status, exchange.json)
    return [f"{exchange.method} {exchange.path}: {problem}" for problem in found]


def request_problems(exchange: Exchange) -> list[str]:
    """What is wrong with a request."""
    found = manner_problems(exchange)
    if exchange.path == "/oauth2/v1/tokens/bearer":
        return found + form_problems(exchange) + token_problems(exchange.body.decode())
    if exchange.path == "/v2/oauth2/tokens/revoke":
        return found + revocation_problems(exchange)
    route = route_of(exchange.path)
    if route is None:
        return ["the path is unknown"]
    if exchange.method not in METHODS.get(route, {"GET", "POST"}):
        found.append(f"the method {exchange.method} is unknown")
    known = PARAMETERS[route]
    found += [f"unknown parameter {name}" for name in exchange.query if name not in known]
    if not exchange.query.get("minorversion", "1").isdigit():
        found.append("minorversion is not a number")
    if route == "query":
        return found + query_problems(exchange)
    return found + (changes_problems(exchange.query) if route == "cdc" else [])


def manner_problems(exchange: Exchange) -> list[str]:
    """What is wrong with how the client asks: who it says it is, and what it will read."""
    is_sign_in = exchange.path.startswith(("/oauth2/", "/v2/"))
    scheme = "Basic" if is_sign_in else "Bearer"
    found = [] if exchange.scheme == scheme else [f"it is not signed in by {scheme}"]
    if is_sign_in and exchange.method != "POST":
        found.append(f"the method {exchange.method} is unknown")
    wanted = {name.lower(): value for name, value in exchange.headers.items()}.get("accept", "")
    return found if "application/json" in wanted else [*found, "it does not accept JSON"]


def form_problems(exchange: Exchange) -> list[str]:
    """Whether a body is sent as a form."""
    said = {name.lower(): value for name, value in exchange.headers.items()}
    is_form = said.get("content-type", "").partition(";")[0].strip() == FORM
    return [] if is_form else ["it is not sent as a form"]


def revocation_problems(exchange: Exchange) -> list[str]:
    """Whether a revocation names its token, as JSON or in a form."""
    try:
        sent = json.loads(exchange.body)
    except ValueError:
        sent = parse_qs(exchange.body.decode())
    return [] if isinstance(sent, dict) and sent.get("token") else ["token is missing"]


def route_of(path: str) -> str | None:
    """Which of the API's routes a path is."""
    match path.strip("/").split("/"):
        case ["v3", "company", _, "query" | "cdc" as route]:
            return route
        case ["v3", "company", realm, "companyinfo", other] if realm == other:
            return "companyinfo"
        case ["v3", "company", _, entity] if is_entity(entity):
            return "object"
        case ["v3", "company", _, entity, key] if is_entity(entity) and key.isdigit():
            return "object"
    return None


def is_entity(name: str) -> bool:
    """Whether paths may name this entity; they do so in small letters."""
    return name in {entity.lower() for entity in ENTITIES}


def query_problems(exchange: Exchange) -> list[str]:
    """What the grammar has against a query."""
    try:
        parse(exchange.query.get("query") or exchange.body.decode())
    except QueryError as error:
        return [error.detail]
    return []


def changes_problems(query: dict[str, str]) -> list[str]:
    """What is wrong with the parameters of change data capture."""
    found = []
    try:
        if datetime.fromisoformat(query.get("changedSince", "")).tzinfo is None:
            found.append("changedSince has no offset")
    except ValueError:
        found.append("changedSince is not a moment in ISO 8601")
    asked = query.get("entities", "").split(",")
    found += [f"unknown entity {name!r}" for name in asked if not is_entity(name.lower())]
    return found


def token_problems(body: str) -> list[str]:
    """What is wrong with the form sent for a token."""
    form: dict[str, Any] = parse_qs(body, keep_blank_values=True)
    kind = form.get("grant_type", [""])[0]
    if kind not in TOKEN_FIELDS:
        return [f"unknown grant_type {kind!r}"]
    wanted = TOKEN_FIELDS[kind]
    missing = [f"{name} is missing" for name in sorted(wanted - set(form))]
    return missing + [f"unknown field {name}" for name in sorted(set(form) - wanted)]
