"""The pages of counting, by browser and as fragments; the tablet's are blind."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.catalog.models import Product
from app.counting import services
from app.counting.events import CountChanged
from app.counting.live import show_count
from app.stock.models import Location
from tests.conftest import SignIn, client_of
from tests.counting.conftest import Hand, asked, bin_, corrections, fresh, goods
from tests.factories import RoleFactory, UserFactory
from tests.orders.conftest import confirmed
from tests.stock.conftest import held, stocked

HTMX = {"HX-Request": "true"}
OFFICE = [
    *("counting.view", "counting.manage", "counting.approve"),
    *("stock.view", "products.costs"),
]
NINE = ["FILTER1"] * 9


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A counter's tablet."""
    role = RoleFactory.create(permissions=["counting.count"])
    return client_of(app, UserFactory.create(role=role, name="Sam"))


@pytest.fixture
def office(sign_in: SignIn) -> FlaskClient:
    return sign_in(*OFFICE)


@pytest.fixture
def task(filters: Product, shelf: Location) -> Any:
    """A count of A-01, which holds ten paper filters."""
    return asked(shelf)


@pytest.fixture
def page(client: FlaskClient, task: Any) -> str:
    """The address of the count, which the tablet has claimed."""
    return client.post(f"/count/{task.id}/assignee").location


def scan(client: FlaskClient, page: str, code: str) -> Any:
    fields = {"id": str(uuid4()), "code": code}
    return client.post(f"{page}/scans", data=fields, headers=HTMX)


def tap(client: FlaskClient, page: str, what: str, **values: Any) -> Any:
    fields = {"id": str(uuid4()), **values}
    return client.post(f"{page}/{what}", data=fields, headers=HTMX)


# --- the tablet ---


def test_the_tablet_lists_what_is_to_be_counted(client: FlaskClient, task: Any) -> None:
    page = client.get("/count").text

    assert "1 bin is to be counted" in page
    assert "All that lies there" in page
    assert "<html" not in client.get("/count", headers=HTMX).text


def test_an_empty_list_says_what_would_fill_it(client: FlaskClient) -> None:
    assert "Nothing to count." in client.get("/count").text


def test_a_bin_is_counted_by_scans(client: FlaskClient, page: str) -> None:
    assert "Go here, scan the bin" in client.get(page).text
    first = scan(client, page, "A-01")
    assert (first.headers["X-Sound"], "<html" in first.text) == ("ok", False)
    for _ in range(10):
        last = scan(client, page, "FILTER1")
    assert "F-1: 10." in last.text

    answer = tap(client, page, "end")

    assert answer.headers["X-Sound"] == "done"
    assert "A-01 is done" in answer.text


def test_a_number_can_be_typed_and_taken_back(
    client: FlaskClient, page: str, task: Any
) -> None:
    scan(client, page, "A-01")
    scan(client, page, "FILTER1")
    line_id = fresh(task.id).line_id

    assert (
        "F-1: 12.5." in tap(client, page, "quantities", line_id=line_id, quantity="12.5").text
    )
    assert "F-1: 1." in tap(client, page, "undos").text
    many = tap(client, page, "quantities", line_id=line_id, quantity="many")
    assert many.headers["X-Sound"] == "wrong"
    assert "not a number" in many.text
    other = tap(client, page, "quantities", line_id=0, quantity="1")
    assert other.headers["X-Sound"] == "wrong"


def test_an_empty_bin_is_one_tap(client: FlaskClient, page: str, task: Any) -> None:
    scan(client, page, "A-01")

    assert tap(client, page, "emptiness").headers["X-Sound"] == "done"
    assert fresh(task.id).lines[0].counted == 0


def test_a_wrong_scan_shows_the_red_bar(client: FlaskClient, page: str) -> None:
    bin_("B-01")

    answer = scan(client, page, "B-01")

    assert answer.headers["X-Sound"] == "wrong"
    assert "red-bar" in answer.text
    assert "Scanned B-01. Expected bin A-01." in answer.text


def test_a_browser_without_javascript_counts_too(client: FlaskClient, page: str) -> None:
    data = {"id": str(uuid4()), "code": "A-01"}

    answer = client.post(f"{page}/scans", data=data, follow_redirects=True)

    assert (answer.status_code, "Bin A-01." in answer.text) == (200, True)


def test_a_tap_without_an_id_is_refused_in_words(client: FlaskClient, page: str) -> None:
    answer = client.post(f"{page}/end", data={"id": "1"}, headers=HTMX)

    assert "This page is out of date" in answer.text


def test_what_somebody_else_counts_is_refused(sign_in: SignIn, page: str) -> None:
    second = sign_in("counting.count")

    assert "Sam is counting A-01." in second.get(page).text
    refused = second.post(f"{page}/assignee")
    assert refused.status_code == 409
    assert "red-bar" in refused.text
    assert "Sam is there" in second.get("/count").text
    assert scan(second, page, "A-01").headers["X-Sound"] == "wrong"


def test_a_second_tablet_of_the_same_person_asks_first(
    app: Flask, client: FlaskClient, page: str, task: Any
) -> None:
    second = client_of(app, fresh(task.id).claimed_by)

    assert "Continue here?" in second.get(page).text
    assert "Go on with A-01" in second.get("/count").text
    assert second.post(f"{page}/assignee").status_code == 303
    assert scan(second, page, "A-01").headers["X-Sound"] == "ok"


def test_a_count_can_be_given_back(client: FlaskClient, page: str, task: Any) -> None:
    once = {"id": str(uuid4())}
    answer = client.post(f"{page}/release", data=once, follow_redirects=True)

    assert "Given back." in answer.text
    assert fresh(task.id).state == "open"
    assert client.post(f"{page}/release", data=once, headers=HTMX).status_code == 204
    again = client.post(f"{page}/release", data={"id": str(uuid4())}, headers=HTMX)
    assert "Nobody is counting" in again.text


def test_a_recount_says_so_and_who_had_it_before(
    app: Flask, hand: Hand, task: Any, client: FlaskClient
) -> None:
    hand.user.role = RoleFactory.create(permissions=["counting.count"])
    hand.count(task)

    assert "Recount" in client.get("/count").text
    assert "You have counted it before" not in client.get("/count").text
    assert "You have counted it before" in client_of(app, hand.user).get("/count").text


def test_the_tablet_never_tells_what_the_books_say(
    client: FlaskClient, filters: Product, shelf: Location
) -> None:
    """9173 pieces in the books, none of which may be found in the HTML of any screen."""
    stocked(9163, filters, shelf)
    goods(8264, shelf, "C-1", "CUP1", name="Cups")
    task = asked(shelf)
    where = f"/count/{task.id}"
    screens = [client.get("/count"), client.post(f"{where}/assignee", follow_redirects=True)]
    screens += [scan(client, where, code) for code in ("A-01", "FILTER1", "NOBODY")]
    assert "Cups" not in screens[-1].text  # what was not found yet would be a hint
    line_id = fresh(task.id).line_id
    screens.append(tap(client, where, "quantities", line_id=line_id, quantity="7"))
    screens += [client.get(where), tap(client, where, "end"), client.get(where)]
    assert fresh(task.id).state == "recount"
    screens += [client.get("/count"), client.post(f"{where}/assignee", follow_redirects=True)]
    screens += [scan(client, where, "A-01"), client.get(where)]

    for screen in screens:
        assert screen.status_code == 200
        for told in ("9173", "9,173", "8264", "8,264", "9166", "9,166"):
            assert told not in screen.text
    assert "F-1" in screens[-1].text  # a recount names what is in doubt
    assert "7</strong>" not in screens[-1].text  # and not what was counted before


def test_a_scan_needs_few_queries(client: FlaskClient, page: str, queries: list[str]) -> None:
    scan(client, page, "A-01")
    queries.clear()

    scan(client, page, "FILTER1")

    assert len(queries) <= 26


# --- the office ---


def test_the_list_shows_counts_and_their_differences(
    office: FlaskClient, hand: Hand, task: Any
) -> None:
    hand.count(task, *NINE)

    page = office.get("/counts").text

    assert f"Count {task.id}" in page
    assert "To approve" in page
    assert "-2.00" in page
    assert "<html" not in office.get("/counts", headers=HTMX).text


def test_the_list_can_be_searched_and_filtered(
    office: FlaskClient, filters: Product, shelf: Location, task: Any
) -> None:
    services.count_product(stocked(1, filters, bin_("B-01")).id)

    def found(query: str) -> set[str]:
        text = office.get(f"/counts?{query}", headers=HTMX).text
        return {code for code in ("A-01", "B-01") if f">{code}</td>" in text}

    assert found("search=b-0") == {"B-01"}
    assert found("search=filters") == {"B-01"}
    assert found("state=unfinished&cause=hand") == {"A-01", "B-01"}
    assert found("state=done") == set()
    assert found("cause=short") == set()
    assert found("state=nonsense&sort=location") == {"A-01", "B-01"}


def test_lists_say_why_they_are_empty(office: FlaskClient) -> None:
    assert "Nothing was ever counted." in office.get("/counts").text
    assert "Nothing matches." in office.get("/counts?state=done").text


def test_a_list_needs_few_queries(
    office: FlaskClient, filters: Product, queries: list[str]
) -> None:
    for number in range(20):
        stocked(1, filters, bin_(f"Q-{number}"))
    services.count_product(filters.id)
    queries.clear()

    office.get("/counts", headers=HTMX)

    assert len(queries) <= 5


@pytest.mark.parametrize(
    "fields",
    [
        {"what": "location", "location": "a-01"},
        {"what": "product", "product": "F-1"},
        {"what": "product", "product": "FILTER1"},
        {"what": "oldest", "number": "5"},
    ],
)
def test_counts_are_made_by_hand(
    office: FlaskClient, filters: Product, shelf: Location, fields: dict[str, str]
) -> None:
    answer = office.post("/counts", data=fields, follow_redirects=True)

    assert "1 bin is to be counted." in answer.text
    assert ">A-01</td>" in answer.text


def test_a_dialog_leads_to_the_new_counts(office: FlaskClient, filters: Product) -> None:
    assert "<html" not in office.get("/counts/new?product=F-1", headers=HTMX).text

    answer = office.post("/counts", data={"what": "oldest", "number": "1"}, headers=HTMX)

    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/counts?state=unfinished"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"what": "location"}, "This is needed."),
        ({"what": "location", "location": "NOWHERE"}, "There is no location NOWHERE."),
        ({"what": "product"}, "This is needed."),
        ({"what": "product", "product": "GHOST"}, "There is no product GHOST."),
        ({"what": "oldest", "number": "9999"}, "between 1 and 500"),
        ({"what": "oldest", "number": ""}, "From 1 to 500."),
        ({"what": "all"}, "Not a valid choice"),
    ],
)
def test_what_does_not_fit_is_said_beside_the_field(
    office: FlaskClient, fields: dict[str, str], reason: str
) -> None:
    answer = office.post("/counts", data={**fields, "note": "kept as typed"})

    assert answer.status_code == 422
    assert reason in answer.text
    assert "kept as typed" in answer.text


def test_what_is_counted_already_is_said(office: FlaskClient, task: Any) -> None:
    answer = office.post("/counts", data={"what": "location", "location": "A-01"})

    assert (answer.status_code, "already" in answer.text) == (422, True)


def test_the_page_shows_lines_money_and_who_counted(
    office: FlaskClient, hand: Hand, other: Hand, task: Any
) -> None:
    other.count(hand.count(task, *NINE[:5]), *NINE[:5])

    page = office.get(f"/counts/{task.id}").text

    for message in (">\u22125<", "-10.00", "Sam", "Kim", "Large difference", "Approve"):
        assert message in page
    assert "<html" not in office.get(f"/counts/{task.id}", headers=HTMX).text


def test_a_page_needs_few_queries(
    office: FlaskClient, hand: Hand, task: Any, queries: list[str]
) -> None:
    hand.count(task, *NINE)
    queries.clear()

    office.get(f"/counts/{task.id}", headers=HTMX)

    assert len(queries) <= 9


def test_a_count_is_approved_with_a_reason(office: FlaskClient, hand: Hand, task: Any) -> None:
    hand.count(task, *NINE)
    where = f"/counts/{task.id}/approval"
    assert office.get(f"/counts/{asked(bin_('B-01')).id}/approval/new").status_code == 409
    assert "Approve and post" in office.get(f"{where}/new").text

    wanting = office.post(where, data={"reason": ""})
    done = office.post(where, data={"reason": "One was stolen"}, headers=HTMX)

    assert (wanting.status_code, "This is needed." in wanting.text) == (422, True)
    assert done.status_code == 204
    assert "counts:changed" in done.headers["HX-Trigger"]
    assert corrections() == [("F-1", -1)]


def test_reservations_in_the_way_are_asked_about(
    office: FlaskClient, hand: Hand, filters: Product, shelf: Location
) -> None:
    order = confirmed((filters, 10))
    task = hand.count(asked(shelf), *NINE)
    where = f"/counts/{task.id}/approval"
    assert "Fewer would be left than are reserved." in office.get(f"/counts/{task.id}").text

    refused = office.post(where, data={"reason": "Gone"})
    assert refused.status_code == 422
    assert order.number in refused.text
    assert "Release what is reserved of them" in refused.text
    taken = office.post(where, data={"reason": "Gone", "releases": "y"})

    assert taken.status_code == 303
    assert held(filters, shelf) == (9, 0)


def test_a_recount_can_be_asked_for(office: FlaskClient, hand: Hand, task: Any) -> None:
    hand.count(task, *NINE)

    assert office.post(f"/counts/{task.id}/recount", headers=HTMX).status_code == 204
    assert fresh(task.id).state == "recount"
    assert office.post(f"/counts/{task.id}/recount").status_code == 409


def test_a_count_can_be_cancelled(office: FlaskClient, task: Any) -> None:
    where = f"/counts/{task.id}/cancellation"
    assert "Cancel count" in office.get(f"{where}/new", headers=HTMX).text

    assert office.post(where, data={"reason": "x" * 201}).status_code == 422
    assert office.post(where, data={"reason": "A mistake"}).status_code == 303
    assert fresh(task.id).state == "cancelled"
    assert office.post(where, data={}).status_code == 422


def test_the_office_takes_a_count_out_of_somebodys_hands(
    office: FlaskClient, client: FlaskClient, page: str, task: Any
) -> None:
    assert "Take it from Sam" in office.get(f"/counts/{task.id}").text

    assert office.post(f"/counts/{task.id}/release").status_code == 303
    assert fresh(task.id).state == "open"
    assert scan(client, page, "A-01").headers["X-Sound"] == "wrong"


def test_each_verb_needs_its_permission(sign_in: SignIn, hand: Hand, task: Any) -> None:
    hand.count(task, *NINE)
    where = f"/counts/{task.id}"
    viewer, counter = sign_in("counting.view"), sign_in("counting.count")

    assert viewer.get(where).status_code == 200
    for path in ("approval/new", "cancellation/new"):
        assert viewer.get(f"{where}/{path}").status_code == 403
    for verb in ("approval", "recount", "cancellation", "release"):
        assert viewer.post(f"{where}/{verb}").status_code == 403
    assert sign_in("counting.manage").post(f"{where}/approval").status_code == 403
    assert viewer.get("/counts/new").status_code == 403
    assert viewer.get("/count").status_code == 403
    assert [counter.get(path).status_code for path in ("/counts", where)] == [403, 403]


def test_what_is_not_there_is_not_found(client: FlaskClient, office: FlaskClient) -> None:
    for path in ("/counts/999", "/counts/999/approval/new", "/counts/999/cancellation/new"):
        assert office.get(path).status_code == 404
    for verb in ("approval", "recount", "cancellation", "release"):
        assert office.post(f"/counts/999/{verb}").status_code == 404
    assert client.get("/count/999").status_code == 404
    for verb in ("holder", "return", "scans", "quantities", "undos", "end", "emptiness"):
        assert client.post(f"/count/999/{verb}").status_code == 404


def test_value_of_a_difference_follows_the_cost_of_that_day(
    office: FlaskClient, hand: Hand, filters: Product, task: Any
) -> None:
    hand.count(task, *NINE)
    filters.cost = Decimal(50)

    assert "-2.00" in office.get(f"/counts/{task.id}").text


def test_open_pages_hear_of_a_count_outside_of_any_request(task: Any) -> None:
    fragments = show_count(CountChanged(count_id=task.id))

    assert [fragment.topic for fragment in fragments] == ["counts", f"counts:{task.id}"]
    assert f'id="count-{task.id}-news" data-news="#record"' in fragments[0].html


def test_a_refusal_on_a_tablet_stands_in_the_tablets_layout(
    sign_in: SignIn, client: FlaskClient
) -> None:
    missing, forbidden = client.get("/count/999"), sign_in().get("/count")

    assert [missing.status_code, forbidden.status_code] == [404, 403]
    for answer in (missing, forbidden):
        assert '<body class="tablet"' in answer.text
