"""Orders in parts, for programs."""

from typing import Any

from app.catalog.models import Product
from tests.orders.conftest import again, confirmed, stocked
from tests.orders.test_api import Call, at, call, data

__all__ = ["call"]


def test_an_order_is_split(call: Call, product: Product) -> None:
    stocked(10, product)
    order = confirmed((product, 5))

    answer = call("POST", at(order, "split"), {"items": [{"sku": "P-1", "quantity": "2"}]})

    assert answer.status_code == 201
    assert data(answer)["split_from_id"] == order.id
    assert answer.headers["Location"].endswith(f"/{data(answer)['id']}")
    assert data(answer)["items"][0]["quantity"] == "2"
    assert again(order).lines[0].quantity == 3


def test_what_waits_becomes_an_order_of_its_own(call: Call, product: Product) -> None:
    stocked(2, product)
    order = confirmed((product, 5))

    answer = call("POST", at(order, "backorder"))

    assert (answer.status_code, data(answer)["items"][0]["quantity"]) == (201, "3")
    assert call("POST", at(order, "backorder")).status_code == 409


def test_an_order_is_closed_short(call: Call, product: Product) -> None:
    stocked(2, product)
    order = confirmed((product, 5))

    part = {"items": [{"sku": "P-1", "quantity": "3"}]}
    answer = call("POST", at(order, "close"), part)

    assert (answer.status_code, data(answer)["items"][0]["cancelled"]) == (200, "3")


def test_an_order_is_allocated_again_and_goes_on(call: Call, product: Product) -> None:
    order = confirmed((product, 5))
    stocked(5, product)

    allocated = call("POST", at(order, "allocate"))
    held = call("POST", at(order, "hold"), {"reason": "Unpaid"})
    released = call("POST", at(order, "release"))

    assert data(allocated)["items"][0]["reserved"] == "5"
    assert data(held)["status"] == "on_hold"
    assert data(released)["status"] == "allocated"


def test_a_refusal_names_the_items(call: Call, product: Product) -> None:
    stocked(10, product)
    order = confirmed((product, 5))
    good = {"line_id": order.lines[0].id, "quantity": "1"}
    too_much: dict[str, Any] = {"items": [good, good | {"quantity": "9"}]}
    strange: dict[str, Any] = {"items": [good, good | {"line_id": 0}]}
    nothing: dict[str, Any] = {"items": [good | {"quantity": "0"}]}

    for step in ("split", "close", "ship"):
        named = [
            [*data(call("POST", at(order, step), sent))["fields"]]
            for sent in (too_much, strange, nothing)
        ]
        assert named == [["items.1.quantity"], ["items.1.line_id"], ["items"]]
