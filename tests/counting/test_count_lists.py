"""What is to be counted, line by line: bins, zones and products, typed, scanned or sent."""

from typing import Any

import pytest
from sqlalchemy import select

from app.catalog.models import Product
from app.core.db import db
from app.core.errors import Invalid
from app.counting import services
from app.counting.errors import NotAllowed
from app.counting.models import CountTask
from app.counting.services import WantedCount
from app.stock.models import Location
from tests.conftest import SignIn
from tests.core.conftest import bearer
from tests.counting.conftest import bin_, goods
from tests.factories import ProductFactory

__all__ = ["bearer"]

MAY = ("counting.view", "counting.manage", "stock.view")


@pytest.fixture
def other() -> Location:
    """Cups in B-02."""
    place = bin_("B-02", 2)
    goods(4, place, "C-1", "CUP1")
    return place


def open_counts() -> list[tuple[str, str]]:
    """Bins and products to be counted."""
    query = select(Location.code, Product.sku).select_from(CountTask).join(CountTask.location)
    query = query.outerjoin(CountTask.product).where(CountTask.state == "open")
    return [(code, sku or "") for code, sku in db.session.execute(query.order_by(CountTask.id))]


def test_bins_and_products_are_counted(
    sign_in: SignIn, filters: Product, shelf: Location, other: Location
) -> None:
    client = sign_in(*MAY)
    body = {"lines-0-code": "b-02", "lines-1-code": "FILTER1", "note": "Inventory"}
    body |= {"lines-4-code": "", "lines-4-product": ""}  # the empty row that stands at the end

    answer = client.post("/counts/lists", data=body, follow_redirects=True)

    assert "2 bins to be counted." in answer.text
    assert open_counts() == [("B-02", ""), ("A-01", "F-1")]
    assert {task.note for task in db.session.scalars(select(CountTask))} == {"Inventory"}


def test_a_product_beside_a_place_is_that_product_there(
    sign_in: SignIn, filters: Product, shelf: Location
) -> None:
    body = {"lines-0-code": "A-01", "lines-0-product": "F-1"}

    sign_in(*MAY).post("/counts/lists", data=body)

    assert open_counts() == [("A-01", "F-1")]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ({"code": "GHOST"}, "Line 2: No bin, zone or product has this code."),
        ({"code": "A-01", "product": "GHOST"}, "Line 2: Unknown product GHOST."),
        ({"code": "F-1", "product": "F-1"}, "Say only one product, or the place first"),
        ({"product": "F-1"}, "What is to be counted?"),
    ],
)
def test_one_line_that_is_refused_counts_nothing(
    sign_in: SignIn, filters: Product, shelf: Location, line: dict[str, str], why: str
) -> None:
    body = {"lines-0-code": "A-01"} | {f"lines-1-{name}": said for name, said in line.items()}

    answer = sign_in(*MAY).post("/counts/lists", data=body)

    assert answer.status_code == 422
    assert why in answer.text
    assert open_counts() == []


def test_rows_say_what_their_codes_mean(
    sign_in: SignIn, filters: Product, shelf: Location
) -> None:
    client = sign_in(*MAY)
    body = {"lines-0-code": "A-01", "lines-3-code": "FILTER1", "lines-5-code": "GHOST"}

    told: Any = client.post("/counts/lists/lines", data=body).json

    rows = told["rows"]
    assert [rows[number]["units"] for number in ("0", "3", "5")] == ["1", "1", None]
    assert "wherever it lies" in rows["3"]["figures"]
    assert rows["3"]["values"]["code"] == "FILTER1"
    assert "No bin, zone or product" in rows["5"]["problem"]
    assert "Count a list" in client.get("/counts").text
    assert "Add line" in client.get("/counts/lists/new").text
    assert sign_in("counting.view").get("/counts/lists/new").status_code == 403


def test_a_program_sends_the_lines(bearer: Any, filters: Product, shelf: Location) -> None:
    ProductFactory.create(sku="NONE")
    program = bearer(*MAY)
    at = "/api/v1/counts/lists"

    made = program.post(at, json={"items": [{"location": "A-01"}], "note": "Robot"})
    again = program.post(at, json={"items": [{"location": "A-01"}]})
    unknown = [
        program.post(at, json={"items": [{"location": "A-01"}, item]})
        for item in ({"sku": "GHOST"}, {"location": "NOWHERE"}, {"sku": "NONE"})
    ]
    nothing = program.post(at, json={"items": [{}]})

    assert (made.status_code, made.json["skipped"]) == (201, 0)
    assert [one["location"] for one in made.json["items"]] == ["A-01"]
    assert (again.status_code, again.json["code"]) == (409, "not_allowed")
    named = [(one.status_code, [*one.json["fields"]]) for one in unknown]
    assert named == [(422, [f"items.1.{name}"]) for name in ("sku", "location", "sku")]
    assert nothing.status_code == 422


def test_what_is_counted_already_is_skipped(
    filters: Product, shelf: Location, other: Location
) -> None:
    services.count_lines([WantedCount(shelf.id)])

    made = services.count_lines([WantedCount(shelf.id), WantedCount(other.id)])
    assert (len(made.counts), made.skipped) == (1, 1)

    with pytest.raises(NotAllowed):
        services.count_lines([WantedCount(shelf.id)])
    with pytest.raises(Invalid, match="Say what"):
        services.count_lines([])
