"""Several products are moved at once, by people who type or scan lines, and by programs."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.catalog.models import Product
from app.core.db import db
from app.core.errors import Invalid
from app.stock import services
from app.stock.models import Location, Movement
from app.stock.services import TransferLine, check_ledger
from tests.conftest import SignIn
from tests.factories import BarcodeFactory, LocationFactory, ProductFactory
from tests.stock.conftest import ROOT, Call, data, on_hand, place, stocked

MAY = ("stock.view", "stock.transfer")


@pytest.fixture
def other_bin() -> Location:
    """A bin of the main warehouse."""
    main = place("MAIN-01")
    return LocationFactory.create(code="A-01", path="MAIN/A-01/", parent_id=main.parent_id)


@pytest.fixture
def goods(main: Location) -> list[Product]:
    """Ten filters and ten cups in MAIN-01."""
    return [stocked(10, ProductFactory.create(sku=sku)) for sku in ("FILTER", "CUP")]


def moved() -> list[tuple[str, Any, str]]:
    """What was moved: SKU, quantity and reason."""
    query = select(Movement, Product.sku).join(Movement.product).order_by(Movement.id)
    rows = db.session.execute(query.where(Movement.reason.in_(("moved", "transferred"))))
    return [(sku, one.quantity, one.reason) for one, sku in rows]


def form(*lines: tuple[str, str, str, str]) -> dict[str, str]:
    names = ("sku", "source", "destination", "quantity")
    rows = {
        f"lines-{number}-{name}": value
        for number, line in enumerate(lines)
        for name, value in zip(names, line, strict=True)
    }
    return rows | {"key": "once"}


def test_all_of_it_moves_in_one_posting_once(
    sign_in: SignIn, goods: list[Product], other_bin: Location
) -> None:
    client = sign_in(*MAY)
    body = form(("FILTER", "MAIN-01", "A-01", "3"), ("CUP", "MAIN-01", "A-01", "2.5"))

    answers = [client.post("/transfers", data=body, follow_redirects=True) for _ in range(2)]

    assert all("2 lines are moved." in answer.text for answer in answers)
    assert moved() == [("FILTER", 3, "moved"), ("CUP", Decimal("2.5"), "moved")]
    assert [on_hand(one, other_bin) for one in goods] == [3, Decimal("2.5")]
    assert check_ledger(lambda _done, _total: None)["differences"] == 0


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (("CUP", "MAIN-01", "A-01", "11"), "available"),
        (("GHOST", "MAIN-01", "A-01", "1"), "Line 2: There is no product GHOST"),
        (("CUP", "MAIN-01", "NOWHERE", "1"), "Line 2: There is no location NOWHERE"),
        (("CUP", "MAIN-01", "MAIN-01", "1"), "Line 2: Choose another location"),
        (("CUP", "MAIN-01", "CUSTOMERS", "1"), "stands for what is outside"),
        (("CUP", "MAIN-01", "", "1"), "This is needed."),
    ],
)
def test_one_line_that_is_refused_moves_nothing(
    sign_in: SignIn, goods: list[Product], other_bin: Location, line: Any, why: str
) -> None:
    body = form(("FILTER", "MAIN-01", "A-01", "3"), line)

    answer = sign_in(*MAY).post("/transfers", data=body)

    assert answer.status_code in (409, 422)
    assert why in answer.text
    assert moved() == []
    assert 'value="FILTER"' in answer.text  # what was typed is still there


def test_rows_are_completed_while_somebody_types(
    sign_in: SignIn, goods: list[Product], other_bin: Location
) -> None:
    BarcodeFactory.create(product=goods[1], code="CARTON", units=12)
    stocked(1, ProductFactory.create(sku="LID"), other_bin)
    body = {
        "lines-0-sku": "filter",
        "lines-0-destination": "A-01",
        "lines-4-sku": "CARTON",
        "lines-5-sku": "GHOST",
        "lines-6-sku": "LID",
        "lines-6-source": "MAIN-01",
    }

    told = data(sign_in(*MAY).post("/transfers/lines", data=body))["rows"]

    first = {"known": "FILTER", "sku": "FILTER", "source": "MAIN-01", "quantity": "1"}
    first["lot"] = ""
    assert told["0"]["values"] == first | {"destination": "A-01"}
    assert told["4"]["values"] == {
        "known": "CUP",
        "sku": "CUP",
        "source": "MAIN-01",
        "destination": "A-01",  # as in the line above
        "lot": "",
        "quantity": "12",
    }
    assert told["4"]["units"] == "12"
    assert "MAIN-01: 10" in " ".join(told["4"]["figures"].split())
    assert (told["5"]["problem"], told["5"]["units"]) == ("Unknown product", None)
    assert told["6"]["values"]["source"] == "MAIN-01"  # what somebody has typed stays


def test_only_who_may_move_goods_does(sign_in: SignIn, goods: list[Product]) -> None:
    client = sign_in("stock.view")

    assert client.get("/transfers/new").status_code == 403
    assert client.post("/transfers", data=form()).status_code == 403
    assert client.post("/transfers/lines").status_code == 403
    assert "Move goods" not in client.get("/movements").text
    other = sign_in(*MAY)
    assert "Move goods" in other.get("/movements").text
    assert "Add line" in other.get("/transfers/new").text


def test_a_program_sends_the_lines(
    call: Call, goods: list[Product], other_bin: Location
) -> None:
    other = LocationFactory.create(code="EAST-01", path="EAST/EAST-01/")
    items: list[dict[str, Any]] = [
        {"sku": "FILTER", "from": "MAIN-01", "to": "A-01", "quantity": "3"},
        {"product_id": goods[1].id, "from": "MAIN-01", "to": other.code, "quantity": 2},
    ]

    made = call("POST", f"{ROOT}/transfer-lists", {"items": items, "note": "Cleaning"})
    wrong = items[0] | {"quantity": "99"}
    refused = call("POST", f"{ROOT}/transfer-lists", {"items": [items[1], wrong]})
    nothing = call("POST", f"{ROOT}/transfer-lists", {"items": []})
    strange = [
        call("POST", f"{ROOT}/transfer-lists", {"items": [items[0], items[0] | one]})
        for one in ({"from": "NOWHERE"}, {"to": "NOWHERE"}, {"sku": "GHOST"}, {"quantity": "0"})
    ]

    assert made.status_code == 201
    assert len(data(made)["movement_ids"]) == 2
    assert moved() == [("FILTER", 3, "moved"), ("CUP", 2, "transferred")]
    assert (refused.status_code, data(refused)["code"]) == (409, "insufficient_stock")
    assert nothing.status_code == 422
    named = [[*data(one)["fields"]] for one in strange]
    assert named == [[f"items.1.{name}"] for name in ("from", "to", "sku", "quantity")]


def test_services_refuse_what_no_page_sends() -> None:
    line = TransferLine("MAIN-01", "MAIN-01", Decimal(1), sku="CUP")

    with pytest.raises(Invalid, match="Say what"):
        services.transfer_lines([], key="none")
    with pytest.raises(Invalid, match="At most 500"):
        services.transfer_lines([line] * 501, key="many")
