"""What the hot paths ask of the database, to the statement: times vary, these do not.

What is counted is what a server sends: BEGIN and COMMIT too, in whose place stand the
savepoints of a test. What a process remembers is there already: who asks, the settings, who
listens.
"""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from tests.conftest import SignIn
from tests.core.conftest import bearer
from tests.factories import CustomerFactory, ProductFactory
from tests.fulfilment.conftest import bin_, confirmed, goods, tote
from tests.stock.conftest import place, stocked

__all__ = ["bearer"]

Bearer = Callable[..., Any]
ADJUSTMENTS, TRANSFERS = "/api/v1/inventory/adjustments", "/api/v1/inventory/transfers"
EAN = "4006381333931"
UNDO = "ROLLBACK TO SAVEPOINT "


@pytest.fixture(autouse=True)
def remembers(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the process remember, as one that serves does."""
    monkeypatch.setitem(app.config, "CACHE_SECONDS", 60)
    app.extensions["cache"].clear()
    yield
    app.extensions["cache"].clear()


def sent(statements: list[str]) -> int:
    """Count what a server sends: a read that is undone in a test is in no transaction there."""
    undone = [one.removeprefix(UNDO) for one in statements if one.startswith(UNDO)]
    return sum(not one.endswith(tuple(undone)) for one in statements)


@pytest.mark.parametrize(
    ("change", "count"),
    [
        # BEGIN, what is meant, all that is locked, all that is written, COMMIT;
        ({"quantity": "-1", "reason": "found"}, 5),
        # where goods have come: and does anybody wait for them?
        ({"quantity": "2", "reason": "found"}, 6),
        ({"counted": "100"}, 6),
    ],
)
def test_adjustment(
    bearer: Bearer, statements: list[str], change: dict[str, str], count: int
) -> None:
    program, product = bearer("stock.adjust"), ProductFactory.create()
    stocked(5, product, place("MAIN-01"))

    for _ in range(2):
        statements.clear()
        answer = program.post(ADJUSTMENTS, json={"sku": product.sku, **change})
        assert answer.status_code == 201
        change = {**change, "counted": "101"} if "counted" in change else change

    assert sent(statements) == count


def test_move(bearer: Bearer, statements: list[str]) -> None:
    program, product, shelf = bearer("stock.transfer"), ProductFactory.create(), bin_("B-01")
    other = ProductFactory.create()
    for one in (other, product):
        stocked(5, one, place("MAIN-01"))
    way = {"from": "MAIN-01", "to": shelf.code, "quantity": "1"}
    program.post(TRANSFERS, json={"sku": other.sku, **way})

    counts = []
    for _ in range(2):
        statements.clear()
        answer = program.post(TRANSFERS, json={"sku": product.sku, **way})
        assert answer.status_code == 201
        counts.append(sent(statements))

    # The first time the balance of the bin is made; then as an adjustment.
    assert counts == [8, 5]


@pytest.mark.parametrize("lines", [1, 5, 50])
def test_order(bearer: Bearer, statements: list[str], lines: int) -> None:
    program, main = bearer("orders.edit", "orders.confirm"), place("MAIN-01")
    products = [stocked(9, ProductFactory.create(currency="EUR"), main) for _ in range(lines)]
    customer = CustomerFactory.create(currency="EUR")
    items = [{"product_id": one.id, "quantity": "1"} for one in products]

    for _ in range(2):
        statements.clear()
        draft = {"customer_id": customer.id, "items": items}
        order = program.post("/api/v1/orders", json=draft).json
        created = sent(statements)
        statements.clear()
        answer = program.post(f"/api/v1/orders/{order['id']}/confirm", json={})
        assert answer.json["status"] == "allocated"

    assert (created, sent(statements)) == (10, 10)


def test_scan_of_a_picker(sign_in: SignIn, statements: list[str]) -> None:
    tablet = sign_in("fulfilment.pick")
    for code in ("TOTE-1", "TOTE-2"):
        tote(code)
    product = goods(50, bin_("B-01"), "KETTLE", EAN)
    for _ in range(2):
        confirmed((product, 5))
    page = tablet.post("/pick/tasks").location

    counts = []
    for code in ("B-01", EAN, EAN, EAN):
        statements.clear()
        scan = {"id": str(uuid4()), "code": code}
        answer = tablet.post(f"{page}/scans", data=scan, headers={"HX-Request": "true"})
        assert answer.headers["X-Sound"] != "wrong"
        counts.append(sent(statements))

    # The bin; the first piece, which begins a reservation in the tote; the next ones.
    assert counts == [12, 24, 20, 20]


def test_pages(sign_in: SignIn, statements: list[str]) -> None:
    client, product = sign_in("products.view"), ProductFactory.create()
    counts = {}
    for page in ("/products", f"/products/{product.id}", "/api/search/product_names?q=ab"):
        for _ in range(2):
            statements.clear()
            assert client.get(page).status_code == 200
        counts[page.split("?")[0].replace(str(product.id), "<id>")] = sent(statements)

    assert counts == {"/products": 4, "/products/<id>": 6, "/api/search/product_names": 1}
