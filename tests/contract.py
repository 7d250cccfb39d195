"""Holds every answer of the API to the OpenAPI document, in whatever test it is given."""

import json
import re
from collections.abc import Iterable
from functools import cache, cached_property
from typing import Any

import jsonschema_rs
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from app.core.api_document import described_path

CHECKED = {"GET", "POST", "PUT", "PATCH", "DELETE"}
ERROR = {"$ref": "#/components/schemas/Error"}


class NotAsDocumented(AssertionError):
    """The API answered what its document does not say."""


class Contract:
    """The document of an application, with a validator for each answer that it declares."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    @cached_property
    def document(self) -> dict[str, Any]:
        """The document as programs get it."""
        api = self.app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
        return dict(self.app.json.loads(self.app.json.dumps(api.document)))

    def check(self, answer: TestResponse, sent: Iterable[str]) -> None:
        """Refuse an answer that is not declared: its status, its type, its shape, its fields.

        `sent` are the names of what was sent.

        Raises:
            NotAsDocumented: With the call and what it answered.
        """
        asked = answer.request
        if not asked.path.startswith("/api/") or asked.method not in CHECKED:
            return
        operation = self._operation(asked.path, asked.method)
        call = f"{asked.method} {asked.path} -> {answer.status_code}"
        if operation is None:  # no call, or a page about them
            if answer.status_code >= 400:
                self._check_shape(call, ERROR, answer)
            return
        status = str(answer.status_code)
        if status not in operation["responses"]:
            raise NotAsDocumented(f"{call} is not declared: {answer.text[:500]}")
        declared = self._resolved(operation["responses"][status])
        self._check_type(call, declared.get("content", {}), answer)
        if answer.status_code in {409, 422} and asked.method != "DELETE":
            self._check_names(call, operation, answer, {*sent, *asked.args})

    def _operation(self, path: str, method: str) -> dict[str, Any] | None:
        try:
            rule, _ = self.app.url_map.bind("localhost").match(
                path, method=method, return_rule=True
            )
        except HTTPException:
            return None
        item = self.document["paths"].get(described_path(rule))
        return item and item.get(method.lower())

    def _resolved(self, part: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in part:
            found: Any = self.document
            for name in part["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            part = found
        return part

    def _check_type(self, call: str, content: dict[str, Any], answer: TestResponse) -> None:
        if not content:
            if answer.status_code == 204 and answer.data:
                raise NotAsDocumented(f"{call} has a body")
            return
        if answer.mimetype not in content:
            raise NotAsDocumented(f"{call} is {answer.mimetype}, declared: {[*content]}")
        if answer.mimetype == "application/json":
            self._check_shape(call, content[answer.mimetype]["schema"], answer)

    def _check_shape(self, call: str, schema: dict[str, Any], answer: TestResponse) -> None:
        for error in self._validator(json.dumps(schema)).iter_errors(answer.json):
            way = ".".join(map(str, error.instance_path))
            raise NotAsDocumented(f"{call}: {way}: {error.message}")

    @cache  # noqa: B019  (there is one for each test process)
    def _validator(self, schema: str) -> jsonschema_rs.Validator:
        whole = {"allOf": [json.loads(schema)], "components": self.document["components"]}
        return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)

    def _check_names(
        self, call: str, operation: dict[str, Any], answer: TestResponse, sent: set[str]
    ) -> None:
        """A complaint about a field names it as it was sent, or as it could have been."""
        names = {one.get("name") for one in operation.get("parameters", [])}
        names |= set(re.findall(r"{(\w+)}", call))
        for content in operation.get("requestBody", {}).get("content", {}).values():
            schema = self._resolved(content["schema"])
            names |= schema.get("properties", {}).keys()
        # What was sent may have a dot in its own name.
        complained = {*(answer.json or {}).get("fields", {})} - sent
        if strangers := {name.split(".")[0] for name in complained} - names - sent - {"?"}:
            raise NotAsDocumented(
                f"{call} names {strangers}, which nobody sends: {answer.text}"
            )


def names_of(body: Any) -> Iterable[str]:
    """Give the names of what is sent, as JSON, as a form or as bytes."""
    if isinstance(body, bytes | str):
        try:
            body = json.loads(body)
        except (ValueError, RecursionError):
            return _names_of_form(body)
    return body if isinstance(body, dict) else ()


def _names_of_form(body: bytes | str) -> Iterable[str]:
    """Give the names of a form's parts, as they stand in what was sent."""
    text = body.decode(errors="replace") if isinstance(body, bytes) else body
    return {*re.findall(r'form-data; name="([^"]*)"', text)}
