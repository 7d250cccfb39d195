"""The vendor's own models of its API, where this machine has them, as a judge of exchanges."""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.standins.amazon import columns
from tests.standins.exchanges import Exchange
from tests.standins.objects import Object

SPECS = Path(__file__).resolve().parents[4] / "shared" / "specs" / "spapi"
MODELS = (
    *("fbaInventory", "fulfillmentInboundV0", "finances_2024-06-19", "reports_2021-06-30"),
    "sellers",
)
AVAILABLE = (SPECS / "sellers.json").is_file() and find_spec("jsonschema_rs") is not None
NOBODY = ("/auth/", "/files/")  # these belong to no model


@cache
def model(name: str) -> Object:
    """The description of some calls."""
    read: Object = json.loads((SPECS / f"{name}.json").read_text())
    return read


def heads() -> Object:
    """The heads of reports, as the vendor's pages give them."""
    read: Object = json.loads((SPECS / "report_headers.json").read_text())
    return {name: tuple(head) for name, head in read.items() if name in columns.COLUMNS}


def problems(exchange: Exchange) -> list[str]:
    """What the vendor's models have against an exchange that was not spoilt."""
    if exchange.fault is not None or exchange.path.startswith(NOBODY):
        return []
    for name in MODELS:
        if found := _operation(name, exchange):
            return _asked(name, found, exchange) + _answered(name, found, exchange)
    return [f"there is no call {exchange.method} {exchange.path}"]


def _operation(name: str, exchange: Exchange) -> Object | None:
    parts = exchange.path.split("/")
    for template, operations in model(name)["paths"].items():
        wanted = template.split("/")
        if len(wanted) == len(parts) and all(
            w == p or w.startswith("{") for w, p in zip(wanted, parts, strict=True)
        ):
            found: Object | None = operations.get(exchange.method.lower())
            return found
    return None


def _asked(name: str, operation: Object, exchange: Exchange) -> list[str]:
    described = {one["name"]: one for one in operation["parameters"]}
    query = {key: one for key, one in described.items() if one["in"] == "query"}
    wrong = [f"no parameter {one}" for one in exchange.query if one not in query]
    wrong += [
        f"the parameter {key} is missing"
        for key, one in query.items()
        if one.get("required") and key not in exchange.query
    ]
    for key, value in exchange.query.items():
        if value not in query.get(key, {}).get("enum", [value]):
            wrong.append(f"{value} is no {key}")
    body = next((one for one in described.values() if one["in"] == "body"), None)
    if body is not None:
        wrong += _against(name, body["schema"], json.loads(exchange.body))
    return [f"{exchange.path}: {line}" for line in wrong]


def _answered(name: str, operation: Object, exchange: Exchange) -> list[str]:
    said = operation["responses"].get(str(exchange.status))
    if said is None:
        return [f"{exchange.path}: no answer {exchange.status} is described"]
    if exchange.status == 429:
        return []
    return [
        f"{exchange.path}: {line}" for line in _against(name, said["schema"], exchange.json)
    ]


def _against(name: str, schema: Object, value: Any) -> list[str]:
    check = _validator(name, json.dumps(schema))
    return [
        f"{'/'.join(map(str, e.instance_path))}: {e.message[:200]}"
        for e in check.iter_errors(value)
    ]


@cache
def _validator(name: str, schema: str) -> Any:
    import jsonschema_rs  # noqa: PLC0415 - only the development machines have it

    whole = json.loads(schema) | {"definitions": model(name)["definitions"]}
    return jsonschema_rs.Draft4Validator(whole, validate_formats=True)
