"""Judges an exchange by the vendor's description: the request's form, the answer's shape."""

import json
from typing import Any

from tests.standins.exchanges import Exchange
from tests.standins.magento import criteria, schemas
from tests.standins.magento.errors import Refused
from tests.standins.objects import Object

AVAILABLE = schemas.AVAILABLE
TOKEN = "/V1/integration/admin/token"  # noqa: S105


def problems(exchange: Exchange) -> list[str]:
    """All that is wrong with a request and, unless it was spoilt on purpose, its answer."""
    path = described_path(exchange.path)
    known = schemas.operation(path, exchange.method)
    if known is None:
        return [f"{exchange.method} {exchange.path}: the vendor has no such request"]
    found = request_problems(exchange, path, *known)
    if exchange.fault is None:
        found += answer_problems(exchange, *known)
    return [f"{exchange.method} {exchange.path}: {problem}" for problem in found]


def described_path(path: str) -> str:
    """The path as the description has it: without /rest and the store view."""
    return "/V1/" + path.partition("/V1/")[2]


def request_problems(
    exchange: Exchange, path: str, operation: Object, described: Object
) -> list[str]:
    """What is wrong with a request."""
    found = manner_problems(exchange, path)
    lists = [one for one in operation.get("parameters", ()) if "searchCriteria" in one["name"]]
    if lists and (exchange.query or "/inventory/" not in path):
        found += criteria_problems(exchange.query)
    bodies = [one for one in operation.get("parameters", ()) if one["in"] == "body"]
    if bodies and exchange.body:
        found += body_problems(exchange.body, bodies[0]["schema"], described)
    return found


def manner_problems(exchange: Exchange, path: str) -> list[str]:
    """What is wrong with how the client asks: who it says it is, what it reads and sends."""
    said = {name.lower(): value for name, value in exchange.headers.items()}
    found = []
    if path != TOKEN and exchange.scheme not in {"OAuth", "Bearer"}:
        found.append("it says not who is asking")
    if not any(kind in said.get("accept", "*/*") for kind in ("application/json", "*/*")):
        found.append("it does not accept JSON")
    if exchange.body and not said.get("content-type", "").startswith("application/json"):
        found.append("it is not sent as JSON")
    return found


def criteria_problems(query: dict[str, str]) -> list[str]:
    """What the vendor has against the criteria of a search."""
    try:
        criteria.parse(query)
    except Refused as refused:
        return [str(refused)]
    return []


def body_problems(body: bytes, schema: Object, described: Object) -> list[str]:
    """What the description has against what was sent."""
    try:
        sent: Any = json.loads(body)
    except ValueError:
        return ["the body is not JSON"]
    return schemas.problems(schema, described, sent)


def answer_problems(exchange: Exchange, operation: Object, described: Object) -> list[str]:
    """What the description has against an answer."""
    said = operation["responses"]
    is_good = exchange.status == 200
    error = {"$ref": "#/definitions/error-response"}
    schema = said.get("200", said.get(200, {})).get("schema", {}) if is_good else error
    answer = exchange.json
    if schema.get("type") == "integer" and isinstance(answer, str) and answer.isdigit():
        return []  # an id fresh from the database is still a text
    return schemas.problems(schema, described, answer)
