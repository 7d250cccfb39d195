"""The vendor's own description of its API, where this machine has it."""

import json
from copy import deepcopy
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.standins.objects import Object

SPECS = Path(__file__).resolve().parents[4] / "shared" / "specs" / "magento"
AVAILABLE = SPECS.is_dir() and find_spec("jsonschema_rs") is not None
HAS_YAML = find_spec("yaml") is not None


@cache
def subset() -> Object:
    """The part about orders, products and stock sources."""
    read: Object = json.loads((SPECS / "admin-2.4.8-orders-subset.json").read_text())
    return read


@cache
def whole() -> Object:
    """All of it, which takes a second to read."""
    import yaml  # type: ignore[import-untyped]  # noqa: PLC0415 - only development has it

    text = (SPECS / "admin-schema-2.4.8.yaml").read_text()
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    read: Object = yaml.load(text, loader)  # noqa: S506 - a safe loader
    return read


def operation(path: str, method: str) -> tuple[Object, Object] | None:
    """What the description says about a request, and the description it is in."""
    for described in [subset, *([whole] if HAS_YAML else [])]:
        for template, operations in described()["paths"].items():
            if fits(template, path) and method.lower() in operations:
                return operations[method.lower()], described()
    return None


def fits(template: str, path: str) -> bool:
    """Whether a path is one of those that a template such as /V1/orders/{id} means."""
    wanted, parts = template.split("/"), path.split("/")
    same = len(wanted) == len(parts)
    return same and all(w == p or w.startswith("{") for w, p in zip(wanted, parts, strict=True))


@cache
def definitions(which: str) -> Object:
    """The vendor's definitions made strict: no other fields than these.

    A field that it calls required but does not know comes as null, as its server sends it.
    """
    described = subset() if which == "subset" else whole()
    made: Object = deepcopy(described["definitions"])
    for one in made.values():
        strengthen(one)
    made["framework-attribute-interface"]["properties"]["value"] = {}  # a list, too
    made["error-parameters"] = {}  # described as a list of objects; sent as an object or a list
    return made


def strengthen(one: Object) -> None:
    """Forbid other fields, and let the required ones be null."""
    if "properties" not in one:
        return
    one["additionalProperties"] = False
    for name in one.get("required", ()):
        field = one["properties"][name]
        one["properties"][name] = {"anyOf": [field, {"type": "null"}]}


def problems(schema: Object, described: Object, value: Any) -> list[str]:
    """What the vendor's description has against a value."""
    which = "subset" if described is subset() else "whole"
    check = _validator(which, json.dumps(schema))
    return [
        f"{'/'.join(map(str, e.instance_path))}: {e.message}" for e in check.iter_errors(value)
    ]


@cache
def _validator(which: str, schema: str) -> Any:
    import jsonschema_rs  # noqa: PLC0415 - only the development machines have it

    full = json.loads(schema)
    strengthen(full)
    return jsonschema_rs.Draft4Validator(full | {"definitions": definitions(which)})
