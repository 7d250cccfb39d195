"""Pages of the tree of locations."""

import json
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.stock import services
from app.stock.models import Location
from tests.conftest import SignIn
from tests.factories import LocationFactory
from tests.stock.conftest import place, stocked

HTMX = {"HX-Request": "true"}
FIELDS = {
    "code": "A-01",
    "name": "Top",
    "barcode": "LOC1",
    "pick_sequence": "7",
    "is_pickable": "y",
}


@pytest.fixture
def client(sign_in: SignIn) -> FlaskClient:
    return sign_in("stock.view", "locations.edit")


def fields(**changes: object) -> dict[str, str]:
    return FIELDS | {"parent_id": "MAIN"} | {k: str(v) for k, v in changes.items()}


def codes(text: str) -> list[str]:
    return re.findall(r'href="/locations/\d+">([\w-]+)<', text)


def test_locations_are_listed_as_their_tree(sign_in: SignIn) -> None:
    zone = services.create_location(code="ZONE", kind="zone", parent_id=place("MAIN").id)
    services.create_location(code="A-1", kind="bin", parent_id=zone.id)
    stocked(1)

    response = sign_in("stock.view").get("/locations")

    assert "<html" in response.text
    assert codes(response.text) == [
        "MAIN",
        "MAIN-01",
        "ZONE",
        "A-1",
        "ADJUSTMENTS",
        "CUSTOMERS",
        "SUPPLIERS",
    ]
    assert re.search(r'class="name depth-2">\s*<a[^>]*>A-1<', response.text)


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        ("search=x-1", ["X-1"]),
        ("search=shelf", ["X-1"]),
        ("search=4711", ["X-1"]),
        ("kind=warehouse", ["MAIN"]),
        ("state=inactive", ["OLD"]),
        ("search=nothing", []),
    ],
)
def test_filters_narrow_the_list(sign_in: SignIn, filters: str, shown: list[str]) -> None:
    LocationFactory.create(code="X-1", name="Top shelf", barcode="4711", path="X-1/")
    LocationFactory.create(code="OLD", is_active=False)

    response = sign_in("stock.view").get(f"/locations?{filters}", headers=HTMX)

    assert codes(response.text) == shown
    assert "<html" not in response.text


def test_a_location_shows_what_lies_in_it_and_below(sign_in: SignIn, second: Location) -> None:
    here, below = stocked(3), stocked(4, at=second)
    client = sign_in("stock.view")

    warehouse = client.get(f"/locations/{place('MAIN').id}")
    bin_ = client.get(f"/locations/{second.id}", headers=HTMX)

    assert here.sku in warehouse.text
    assert below.sku in warehouse.text
    assert here.sku not in bin_.text
    assert f'id="balance-{below.id}-{second.id}-on_hand"' in bin_.text
    assert "<html" not in bin_.text


def test_the_queries_of_a_location_do_not_grow_with_what_lies_there(
    sign_in: SignIn, queries: list[str], main: Location
) -> None:
    client, path = sign_in("stock.view", "locations.edit"), f"/locations/{main.id}"
    stocked(1)
    client.get(path)
    queries.clear()
    client.get(path)
    for_one = len(queries)
    for _ in range(8):
        stocked(1)
    queries.clear()

    client.get(path)

    assert len(queries) == for_one


def test_an_empty_bin_says_so(sign_in: SignIn, main: Location) -> None:
    client = sign_in("stock.view")

    assert "Nothing lies here" in client.get(f"/locations/{main.id}").text
    assert client.get("/locations/0").status_code == 404


@pytest.mark.parametrize("path", ["/locations/new", "/locations/bins/new"])
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["browser", "htmx"])
def test_a_form_is_a_page_and_a_dialog(
    client: FlaskClient, path: str, headers: dict[str, str]
) -> None:
    response = client.get(path, headers=headers)

    assert response.status_code == 200
    assert ("<html" in response.text) is not bool(headers)
    assert "MAIN Main warehouse" in response.text


def test_a_location_is_made(client: FlaskClient, session: Session) -> None:
    response = client.post("/locations", data=fields(kind="bin"))

    made = session.query(Location).filter_by(code="A-01").one()
    assert (response.status_code, response.location) == (303, f"/locations/{made.id}")
    assert (made.path, made.name, made.barcode) == ("MAIN/A-01/", "Top", "LOC1")
    assert (made.pick_sequence, made.is_pickable, made.is_blocked) == (7, True, False)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["browser", "htmx"])
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"code": ""}, "This is needed"),
        ({"code": "A/1"}, "1 to 50"),
        ({"code": "main-01"}, "main-01 already"),
        ({"parent_id": ""}, "lies in a warehouse"),
        ({"pick_sequence": "-1"}, "between"),
        ({"kind": "shelf"}, "valid choice"),
    ],
)
def test_a_refused_location_explains_itself(
    client: FlaskClient, headers: dict[str, str], change: dict[str, str], reason: str
) -> None:
    response = client.post("/locations", data=fields(kind="bin") | change, headers=headers)

    assert response.status_code == 422
    assert reason in response.text
    assert ("<html" in response.text) is not bool(headers)


def test_a_location_is_changed(client: FlaskClient, session: Session, main: Location) -> None:
    path = f"/locations/{main.id}"
    assert 'value="MAIN-01"' in client.get(f"{path}/edit", headers=HTMX).text

    response = client.post(path, data=fields(version=1, is_blocked="y"), headers=HTMX)

    session.refresh(main)
    assert response.status_code == 204
    assert "location:changed" in json.loads(response.headers["HX-Trigger"])
    assert (main.code, main.path, main.is_blocked) == ("A-01", "MAIN/A-01/", True)
    assert "Blocked" in client.get(path).text


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["browser", "htmx"])
def test_two_people_who_edit_one_location_see_both_values(
    client: FlaskClient, main: Location, headers: dict[str, str]
) -> None:
    path = f"/locations/{main.id}"
    client.post(path, data=fields(version=1, name="Theirs"))

    response = client.post(path, data=fields(version=1, name="Mine"), headers=headers)
    again = client.post(path, data=fields(version=2, name="Mine"), headers=headers)

    assert response.status_code == 409
    assert "Theirs" in response.text
    assert "Mine" in response.text
    assert 'value="2"' in response.text
    assert again.status_code == (204 if headers else 303)


def test_a_refused_change_explains_itself(client: FlaskClient, main: Location) -> None:
    response = client.post(f"/locations/{main.id}", data=fields(version=1, code="SUPPLIERS"))

    assert response.status_code == 422
    assert "SUPPLIERS already" in response.text


def test_many_bins_are_made(client: FlaskClient, session: Session) -> None:
    data = {"first": "B-01-1", "last": "B-02-3", "parent_id": "main"}

    made = client.post("/locations/bins", data=data, headers=HTMX)
    again = client.post("/locations/bins", data=data, headers=HTMX)

    assert "6 bins added" in made.headers["HX-Trigger"]
    assert "exist already" in again.headers["HX-Trigger"]
    assert session.query(Location).filter(Location.code.like("B-%")).count() == 6


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["browser", "htmx"])
def test_a_refused_pattern_explains_itself(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    data = {"first": "B-01", "last": "B-01-3", "parent_id": "main"}

    response = client.post("/locations/bins", data=data, headers=headers)

    assert response.status_code == 422
    assert "same parts" in response.text
    assert ("<html" in response.text) is not bool(headers)


def test_a_location_goes_out_of_use_and_comes_back(
    client: FlaskClient, session: Session, main: Location
) -> None:
    path = f"/locations/{main.id}"

    client.post(f"{path}/deactivation")
    session.refresh(main)
    assert not main.is_active
    assert "Use again" in client.get(path).text
    response = client.post(f"{path}/activation", headers=HTMX)

    session.refresh(main)
    assert (response.status_code, main.is_active) == (204, True)


def test_a_location_with_goods_stays_in_use(client: FlaskClient, main: Location) -> None:
    stocked(1)

    response = client.post(f"/locations/{main.id}/deactivation", headers=HTMX)

    assert response.status_code == 409
    assert "still holds goods" in response.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/locations/new"),
        ("post", "/locations"),
        ("get", "/locations/1/edit"),
        ("post", "/locations/1"),
        ("get", "/locations/bins/new"),
        ("post", "/locations/bins"),
        ("post", "/locations/1/deactivation"),
        ("post", "/locations/1/activation"),
    ],
)
def test_nothing_changes_without_its_permission(
    sign_in: SignIn, method: str, path: str
) -> None:
    assert sign_in("stock.view").open(path, method=method).status_code == 403


@pytest.mark.parametrize("path", ["/locations", "/locations/1"])
def test_nothing_shows_without_its_permission(sign_in: SignIn, path: str) -> None:
    assert sign_in("locations.edit").get(path).status_code == 403


def test_what_a_location_may_lie_in_is_offered_but_not_itself(client: FlaskClient) -> None:
    zone = services.create_location(code="ZONE", kind="zone", parent_id=place("MAIN").id)

    everything = client.get("/choices/parents?q=").text
    offered = client.get(f"/choices/parents?q=&about={zone.id}").text

    assert 'data-value="ZONE"' in everything
    assert 'data-value="MAIN"' in offered
    assert 'data-value="ZONE"' not in offered
    assert "MAIN-01" not in everything  # a bin holds goods, not locations


def test_labels_of_ticked_locations_are_ordered(sign_in: SignIn) -> None:
    client = sign_in("stock.view", "labels.print")

    answer = client.post("/lists/locations/actions/labels", data={"ids": place("MAIN-01").id})
    everything = client.post(
        "/lists/locations/actions/labels", data={"all": "1", "state": "kind=bin&sort=code"}
    )

    assert answer.location == "/labels/new?subject=location&items=MAIN-01"
    assert everything.location == "/labels/new?subject=location&list=1&kind=bin"
