"""Two programs read a record and change it: nobody's change undoes the other's."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import contract_of
from tests.laws.test_what_get_gives_put_takes import RECORDS, client

__all__ = ["client"]

TRIED = (
    *("Qq", "Zz", "USD", "JPY", "2031-01-02", "2031-01-03"),
    *("https://a.example/", "https://b.example/"),
)
ENOUGH = 3  # values of a field: what it held, and two others
# Records without two fields that could be tried here.
NOT_MERGED = {
    "/api/v1/alert-rules/{name}": "switches and lists: core/test_alert_rules",
    "/api/v1/approval-limits/{limit_id}": "one amount; its role and currency say which it is",
    "/api/v1/forecasts/{row_id}": "each of its cells has a version of its own: planning",
    "/api/v1/saved-views/{view_id}": "private: nobody else edits it",
    "/api/v1/schedule/{name}": "what else it has is asked for by its kind: core",
}
# What is put without a version, with the reason.
UNVERSIONED = {
    "/api/v1/auth/password": "asks for the present password",
    "/api/v1/auth/password-resets": "asks for the token of a link",
    "/api/v1/forecasts/{row_id}": "each of its cells has a version of its own",
    "/api/v1/connections/{connection_id}/precedence": "`was` says what was read",
    "/api/v1/connections/{connection_id}/stock-source": "one value, which is replaced",
    "/api/v1/inventory/{product_id}/home": "one value, which is replaced",
    "/api/v1/fulfilment/sessions/{task_id}/assignee": "one value: whoever asks has it",
    "/api/v1/fulfilment/sessions/{task_id}/orders/{order_id}/parcels/{parcel_id}": (
        "what is not named stays; whoever packs weighs"
    ),
}


def test_every_change_says_on_which_version_it_is_based(app: Flask) -> None:
    document = contract_of(app).document
    without = {
        path
        for path, item in document["paths"].items()
        for verb in ("put", "patch")
        if verb in item
        and not item[verb].get("deprecated")
        and "version" not in _asked(document, item[verb])
    }

    assert without == UNVERSIONED.keys()


def _asked(document: dict[str, Any], said: dict[str, Any]) -> Collection[str]:
    """Names of the fields that a call takes in its body."""
    content: dict[str, Any] = said.get("requestBody", {}).get("content", {})
    body: dict[str, Any] = next(iter(content.values()), {})
    schema: dict[str, Any] = body.get("schema", {})
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    properties: dict[str, Any] = schema.get("properties", {})
    return properties.keys()


def _others(value: Any) -> Iterator[Any]:
    """What a field may hold instead, without knowing what it is."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield from (value + 1, value + 2)
    elif isinstance(value, str) and value.replace(".", "", 1).lstrip("-").isdigit():
        yield from (str(int(float(value)) + 1), str(int(float(value)) + 2))
    elif value is None or isinstance(value, str):
        yield from TRIED


class Changeable(NamedTuple):
    """A field, and the values that it takes; the first of them is what it held."""

    name: str
    values: Sequence[Any]


def _changeable(client: FlaskClient, address: str) -> Iterator[Changeable]:
    """Try the fields one after the other; of each, two other values are enough."""
    for name, before in _get(client, address).items():
        taken = [before]
        for value in () if name in ("id", "version") else _others(before):
            client.put(address, json=_get(client, address) | {name: value})
            if _get(client, address)[name] == value:
                taken.append(value)
            if len(taken) == ENOUGH:
                break
        if len(taken) > 1:
            yield Changeable(name, taken)


def _theirs_and_mine(client: FlaskClient, address: str) -> tuple[Changeable, Changeable]:
    """Find a field that takes two other values, and another that takes one."""
    found: list[Changeable] = []
    for field in _changeable(client, address):
        found.append(field)
        theirs = next((one for one in found if len(one.values) == ENOUGH), None)
        mine = next((one for one in found if one is not theirs), None)
        if theirs and mine:
            return theirs, mine
    raise AssertionError(found)


def _get(client: FlaskClient, address: str) -> dict[str, Any]:
    found: Any = client.get(address).json
    return dict(found)


@pytest.mark.parametrize("path", sorted(RECORDS.keys() - NOT_MERGED.keys()))
def test_what_two_change_is_kept_and_what_both_do_is_asked(
    client: FlaskClient, path: str
) -> None:
    make = RECORDS[path]
    address = path if make is None else f"{path.rsplit('/', 1)[0]}/{make(client)}"
    theirs, mine = _theirs_and_mine(client, address)
    opened = _get(client, address)

    answers = [
        client.put(address, json=opened | {theirs.name: theirs.values[0]}),
        client.put(address, json=opened | {mine.name: mine.values[0]}),
        client.put(address, json=opened | {theirs.name: theirs.values[1]}),
    ]

    assert [one.status_code for one in answers] == [200, 200, 409]
    now = _get(client, address)
    assert (now[mine.name], now[theirs.name]) == (mine.values[0], theirs.values[0])
