"""The vendor's own descriptions of its objects, where this machine has them."""

import json
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from tests.standins.objects import Object

SPECS = Path(__file__).resolve().parents[4] / "shared" / "specs" / "qbo"
XS = "{http://www.w3.org/2001/XMLSchema}"


@cache
def schemas() -> Object:
    """The JSON schema of the entities."""
    read: Object = json.loads((SPECS / "entities.schema.json").read_text())
    return read


@cache
def validator(entity: str) -> Any:
    """A validator of one entity, or None if the JSON schema lacks it."""
    import jsonschema_rs  # noqa: PLC0415 - only the development machines have it

    if entity not in schemas()["entities"]:
        return None
    whole = {"definitions": schemas()["definitions"], "$ref": f"#/definitions/{entity}"}
    return jsonschema_rs.Draft7Validator(whole)


@cache
def types() -> dict[str, ET.Element]:
    """All complex types of the XML schemas by name."""
    trees = [ET.parse(path) for path in sorted(SPECS.glob("*.xsd"))]  # noqa: S314
    found = [one for tree in trees for one in tree.iter(f"{XS}complexType")]
    return {one.attrib["name"]: one for one in found if "name" in one.attrib}


@cache
def names(kind: str) -> frozenset[str]:
    """The elements and attributes of a type, those of the types it extends too."""
    node = types().get(kind)
    if node is None:
        return frozenset()
    own = {
        one.attrib.get("name") or one.attrib.get("ref", "").rpartition(":")[2]
        for tag in ("element", "attribute")
        for one in node.iter(f"{XS}{tag}")
    }
    bases = [one.attrib["base"].rpartition(":")[2] for one in node.iter(f"{XS}extension")]
    return frozenset(own).union(*(names(base) for base in bases))


def object_problems(entity: str, fields: Object) -> list[str]:
    """What the vendor's descriptions have against an object."""
    here = f"{entity} {fields.get('Id')}"
    check = validator(entity)
    if check is None:
        return [f"{here}: no element {name}" for name in sorted(set(fields) - names(entity))]
    return [f"{here}: {error.message}" for error in check.iter_errors(fields)]
