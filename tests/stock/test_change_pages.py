"""Forms that change the stock of a product."""

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.stock import services
from app.stock.models import HomeLocation, Location, Movement, Reservation
from app.stock.reservations import ReservedQuantity
from tests.conftest import SignIn
from tests.factories import LocationFactory, ProductFactory
from tests.stock.conftest import held, on_hand, place, stocked

HTMX = {"HX-Request": "true"}
ALL = ("stock.view", "stock.adjust", "stock.transfer", "stock.reserve", "stock.reverse")
FORMS: dict[str, dict[str, str]] = {
    "adjustments": {"location": "MAIN-01", "quantity": "-2", "reason": "damaged"},
    "counts": {"location": "main-01", "counted": "8"},
    "write-offs": {"location": "MAIN-01", "quantity": "2", "reason": "lost"},
    "moves": {"source": "MAIN-01", "destination": "MAIN-02", "quantity": "2"},
    "transfers": {"source": "MAIN-01", "destination": "NORTH-01", "quantity": "2"},
    "reservations": {"location": "MAIN-01", "quantity": "2"},
}
BAD: list[tuple[str, dict[str, str], str]] = [
    ("adjustments", {"quantity": "-99"}, "Only 10 of"),
    ("adjustments", {"quantity": "0"}, "other than zero"),
    ("adjustments", {"quantity": "1.0001"}, "decimals"),
    ("adjustments", {"quantity": "x"}, "valid"),
    ("adjustments", {"location": "nowhere"}, "no location nowhere"),
    ("adjustments", {"location": "SUPPLIERS"}, "outside"),
    ("adjustments", {"key": ""}, "out of date"),
    ("counts", {"counted": "-1"}, "Number must be between"),
    ("write-offs", {"quantity": "11"}, "Only 10 of"),
    ("moves", {"destination": "nowhere"}, "no location nowhere"),
    ("moves", {"destination": "MAIN-01"}, "there already"),
    ("moves", {"destination": "NORTH-01"}, "another warehouse"),
    ("transfers", {"destination": "MAIN-02"}, "same warehouse"),
    ("reservations", {"quantity": "11"}, "Only 10 of"),
]


@pytest.fixture
def north(second: Location) -> Location:
    """A bin of another warehouse; the second one of the first is there, too."""
    return LocationFactory.create(code="NORTH-01", path="NORTH/NORTH-01/")


@pytest.fixture
def client(sign_in: SignIn) -> FlaskClient:
    return sign_in(*ALL)


def form(resource: str, **changes: str) -> dict[str, str]:
    return {"note": "by hand", "key": "k"} | FORMS[resource] | changes


@pytest.mark.parametrize("resource", FORMS)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["browser", "htmx"])
def test_a_form_is_a_page_and_a_dialog(
    client: FlaskClient, resource: str, headers: dict[str, str]
) -> None:
    product = stocked(10)

    response = client.get(f"/stock/{product.id}/{resource}/new", headers=headers)

    assert response.status_code == 200
    assert ("<html" in response.text) is not bool(headers)
    assert 'value="MAIN-01"' in response.text  # it lies in one place: that is filled in


def test_goods_are_moved_from_where_the_most_lies_not_from_an_empty_home(
    client: FlaskClient, session: Session, second: Location
) -> None:
    product = stocked(2)
    stocked(5, product, second)
    empty = LocationFactory.create(code="MAIN-09", path="MAIN/MAIN-09/")
    home = HomeLocation(product_id=product.id, location_id=empty.id)
    session.add(home)
    session.commit()
    path = f"/stock/{product.id}/moves/new"

    assert f'value="{second.code}"' in client.get(path).text
    home.location_id = place("MAIN-01").id
    session.commit()
    assert 'value="MAIN-01"' in client.get(path).text


@pytest.mark.parametrize("resource", FORMS)
def test_a_form_gets_a_key_of_its_own_each_time(client: FlaskClient, resource: str) -> None:
    path = f"/stock/{stocked(10).id}/{resource}/new"

    keys = [re.findall(r'name="key"[^>]*value="(\w{32})"', client.get(path).text) for _ in "12"]

    assert len(keys[0]) == 1
    assert keys[0] != keys[1]


@pytest.mark.parametrize(
    ("resource", "left", "reserved"),
    [
        ("adjustments", 8, 0),
        ("counts", 8, 0),
        ("write-offs", 8, 0),
        ("moves", 8, 0),
        ("transfers", 8, 0),
        ("reservations", 10, 2),
    ],
)
def test_sending_a_form_twice_counts_once(
    client: FlaskClient, north: Location, resource: str, left: int, reserved: int
) -> None:
    product = stocked(10)
    path = f"/stock/{product.id}/{resource}"

    first = client.post(path, data=form(resource))
    again = client.post(path, data=form(resource))

    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == f"/stock/{product.id}"
    assert held(product) == (left, reserved)


@pytest.mark.parametrize("resource", FORMS)
def test_a_change_tells_htmx_what_to_refresh(
    client: FlaskClient, north: Location, resource: str
) -> None:
    product = stocked(10)

    response = client.post(f"/stock/{product.id}/{resource}", data=form(resource), headers=HTMX)

    trigger = json.loads(response.headers["HX-Trigger"])
    assert response.status_code == 204
    assert "stock:changed" in trigger
    assert ("undo" in trigger["opsroom:saved"]) is (resource != "reservations")


def test_a_change_keeps_its_note_and_its_person(client: FlaskClient, session: Session) -> None:
    product = stocked(10)

    client.post(f"/stock/{product.id}/adjustments", data=form("adjustments"))

    movement = session.query(Movement).filter_by(reason="damaged").one()
    assert movement.note == "by hand"
    assert movement.actor_id is not None


def test_the_undo_of_a_message_takes_the_change_back(client: FlaskClient) -> None:
    product = stocked(10)
    path = f"/stock/{product.id}/adjustments"
    response = client.post(path, data=form("adjustments"), headers=HTMX)

    undo = json.loads(response.headers["HX-Trigger"])["opsroom:saved"]["undo"]
    answers = [client.post(undo, headers=HTMX).status_code for _ in "12"]

    assert answers == [204, 204]
    assert on_hand(product) == 10


def test_who_may_not_undo_is_not_offered_it(sign_in: SignIn) -> None:
    product = stocked(10)
    client = sign_in("stock.view", "stock.adjust")

    response = client.post(
        f"/stock/{product.id}/adjustments", data=form("adjustments"), headers=HTMX
    )

    assert "undo" not in json.loads(response.headers["HX-Trigger"])["opsroom:saved"]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["browser", "htmx"])
@pytest.mark.parametrize(("resource", "change", "reason"), BAD)
def test_a_refused_form_explains_itself(
    client: FlaskClient,
    north: Location,
    headers: dict[str, str],
    resource: str,
    change: dict[str, str],
    reason: str,
) -> None:
    product = stocked(10)

    response = client.post(
        f"/stock/{product.id}/{resource}", data=form(resource, **change), headers=headers
    )

    assert response.status_code == 422
    assert reason in response.text
    assert ("<html" in response.text) is not bool(headers)
    assert held(product) == (10, 0)


def test_a_refused_form_keeps_its_key(client: FlaskClient) -> None:
    product = stocked(10)

    response = client.post(
        f"/stock/{product.id}/adjustments", data=form("adjustments", quantity="-99")
    )

    assert 'value="k"' in response.text  # still the same intention


def test_a_reservation_is_released(client: FlaskClient, session: Session) -> None:
    product = stocked(10)
    quantity = ReservedQuantity(product.id, place("MAIN-01").id, None, Decimal(2))
    reservation = services.reserve(quantity, key="r")
    path = f"/stock/{product.id}/reservations/{reservation.id}/release"

    response = client.post(path)
    again = client.post(path, headers=HTMX)

    assert (response.status_code, again.status_code) == (303, 409)
    assert held(product) == (10, 0)
    assert (
        session.get_one(Reservation, reservation.id, populate_existing=True).state == "released"
    )


def test_the_reservation_of_another_product_is_not_found(client: FlaskClient) -> None:
    product = stocked(10)
    quantity = ReservedQuantity(product.id, place("MAIN-01").id, None, Decimal(2))
    reservation = services.reserve(quantity, key="r")

    path = f"/stock/{stocked(1).id}/reservations/{reservation.id}/release"

    assert client.post(path).status_code == 404


def test_the_home_of_a_product_is_set_and_cleared(
    client: FlaskClient, session: Session, second: Location
) -> None:
    product = ProductFactory.create()
    path = f"/stock/{product.id}/home"

    client.post(path, data={"location": "main-02"})
    assert session.query(HomeLocation.location_id).all() == [(second.id,)]
    assert 'value="MAIN-02"' in client.get(f"{path}/edit", headers=HTMX).text
    assert 'value="MAIN-02"' in client.get(f"/stock/{product.id}/counts/new").text
    client.post(path, data={"location": "MAIN-01"})
    assert session.query(HomeLocation.location_id).all() == [(place("MAIN-01").id,)]
    response = client.post(path, data={"location": ""}, headers=HTMX)

    assert response.status_code == 204
    assert session.query(HomeLocation).count() == 0


@pytest.mark.parametrize("code", ["nowhere", "MAIN", "CUSTOMERS"])
def test_nothing_lives_where_nothing_can_lie(client: FlaskClient, code: str) -> None:
    product = ProductFactory.create()

    response = client.post(f"/stock/{product.id}/home", data={"location": code})

    assert response.status_code == 422
    assert "Choose a bin" in response.text or "no location" in response.text


def test_seeing_stock_shows_no_buttons_that_change_it(sign_in: SignIn) -> None:
    product: Any = stocked(1)

    response = sign_in("stock.view").get(f"/stock/{product.id}")

    assert "/adjustments/new" not in response.text
    assert "/reversals" not in response.text
