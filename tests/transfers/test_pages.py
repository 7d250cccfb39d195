"""What people and programs do with transfers."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.stock.models import Location
from app.transfers import services
from app.transfers.services import Wanted
from app.transfers.services.locking import fresh_transfer
from tests.conftest import SignIn
from tests.core.conftest import Bearer, bearer
from tests.factories import LocationFactory, WarehouseFactory
from tests.stock.conftest import held, place, stocked

__all__ = ["bearer"]

HTMX = {"HX-Request": "true"}
ROOT, API = "/transfer-orders", "/api/v1/transfer-orders"
ALL = ("transfers.view", "transfers.edit", "transfers.send", "transfers.receive")


@pytest.fixture
def east(session: Session) -> Location:
    """A bin of another warehouse."""
    warehouse = WarehouseFactory.create(code="EAST")
    return LocationFactory.create(code="E-1", path="EAST/E-1/", parent_id=warehouse.id)


def test_people_write_send_receive_explain_and_undo(sign_in: SignIn, east: Location) -> None:
    kettle = stocked(10)
    person = sign_in(*ALL, "stock.view")
    ends = {"source_id": place("MAIN").id, "destination_id": place("EAST").id}
    lines = {"items-0-sku": kettle.sku, "items-0-quantity": "4"}

    made = person.post(ROOT, data={**ends, **lines, "key": "new"})
    page = made.headers["Location"]
    row = {"rows-0-line_id": _read(page).lines[0].id}
    done = [
        person.post(f"{page}/dispatch", data=row | {"rows-0-quantity": "4", "key": "a"}),
        person.post(
            f"{page}/receipts",
            data=row
            | {"rows-0-good": "2", "rows-0-damaged": "1", "location": "E-1", "key": "b"},
        ),
        person.post(
            f"{page}/explanations",
            data=row | {"rows-0-quantity": "1", "rows-0-word": "lost", "key": "c"},
        ),
    ]

    assert [one.status_code for one in (made, *done)] == [303] * 4
    assert held(kettle, east) == (2, 0)
    shown = person.get(page).text
    for words in ("Difference explained", "2 " + kettle.sku, "damaged", "lost", "Undo"):
        assert words in shown
    assert "Received" in person.get(f"{ROOT}?search={kettle.sku}").text
    last = f"{page}/steps/{_read(page).steps[-1].id}/reversal"
    assert [person.post(last).status_code for _twice in range(2)] == [303, 409]
    assert "On the way" in person.get(f"{ROOT}?status=open", headers=HTMX).text


def test_what_does_not_fit_is_shown_at_the_form(sign_in: SignIn, east: Location) -> None:
    kettle = stocked(10)
    person = sign_in(*ALL)
    ends = {"source_id": place("MAIN").id, "destination_id": place("MAIN").id, "key": "n"}
    transfer = _written(kettle, 20)

    same = person.post(ROOT, data=ends | {"items-0-sku": kettle.sku, "items-0-quantity": "4"})
    unknown = person.post(ROOT, data=ends | {"items-0-sku": "NO", "items-0-quantity": "4"})
    row = {"rows-0-line_id": transfer.lines[0].id, "rows-0-quantity": "20", "key": "a"}
    short = person.post(f"{ROOT}/{transfer.id}/dispatch", data=row)
    form = person.get(f"{ROOT}/{transfer.id}/dispatch/new").text
    completed = person.post(f"{ROOT}/lines", data={**ends, "items-0-sku": kettle.sku.lower()})

    assert [one.status_code for one in (same, unknown, short)] == [422] * 3
    assert "Choose another warehouse" in same.text
    assert "There is no product NO" in unknown.text
    assert f"10 of {kettle.sku}" in short.text
    assert "20 pcs left to be sent" in " ".join(form.split())
    assert kettle.sku in completed.text


def test_each_door_asks_for_its_own_permission(sign_in: SignIn, east: Location) -> None:
    transfer = _written(stocked(10), 1)
    viewer = sign_in("transfers.view")

    assert viewer.get(f"{ROOT}/{transfer.id}").status_code == 200
    for path in ("dispatch", "receipts", "explanations", "cancellation"):
        assert viewer.post(f"{ROOT}/{transfer.id}/{path}").status_code == 403
    assert sign_in("stock.view").get(ROOT).status_code == 403


def test_programs_do_the_same(bearer: Bearer, east: Location) -> None:
    kettle = stocked(10)
    program = bearer(*ALL)
    wanted = {"from": "MAIN", "to": "EAST", "items": [{"sku": kettle.sku, "quantity": "4"}]}

    made: Any = program.post(API, json=wanted)
    url = f"{API}/{made.json['id']}"
    sent = program.post(f"{url}/send", json={})
    come = [{"sku": kettle.sku, "quantity": "3"}]
    received = program.post(f"{url}/receive", json={"items": come, "location": "E-1"})
    lost = [{"item_id": made.json["items"][0]["id"], "quantity": "1", "explanation": "lost"}]
    explained = program.post(f"{url}/explain", json={"items": lost})

    assert [one.status_code for one in (made, sent, received, explained)] == [
        201,
        200,
        200,
        200,
    ]
    assert [one.json["status"] for one in (made, sent, received, explained)] == [
        "draft",
        "sent",
        "partly",
        "received",
    ]
    assert received.json["items"][0]["on_the_way"] == "1"
    step = explained.json["steps"][-1]
    undone = program.post(f"{url}/steps/{step['id']}/reversal")
    assert undone.json["status"] == "partly"
    assert program.get(url).json == undone.json
    listed = program.get(f"{API}?status=open&to=EAST&q={kettle.sku}").json
    assert [one["id"] for one in listed["items"]] == [made.json["id"]]


def test_programs_hear_what_is_wrong_in_their_own_words(bearer: Bearer, east: Location) -> None:
    kettle = stocked(1)
    program = bearer(*ALL)
    items = [{"sku": kettle.sku, "quantity": "4"}]

    nowhere = program.post(API, json={"from": "NOWHERE", "to": "EAST", "items": items})
    nothing = program.post(API, json={"from": "MAIN", "to": "EAST", "items": []})
    made = program.post(API, json={"from": "MAIN", "to": "EAST", "items": items})
    url = f"{API}/{made.json['id']}"
    short = program.post(f"{url}/send", json={})
    early = program.post(f"{url}/receive", json={"items": items})
    other = program.post(f"{url}/send", json={"items": [{"sku": "NO", "quantity": "1"}]})

    assert [one.status_code for one in (nowhere, nothing, short, early, other)] == [
        422,
        422,
        409,
        409,
        422,
    ]
    assert "from" in nowhere.json["fields"]
    assert short.json["code"] == "insufficient_stock"
    assert program.post(f"{url}/cancel").json["status"] == "cancelled"


def _read(page: str) -> Any:
    return fresh_transfer(int(page.rpartition("/")[2]))


def _written(product: Any, quantity: int) -> Any:
    return services.create_transfer(
        [Wanted(product.id, Decimal(quantity))],
        source_id=place("MAIN").id,
        destination_id=place("EAST").id,
        key="written",
    )
