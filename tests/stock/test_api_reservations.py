"""Reservations by hand, homes and locations, for programs."""

from typing import Any

import pytest
from flask import Flask

from app.accounts.services import create_token
from app.stock.models import Location
from tests.factories import ProductFactory, RoleFactory, UserFactory
from tests.stock.conftest import LOCATIONS, ROOT, held, place, stocked


@pytest.fixture
def program(app: Flask) -> Any:
    verbs = ("stock.view", "stock.adjust", "stock.reserve", "stock.reverse", "locations.edit")
    user = UserFactory.create(role=RoleFactory.create(permissions=list(verbs)))
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {create_token(user, name='test')}"
    return client


def test_goods_are_reserved_and_released(program: Any) -> None:
    product = stocked(10)
    body = {"sku": product.sku, "location": "MAIN-01", "quantity": "4", "note": "for Ana"}

    made = program.post(f"{ROOT}/reservations", json=body)
    listed = program.get(f"{ROOT}/{product.id}/reservations").json["items"]
    released = program.delete(f"{ROOT}/reservations/{made.json['id']}")

    assert (made.status_code, made.json["quantity"]) == (201, "4")
    assert listed == [made.json]
    assert released.status_code == 204
    assert held(product) == (10, 0)
    assert program.delete(f"{ROOT}/reservations/{made.json['id']}").status_code == 409
    assert program.delete(f"{ROOT}/reservations/999999").status_code == 404


def test_more_than_there_is_is_not_reserved(program: Any) -> None:
    product = stocked(1)

    answer = program.post(
        f"{ROOT}/reservations", json={"product_id": product.id, "quantity": "2"}
    )

    assert (answer.status_code, answer.json["code"]) == (409, "insufficient_stock")


def test_a_product_gets_a_home_and_loses_it(program: Any) -> None:
    product = ProductFactory.create()
    home = f"{ROOT}/{product.id}/home"

    assert program.put(home, json={"location": "MAIN-01"}).json == {"location": "MAIN-01"}
    assert program.get(home).json == {"location": "MAIN-01"}
    assert program.put(home, json={"location": None}).json == {"location": None}
    refused = program.put(home, json={"location": "CUSTOMERS"})
    assert (refused.status_code, list(refused.json["fields"])) == (422, ["location"])


def test_a_location_is_shown_changed_and_taken_out_of_use(program: Any) -> None:
    bin_: Location = place("MAIN-01")
    address = f"{LOCATIONS}/{bin_.id}"
    shown = program.get(address)

    named = program.put(address, json={"name": "By the door", "version": 1})
    stale = program.put(address, json={"name": "Elsewhere", "version": 1})
    gone = program.delete(address)
    back = program.post(f"{address}/activate")

    assert shown.headers["ETag"] == '"1"'
    assert (named.json["name"], named.json["code"]) == ("By the door", "MAIN-01")
    assert (stale.status_code, stale.json["code"]) == (409, "stale_version")
    assert gone.status_code == 204
    assert back.json["is_active"] is True


def test_a_location_that_holds_goods_stays(program: Any) -> None:
    stocked(1)

    answer = program.delete(f"{LOCATIONS}/{place('MAIN-01').id}")

    assert (answer.status_code, answer.json["code"]) == (409, "location_in_use")


def test_what_get_gives_of_a_location_put_takes(program: Any) -> None:
    address = f"{LOCATIONS}/{place('MAIN-01').id}"
    shown = program.get(address).json

    assert program.put(address, json=shown).json == shown


def test_many_bins_are_made_at_once(program: Any) -> None:
    body = {"first": "K-01-1", "last": "K-02-3", "parent": "MAIN"}

    made = program.post(f"{LOCATIONS}/bins", json=body)
    again = program.post(f"{LOCATIONS}/bins", json=body)
    refused = program.post(f"{LOCATIONS}/bins", json=body | {"parent": "nowhere"})

    assert (made.status_code, made.json) == (201, {"created": 6})
    assert again.json == {"created": 0}
    assert list(refused.json["fields"]) == ["parent"]


def test_all_movements_are_read_by_cursor(program: Any) -> None:
    product = stocked(1)
    for _ in range(4):
        stocked(1, product)

    ids, cursor = [], ""
    while cursor is not None:
        address = f"{ROOT}/movements?sku={product.sku}&per_page=2&cursor={cursor}"
        answer = program.get(address).json
        ids += [one["id"] for one in answer["items"]]
        cursor = answer["next_cursor"]

    assert len(ids) == 5
    assert ids == sorted(ids)


def test_a_cursor_goes_with_no_page(program: Any) -> None:
    answer = program.get(f"{ROOT}/movements?cursor=&page=2")

    assert (answer.status_code, list(answer.json["fields"])) == (422, ["cursor"])
