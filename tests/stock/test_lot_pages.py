"""The pages of lots, the forms that ask for one, and the API."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core.alerts import Alert
from app.core.days import today
from app.core.db import db
from app.stock import services
from app.stock.models import Location, Lot
from tests.conftest import SignIn
from tests.core.conftest import Bearer, bearer
from tests.factories import ProductFactory
from tests.stock.test_lots import available, come, lots_of, tracked

__all__ = ["bearer"]

LATE = date(2099, 12, 31)
LOTS = "/api/v1/lots"
MAY = ("stock.view", "stock.adjust", "stock.transfer", "stock.block")


@pytest.fixture
def milk(session: Session) -> Any:
    return tracked(sku="MILK", has_expiry=True)


def lot(product: Any, code: str = "A") -> Lot:
    found: Lot = db.session.query(Lot).filter_by(product_id=product.id, code=code).one()
    return found


def test_the_list_shows_what_expires_first_and_narrows(milk: Any, sign_in: SignIn) -> None:
    come(milk, 2, "LATE", LATE)
    come(milk, 3, "SOON", today() + timedelta(days=3))
    come(milk, 1, "GONE", today() - timedelta(days=3))
    client = sign_in(*MAY)

    page = client.get("/lots").text
    assert page.index("GONE") < page.index("SOON") < page.index("LATE")
    soon = client.get("/lots?shown=soon").text
    assert "SOON" in soon
    assert "LATE" not in soon
    assert "GONE" in client.get("/lots?shown=expired").text
    assert "Nothing matches" in client.get("/lots?search=NO-SUCH").text


def test_a_lot_is_blocked_and_freed_on_its_page(milk: Any, sign_in: SignIn) -> None:
    come(milk, 2, "A", LATE)
    number = lot(milk).id
    client = sign_in(*MAY)

    assert "Say why" in client.post(f"/lots/{number}/block", data={"reason": ""}).text
    client.post(f"/lots/{number}/block", data={"reason": "Smells"})
    page = client.get(f"/lots/{number}").text
    assert "Smells" in page
    assert available(milk) == (2, 0)

    client.post(f"/lots/{number}/release")
    assert available(milk) == (2, 2)
    assert sign_in("stock.view").post(f"/lots/{number}/release").status_code == 403


def test_many_lots_are_blocked_at_once(milk: Any) -> None:
    for code in ("A", "B"):
        come(milk, 2, code, LATE)
        services.block_lot(lot(milk, code).id, reason="Recalled")

    assert available(milk) == (4, 0)


def test_forms_ask_for_the_lot_of_what_is_tracked_alone(milk: Any, sign_in: SignIn) -> None:
    client = sign_in(*MAY)
    plain = ProductFactory.create()

    assert 'name="lot"' in client.get(f"/stock/{milk.id}/adjustments/new").text
    assert 'name="lot"' not in client.get(f"/stock/{plain.id}/adjustments/new").text

    body = {"location": "MAIN-01", "quantity": "2", "reason": "found", "lot": "A"}
    body["key"] = "adjust A"
    assert "Say when lot A expires" in (
        client.post(f"/stock/{milk.id}/adjustments", data=body | {"expires_on": ""}).text
    )
    client.post(f"/stock/{milk.id}/adjustments", data=body | {"expires_on": "2099-12-31"})
    assert lots_of(milk) == {"A": 2}


def test_people_move_and_write_off_a_lot(milk: Any, sign_in: SignIn, second: Location) -> None:
    come(milk, 3, "A", LATE)
    client = sign_in(*MAY)

    moved = {"source": "MAIN-01", "destination": second.code, "quantity": "2", "lot": "a"}
    client.post(f"/stock/{milk.id}/moves", data=moved | {"key": "move A"})
    gone = {"location": "MAIN-01", "quantity": "1", "reason": "damaged", "lot": "A"}
    client.post(f"/stock/{milk.id}/write-offs", data=gone | {"key": "gone A"})

    assert lots_of(milk) == {"A": 2}


def test_programs_adjust_move_and_count_lots(
    milk: Any, bearer: Bearer, second: Location
) -> None:
    client = bearer(*MAY)
    root = "/api/v1/inventory"
    body = {"sku": "MILK", "quantity": "5", "reason": "found"}

    assert client.post(f"{root}/adjustments", json=body).status_code == 422
    lots = {"lot": "A", "expires_on": "2099-12-31"}
    assert client.post(f"{root}/adjustments", json=body | lots).status_code == 201
    carried = {"sku": "MILK", "from": "MAIN-01", "to": second.code, "quantity": "2", "lot": "A"}
    assert client.post(f"{root}/transfers", json=carried).status_code == 201
    counted = {"sku": "MILK", "counted": "1", "location": second.code, "lot": "A"}
    assert client.post(f"{root}/adjustments", json=counted).status_code == 201

    newest = client.get(f"{root}/movements?sku=MILK").json["items"][0]
    assert (newest["lot"], newest["change"]) == ("A", "-1")


def test_programs_list_change_block_and_trace_lots(milk: Any, bearer: Bearer) -> None:
    come(milk, 2, "A", LATE)
    number = lot(milk).id
    client = bearer(*MAY, "stock.recall")

    [item] = client.get(f"{LOTS}?q=MILK").json["items"]
    assert (item["lot"], item["quantity_available"]) == ("A", "2")
    changed = client.put(f"{LOTS}/{number}", json={"expires_on": "2098-01-31"})
    assert changed.json["expires_on"] == "2098-01-31"
    blocked = client.post(f"{LOTS}/{number}/block", json={"reason": "Smells"})
    assert (blocked.json["block_reason"], blocked.json["quantity_available"]) == ("Smells", "0")
    again = client.post(f"{LOTS}/{number}/block", json={"reason": "Smells"})
    assert again.json["code"] == "lot_unfit"
    assert client.post(f"{LOTS}/{number}/release").json["quantity_available"] == "2"
    assert client.get(f"{LOTS}/{number}/trace").json["arrivals"][0]["reason"] == "found"
    assert client.get(f"{LOTS}/{number}/recall").json == {"items": []}
    assert client.get(f"{LOTS}/999999").status_code == 404


def alerts() -> dict[str, str]:
    open_ones = db.session.query(Alert).filter(Alert.closed_at.is_(None))
    return {one.key: one.title for one in open_ones if one.key.startswith("lots:")}


def test_each_day_on_which_lots_expire_is_told_once_until_they_have_gone(milk: Any) -> None:
    soon, gone = today() + timedelta(days=3), today() - timedelta(days=1)
    come(milk, 2, "A", soon)
    come(milk, 2, "B", gone)
    come(milk, 2, "C", LATE)
    come(milk, 2, "D", today() - timedelta(days=31))
    come(milk, 2, "E", today() - timedelta(days=400))

    services.watch_lots()
    services.watch_lots()

    assert alerts() == {
        f"lots:expiring:{soon}": f"One lot expires on {soon}",
        f"lots:expired:{gone}": f"One lot on hand expired on {gone}",
        "lots:expired:earlier": "2 lots on hand expired more than 30 days ago",
    }
    told = db.session.query(Alert).filter(Alert.key.startswith("lots:")).count()
    assert told == 3
    for code in ("A", "B", "D"):
        come(milk, -2, code)
    come(milk, 2, "F", soon + timedelta(days=1))
    services.watch_lots()
    assert {*alerts()} == {"lots:expired:earlier", f"lots:expiring:{soon + timedelta(days=1)}"}


def test_that_a_day_has_passed_is_another_event_than_that_it_comes(milk: Any) -> None:
    soon = today() + timedelta(days=3)
    lot = come(milk, 2, "A", soon)
    assert lot is not None
    services.watch_lots()

    services.revise_lot(
        lot.id, version=None, expires_on=today() - timedelta(days=1), made_on=None
    )
    services.watch_lots()

    assert [*alerts()] == [f"lots:expired:{today() - timedelta(days=1)}"]


def test_the_command_bar_finds_lots_by_the_beginning_of_their_numbers(
    milk: Any, sign_in: SignIn
) -> None:
    come(milk, 1, "LOT_50%", LATE)
    come(milk, 1, "LOTX50", LATE)
    client = sign_in("stock.view")
    lot = db.session.query(Lot).filter_by(code="LOT_50%").one()

    assert client.get("/search?q=lot_50%25").headers["Location"] == f"/lots/{lot.id}"
    found = client.get("/search?q=lot_5", headers={"HX-Request": "true"}).text
    assert "LOT_50%" in found
    assert "LOTX50" not in found
    assert "LOT_50%" not in sign_in("orders.view").get("/search?q=lot_5").text
