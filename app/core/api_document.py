"""The OpenAPI document: what the schemas say, and what follows from a view's declarations.

flask-smorest describes what a call takes and gives. Who may call it, which headers it heeds and
how it refuses is said by other declarations on the view (`requires`, `idempotent`, `version` in
a body), and comes from them: nothing is written twice.
"""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from http import HTTPStatus
from typing import Any, NamedTuple

from flask import Flask
from werkzeug.routing import Rule

from app.core.api_examples import add_examples
from app.core.idempotency import LONGEST_KEY
from app.core.permissions import PUBLIC, SIGNED_IN
from app.core.slices import Slices

VERBS_OF_ALL = ("import", "export")
VERBS = {"post": "create", "put": "update"}
METHODS = ("get", "post", "put", "patch", "delete")
PREFIXES = ("api", "v1")

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
UPLOAD = "multipart/form-data"

KEY_HEADER = {
    "in": "header",
    "name": "Idempotency-Key",
    "description": "The same key with the same body gives the first answer again",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
}
VERSION_HEADER = {
    "in": "header",
    "name": "If-Match",
    "description": "The version that the change is based on, as the ETag says it",
    "schema": {"type": "string", "pattern": r'^"?[0-9]{1,18}"?$'},
}
ETAG = {"description": "The version, for If-Match", "schema": {"type": "string"}}
HEADERS = {  # of refusals
    "401": {
        "WWW-Authenticate": {"description": "How to sign in", "schema": {"type": "string"}}
    },
    "429": {"Retry-After": {"description": "Seconds", "schema": {"type": "string"}}},
    "503": {"Retry-After": {"description": "Seconds", "schema": {"type": "string"}}},
}
REFUSALS = {
    "400": "Malformed: no JSON, or a header or an address that cannot be read",
    "401": "Not signed in: there is no token, or it is unknown, expired or revoked",
    "403": "Not allowed: the permission is not held",
    "404": "There is no such record",
    "409": "Not as things stand: a duplicate, a stale version, a wrong state, a reused key",
    "413": "Too large",
    "415": "The body is of another media type",
    "422": "A field or a parameter does not fit, or is unknown",
    "429": "Too many requests",
    "503": "The database, the queue or an outside system is away",
}


class Operation(NamedTuple):
    """One call: how it is addressed, the view that answers, and what is said of it so far."""

    method: str
    path: str
    view: Callable[..., Any]
    said: dict[str, Any]


def complete(app: Flask, document: dict[str, Any]) -> dict[str, Any]:
    """Add to flask-smorest's document what the views' other declarations say."""
    document = deepcopy(document)
    slices: Slices = app.extensions["slices"]
    for operation in _operations(app, document):
        _name(operation, document)
        _say_who_may(operation, slices)
        _describe_upload(operation, document)
        _describe_headers(operation, document)
        _describe_refusals(operation)
    document["components"]["responses"] = {
        _response_name(status): _refusal(status, what) for status, what in REFUSALS.items()
    }
    document["components"]["schemas"].pop("PaginationMetadata", None)  # nothing refers to it
    _drop_unused(document)
    add_examples(document)
    return document


def described_path(rule: Rule) -> str:
    """Write a route's address as the document does: `/orders/<int:id>` is `/orders/{id}`."""
    return re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", rule.rule)


def _operations(app: Flask, document: dict[str, Any]) -> Iterator[Operation]:
    for rule in app.url_map.iter_rules():
        path = described_path(rule)
        item = document["paths"].get(path, {})
        for method in METHODS:
            if method in item and method.upper() in (rule.methods or ()):
                yield Operation(method, path, app.view_functions[rule.endpoint], item[method])


def _name(operation: Operation, document: dict[str, Any]) -> None:
    """Give a call the id by which generated clients name it."""
    answer = operation.said["responses"].get("200", {}).get("content", {}).get(JSON, {})
    schema = answer.get("schema", {})
    is_list = schema.get("type") == "array" or "items" in _properties(schema, document)
    name = operation_id(operation.method, operation.path, is_list=is_list)
    if operation.said.get("deprecated"):
        name = f"old_{name}"
    operation.said.setdefault("operationId", name)
    operation.said["tags"] = [area(operation.path)]


def area(path: str) -> str:
    """Give the part of the API that a path belongs to: `inventory`."""
    return _segments(path)[0]


def operation_id(method: str, path: str, *, is_list: bool = False) -> str:
    """Name a call: `GET /orders` is `list_orders`, `POST /orders/{id}/confirm` `confirm_order`.

    To add to a plural noun is `create_`; what a POST ends with otherwise is a verb.
    """
    parts = _segments(path)
    *owners, last = [part.replace("-", "_") for part in parts if not part.startswith("{")]
    if last in VERBS_OF_ALL:
        return "_".join([last, *owners])
    owners = [_singular(owner) for owner in owners if owner != "auth"]
    if parts[-1].startswith("{"):
        return "_".join([VERBS.get(method, method), *owners, _singular(last)])
    if method == "get":
        return "_".join(["list" if is_list else "get", *owners, last])
    if method == "post" and not _is_plural(last):
        return "_".join([last, *owners])
    noun = last if method == "put" else _singular(last)
    return "_".join([VERBS.get(method, method), *owners, noun])


def _segments(path: str) -> list[str]:
    parts = path.strip("/").split("/")
    while parts and parts[0] in PREFIXES:
        parts = parts[1:]
    return parts


def _is_plural(noun: str) -> bool:
    return noun.endswith("s") and not noun.endswith("ss") and noun != "status"


def _singular(noun: str) -> str:
    if not _is_plural(noun):
        return noun
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    return noun.removesuffix("es" if noun.endswith(("xes", "ches")) else "s")


def _say_who_may(operation: Operation, slices: Slices) -> None:
    """Say which permission a call needs, for people and for programs."""
    needed = getattr(operation.view, "required_permission", None)
    said = operation.said
    if needed == PUBLIC:
        said["security"] = []
        words = "Open to everybody."
    elif needed == SIGNED_IN:
        words = "Needs a token; no permission beyond it."
    else:
        said["x-permission"] = needed
        verb_area, verb = str(needed).split(".")
        words = f"Needs the permission `{needed}`: {slices.permissions[verb_area][verb]}."
    said["description"] = "\n\n".join(filter(None, [said.get("description", ""), words]))


def _describe_upload(operation: Operation, document: dict[str, Any]) -> None:
    """Put the file and the fields beside it into one form, as they are sent."""
    said = operation.said
    parameters = said.get("parameters", [])
    files = [one for one in parameters if one["in"] == "formData"]
    if not files:
        return
    said["parameters"] = [one for one in parameters if one["in"] != "formData"]
    content = said.setdefault("requestBody", {"content": {}})["content"]
    fields = content.pop(FORM, {"schema": {"type": "object", "properties": {}}})["schema"]
    if "$ref" in fields:
        fields = document["components"]["schemas"][fields["$ref"].rsplit("/", 1)[1]]
    form = deepcopy(fields)
    form["properties"] |= {
        one["name"]: one["schema"] | {"description": one.get("description", "")}
        for one in files
    }
    form["required"] = [
        *form.get("required", []),
        *(one["name"] for one in files if one.get("required")),
    ]
    content[UPLOAD] = {"schema": form}


def _describe_headers(operation: Operation, document: dict[str, Any]) -> None:
    """Say which headers a call heeds, and which it answers with."""
    said, view = operation.said, operation.view
    parameters = said.setdefault("parameters", [])
    if getattr(view, "takes_key", False):
        parameters.append(KEY_HEADER)
    if getattr(view, "takes_version", False) or _takes_version(operation, document):
        parameters.append(VERSION_HEADER)
    for status, answer in said["responses"].items():
        schema = answer.get("content", {}).get(JSON, {}).get("schema", {})
        if str(status).startswith("2") and "version" in _properties(schema, document):
            answer.setdefault("headers", {})["ETag"] = ETAG
        if str(status) == "201" and "id" in _properties(schema, document):
            location = {"description": "Its address", "schema": {"type": "string"}}
            answer.setdefault("headers", {})["Location"] = location


def _takes_version(operation: Operation, document: dict[str, Any]) -> bool:
    body = operation.said.get("requestBody", {}).get("content", {}).get(JSON, {})
    is_change = operation.method in {"put", "patch"}
    return is_change and "version" in _properties(body.get("schema", {}), document)


def _properties(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    properties: dict[str, Any] = schema.get("properties", {})
    return properties


def _describe_refusals(operation: Operation) -> None:
    """Say all the ways in which a call refuses; what it says of one itself stays."""
    said = operation.said
    answers = {str(status): answer for status, answer in said["responses"].items()}
    answers.pop("default", None)
    for status in _refusals_of(operation):
        answers.setdefault(status, {"$ref": f"#/components/responses/{_response_name(status)}"})
    for status, answer in answers.items():
        if status in REFUSALS and "$ref" in answer:
            answer["$ref"] = f"#/components/responses/{_response_name(status)}"
        elif status in REFUSALS and "content" not in answer:
            answers[status] = _refusal(status, answer["description"])
    said["responses"] = dict(sorted(answers.items()))


def _refusals_of(operation: Operation) -> Iterator[str]:
    """Give the statuses that follow from what a call takes and needs."""
    needed = getattr(operation.view, "required_permission", None)
    yield from ("400", "422", "429", "503")
    if needed != PUBLIC:
        yield from ("401", "403")
    if "{" in operation.path:
        yield "404"
    heeded = {one.get("name") for one in operation.said.get("parameters", [])}
    if heeded & {"Idempotency-Key", "If-Match"}:
        yield "409"
    if "requestBody" in operation.said:
        yield from ("413", "415")


def _refusal(status: str, description: str) -> dict[str, Any]:
    refusal: dict[str, Any] = {
        "description": description,
        "content": {JSON: {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
    return refusal | ({"headers": HEADERS[status]} if status in HEADERS else {})


def _response_name(status: str) -> str:
    return HTTPStatus(int(status)).phrase.title().replace(" ", "")


def _drop_unused(document: dict[str, Any]) -> None:
    """Leave out schemas that nothing refers to any more."""
    schemas = document["components"]["schemas"]
    while True:
        used = set(re.findall(r"#/components/schemas/(\w+)", repr(document)))
        if not (unused := schemas.keys() - used):
            return
        for name in unused:
            del schemas[name]
