"""The pages of pick & pack, by browser and as fragments."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.myself import COOKIE_KEY
from app.catalog.models import Product
from app.core.db import db
from app.core.settings import set_settings
from app.fulfilment import queries, services
from app.fulfilment.drawing import WIDEST, bars
from app.orders import services as orders
from app.stock.models import Location
from tests.conftest import SignIn, client_of
from tests.factories import RoleFactory, UserFactory
from tests.fulfilment.conftest import Hand, confirmed, fresh
from tests.orders.conftest import again

pytestmark = pytest.mark.usefixtures("totes")

HTMX = {"HX-Request": "true"}
ALL = ["pick", "pack", "quantity", "takeover", "manage"]


@pytest.fixture
def user() -> Any:
    verbs = [f"fulfilment.{verb}" for verb in ALL]
    role = RoleFactory.create(permissions=[*verbs, "labels.print"])
    return UserFactory.create(role=role)


@pytest.fixture
def client(app: Flask, user: Any) -> FlaskClient:
    return client_of(app, user)


@pytest.fixture
def task(client: FlaskClient, filters: Product) -> str:
    """A pick task for two paper filters, claimed by the browser: its address."""
    confirmed((filters, 2))
    return client.post("/pick/tasks").location


def scan(client: FlaskClient, page: str, code: str, **values: Any) -> Any:
    fields = {"id": str(uuid4()), "code": code} | values
    return client.post(f"{page}/scans", data=fields, headers=HTMX)


def test_the_queue_says_what_is_ready(client: FlaskClient, filters: Product) -> None:
    order = confirmed((filters, 2))

    page = client.get("/pick").text

    assert order.number in page
    assert "1 line, 2 pieces" in page


def test_an_empty_queue_says_what_would_fill_it(client: FlaskClient) -> None:
    assert "Nothing to pick." in client.get("/pick").text
    assert "Nothing is ready" in client.post("/pick/tasks", follow_redirects=True).text


def test_without_a_free_tote_the_tablet_says_so(
    client: FlaskClient, filters: Product, totes: list[Location]
) -> None:
    for one in totes:
        one.is_blocked = True
    confirmed((filters, 2))

    answer = client.post("/pick/tasks")

    assert answer.status_code == 409
    assert "Every tote is in use" in answer.text


def test_the_screen_shows_bin_goods_and_tote(client: FlaskClient, task: str) -> None:
    page = client.get(task).text

    for message in ("A-01", "F-1", "LTER1", "TOTE-1", "0 of 1 lines"):
        assert message in page


def test_a_scan_is_answered_with_the_next_screen_and_its_sound(
    client: FlaskClient, task: str
) -> None:
    first, second = scan(client, task, "A-01"), scan(client, task, "FILTER1")

    assert (first.headers["X-Sound"], second.headers["X-Sound"]) == ("ok", "ok")
    assert "<html" not in second.text
    assert "F-1: 1 of 2." in second.text
    assert scan(client, task, "FILTER1").headers["X-Sound"] == "done"


def test_a_wrong_scan_shows_the_red_bar(client: FlaskClient, task: str) -> None:
    answer = scan(client, task, "NOBODY")

    assert answer.headers["X-Sound"] == "wrong"
    assert "red-bar" in answer.text
    assert "Scanned NOBODY." in answer.text


def test_a_browser_without_javascript_scans_too(client: FlaskClient, task: str) -> None:
    data = {"id": str(uuid4()), "code": "A-01"}

    answer = client.post(f"{task}/scans", data=data, follow_redirects=True)

    assert answer.status_code == 200
    assert "Bin A-01." in answer.text


def test_a_scan_without_an_id_is_refused_in_words(client: FlaskClient, task: str) -> None:
    answer = client.post(f"{task}/scans", data={"id": "1", "code": "A-01"}, headers=HTMX)

    assert "This page is out of date" in answer.text


def test_a_scan_needs_few_queries(client: FlaskClient, task: str, queries: list[str]) -> None:
    scan(client, task, "A-01")
    queries.clear()

    scan(client, task, "FILTER1")

    assert len(queries) <= 13


def test_short_skip_quantity_and_undo_by_tap(client: FlaskClient, task: str) -> None:
    number = int(task.rsplit("/", 1)[1])
    about = {"line_id": fresh(number).lines[0].id}

    def tap(what: str, **values: Any) -> Any:
        data = {"id": str(uuid4()), **about, **values}
        return client.post(f"{task}/{what}", data=data, headers=HTMX)

    assert "last line" in tap("skips").text
    assert "F-1: 1 of 2." in tap("quantities", quantity="1").text
    assert "back into A-01" in tap("undos").text
    assert tap("quantities", quantity="many").headers["X-Sound"] == "wrong"
    assert tap("shorts", reason="not_found").headers["X-Sound"] == "done"


def test_a_second_tablet_of_the_same_person_asks_first(
    app: Flask, user: Any, task: str
) -> None:
    second = client_of(app, user)

    assert "Continue here?" in second.get(task).text
    assert second.post(f"{task}/assignee").status_code == 303
    assert scan(second, task, "A-01").headers["X-Sound"] == "ok"


def test_only_who_may_takes_over(app: Flask, sign_in: SignIn, task: str) -> None:
    other = sign_in("fulfilment.pick")

    assert "Robin has this pick task." in other.get(task).text
    assert other.post(f"{task}/assignee").status_code == 409
    assert (
        sign_in("fulfilment.pick", "fulfilment.takeover").post(f"{task}/assignee").status_code
        == 303
    )


def test_typing_quantities_needs_its_permission(sign_in: SignIn, task: str) -> None:
    assert sign_in("fulfilment.pick").post(f"{task}/quantities").status_code == 403


def test_nobody_without_permission_sees_any_of_it(sign_in: SignIn) -> None:
    client = sign_in("stock.view")

    for page in ("/pick", "/pick/1", "/pack", "/pack/1", "/putbacks", "/picking", "/picking/1"):
        assert client.get(page).status_code == 403


def test_what_is_not_there_is_not_found(client: FlaskClient) -> None:
    for page in ("/pick/999", "/pack/999", "/picking/999"):
        assert client.get(page).status_code == 404
    assert scan(client, "/pick/999", "A-01").status_code == 404
    assert scan(client, "/putbacks/999", "A-01").status_code == 404


def test_packing_from_the_tote_to_the_shipment(client: FlaskClient, task: str) -> None:
    for code in ("A-01", "FILTER1", "FILTER1"):
        scan(client, task, code)
    assert "TOTE-1" in client.get("/pack").text
    place = scan(client, "/pack", "TOTE-1").headers["X-Place"]
    assert "disabled" in client.get(place).text
    label = "Shipping label 1"
    assert label not in client.get(place).text

    assert scan(client, place, "NOBODY").headers["X-Sound"] == "wrong"
    assert scan(client, place, "FILTER1").headers["X-Sound"] == "ok"
    assert client.post(f"{place}/shipment").status_code == 409
    assert client.post(f"{place}/parcels", data={"id": str(uuid4())}).status_code == 303
    assert scan(client, place, "FILTER1").headers["X-Sound"] == "done"
    assert label in client.get(place).text
    number = int(place.rsplit("/", 1)[1])
    parcel = db.session.scalars(queries.parcels_of(number)).first()
    assert parcel is not None
    wrong = client.post(f"{place}/parcels/{parcel.id}", data={"weight_kg": "heavy"})
    right = client.post(
        f"{place}/parcels/{parcel.id}", data={"weight_kg": "1.5", "tracking": "1Z9"}
    )
    assert (wrong.status_code, right.status_code) == (422, 303)
    assert "heavy" in wrong.text
    assert client.post(f"{place}/shipment").status_code == 303
    shipped = client.get(place).text
    assert "is shipped" in shipped
    assert label in shipped


def test_undoing_is_not_offered_for_what_was_packed_from_totes(
    sign_in: SignIn, hand: Hand, filters: Product
) -> None:
    order = confirmed((filters, 1))
    task = hand.claim()
    hand.scan(task, "A-01", "FILTER1")
    part = services.find_packable("TOTE-1")
    hand.pack(part.id, "FILTER1")
    services.ship_parcels(part.id)
    office, at = sign_in("orders.view", "orders.ship"), f"/orders/{order.id}"

    asked = office.get(f"{at}/shipments/reversals/new")

    assert "Undo a shipment" not in office.get(at).text
    assert asked.status_code == 409
    assert "was packed from totes, into parcels. Return the items instead." in asked.text


def test_a_tote_that_nobody_packs_is_said(client: FlaskClient) -> None:
    assert "No order to pack is in it." in scan(client, "/pack", "TOTE-3").text


def test_put_backs_lead_to_the_bin(client: FlaskClient, task: str) -> None:
    scan(client, task, "A-01")
    scan(client, task, "FILTER1")
    pick_task = fresh(int(task.rsplit("/", 1)[1]))
    orders.cancel_order(pick_task.orders[0].order_id)
    assert "was cancelled" in scan(client, task, "FILTER1").text
    ended = client.get(task).text
    assert f"{pick_task.orders[0].order.number} was cancelled" in ended
    assert "Put TOTE-1 aside" in ended

    page = client.get("/putbacks").text
    assert "from TOTE-1" in page
    row = db.session.scalars(queries.putbacks()).one()
    assert scan(client, f"/putbacks/{row.id}", "A-01").headers["X-Sound"] == "done"
    assert "Nothing to put back." in client.get("/putbacks").text


def test_the_board_shows_who_picks_what(client: FlaskClient, task: str) -> None:
    scan(client, task, "A-01")
    number = int(task.rsplit("/", 1)[1])

    assert f"Pick {number}" in client.get("/picking").text
    assert "<html" not in client.get("/picking", headers=HTMX).text
    assert "Bin A-01." in client.get(f"/picking/{number}").text


def test_a_manager_gives_a_pick_task_to_somebody_else_and_back(
    client: FlaskClient, task: str
) -> None:
    number = int(task.rsplit("/", 1)[1])
    role = RoleFactory.create(permissions=["fulfilment.pick"])
    other = UserFactory.create(role=role, name="Sam")

    given = client.post(f"/picking/{number}/assignee", data={"user_id": other.id})
    assert given.status_code == 303
    assert fresh(number).claimed_by_id == other.id
    nobody = client.post(f"/picking/{number}/assignee", data={"user_id": 0})
    assert nobody.status_code == 422
    assert client.post(f"/picking/{number}/release", headers=HTMX).status_code == 204
    assert fresh(number).state == "released"


def test_the_tablet_leads_to_its_places(client: FlaskClient) -> None:
    assert "/pick" in client.get("/tablet").text


def test_a_hand_and_its_order_agree(hand: Hand, filters: Product) -> None:
    order = confirmed((filters, 1))
    hand.scan(hand.claim(), "A-01", "FILTER1")

    assert again(order).status == "picked"
    assert services.find_packable(order.number).order_id == order.id


def test_a_refusal_on_a_tablet_stands_in_the_tablets_layout(
    client: FlaskClient, sign_in: SignIn, task: str
) -> None:
    for code in ("A-01", "FILTER1", "FILTER1"):
        scan(client, task, code)
    place = scan(client, "/pack", "TOTE-1").headers["X-Place"]

    over = client.post(f"{task}/assignee")
    unready = client.post(f"{place}/shipment")
    missing = client.get("/pick/999")
    forbidden = sign_in().get("/putbacks")

    answers = [over, unready, missing, forbidden]
    assert [answer.status_code for answer in answers] == [409, 409, 404, 403]
    for answer in answers:
        assert '<body class="tablet"' in answer.text
        assert 'class="red-bar" role="alert"' in answer.text
    assert "is picked" in over.text
    assert '<body class="tablet"' not in client.get("/picking/999").text  # the office's


def test_a_refusal_by_htmx_is_the_small_one_on_tablets_too(
    client: FlaskClient, task: str
) -> None:
    answer = client.post("/pack/999/shipment", headers=HTMX)

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (404, "#messages")
    assert "<body" not in answer.text


def _packing(client: FlaskClient, task: str) -> str:
    """Pick two paper filters, and put one of them into a parcel; gives the page."""
    for code in ("A-01", "FILTER1", "FILTER1"):
        scan(client, task, code)
    place = str(scan(client, "/pack", "TOTE-1").headers["X-Place"])
    scan(client, place, "FILTER1")
    return place


def test_one_more_parcel_is_begun_once_however_often_the_tap_is_sent(
    client: FlaskClient, task: str
) -> None:
    place = _packing(client, task)
    once = {"id": str(uuid4())}

    first, second = (client.post(f"{place}/parcels", data=once, headers=HTMX) for _ in range(2))

    assert "goes into parcel 2" in first.text
    assert first.headers["X-Sound"] == second.headers["X-Sound"] == "ok"
    assert "Parcel 3" not in second.text


def test_a_pick_task_is_given_back_once_and_by_whoever_has_it(
    app: Flask, user: Any, client: FlaskClient, task: str
) -> None:
    once = {"id": str(uuid4())}

    stranger = client_of(app, UserFactory.create(role=user.role))
    refused = stranger.post(f"{task}/release", data={"id": str(uuid4())}, headers=HTMX)
    given = [client.post(f"{task}/release", data=once, headers=HTMX) for _ in range(2)]

    assert f"{user.name} has taken" in refused.text
    assert [answer.headers["X-Place"] for answer in given] == ["/pick", "/pick"]
    assert "Given back." in client.get("/pick").text


def test_a_chosen_order_is_picked_before_the_others(
    client: FlaskClient, filters: Product
) -> None:
    confirmed((filters, 1))
    chosen = confirmed((filters, 2))

    place = client.post("/pick/tasks", data={"order_id": chosen.id}).location
    again = client.post("/pick/tasks", data={"order_id": chosen.id}).location

    assert [one.order_id for one in fresh(int(place.rsplit("/", 1)[1])).orders] == [chosen.id]
    assert again == place


def test_an_order_that_another_was_faster_with_is_not_taken_twice(
    app: Flask, user: Any, client: FlaskClient, filters: Product
) -> None:
    chosen = confirmed((filters, 2))
    client.post("/pick/tasks", data={"order_id": chosen.id})

    other = client_of(app, UserFactory.create(role=user.role))
    refused = other.post("/pick/tasks", data={"order_id": chosen.id}, headers=HTMX)

    assert refused.status_code == 409
    assert "Somebody else was faster" in refused.text


def test_the_tablet_is_the_same_after_signing_in_again(client: FlaskClient, task: str) -> None:
    with client.session_transaction() as cookie:
        secret = cookie[COOKIE_KEY]
        cookie.clear()
        cookie[COOKIE_KEY] = secret

    assert scan(client, task, "A-01").headers["X-Sound"] == "ok"


def test_the_worker_of_tablets_rules_all_pages_and_is_asked_for_again(
    client: FlaskClient,
) -> None:
    answer = client.get("/tablet/worker.js")

    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.mimetype == "text/javascript"


def test_the_session_says_whose_it_is(app: Flask, client: FlaskClient, user: Any) -> None:
    answer: Any = client.get("/tablet/session", headers=HTMX).json
    assert answer["person"] == user.id
    assert app.test_client().get("/tablet/session", headers=HTMX).status_code == 401


def _tap(client: FlaskClient, page: str, **values: Any) -> Any:
    return client.post(page, data={"id": str(uuid4()), **values}, headers=HTMX)


def test_parcels_are_changed_on_their_page(client: FlaskClient, task: str) -> None:
    place = _packing(client, task)
    number = int(place.rsplit("/", 1)[1])
    parcel = db.session.scalars(queries.parcels_of(number)).one()
    line_id = parcel.lines[0].id

    moved = _tap(client, f"{place}/repackings", line_id=line_id, quantity="1", to="new")
    assert "in parcel 2 now" in moved.text
    assert "Nothing is in it yet." in moved.text
    removed = _tap(client, f"{place}/parcels/{parcel.id}/removal")
    assert "Parcel 1 is gone." in removed.text
    odd = _tap(client, f"{place}/repackings", line_id=line_id, quantity="many", to="out")
    assert odd.headers["X-Sound"] == "wrong"


def test_a_label_for_each_parcel_says_where_from_where_to_and_which_of_how_many(
    client: FlaskClient, task: str
) -> None:
    set_settings(company_name="Beans & Co", company_address="1 Main Street, Springfield")
    place = _packing(client, task)
    number = int(place.rsplit("/", 1)[1])
    _tap(client, f"{place}/parcels")
    scan(client, place, "FILTER1")
    first = db.session.scalars(queries.parcels_of(number)).first()
    assert first is not None
    values = {"weight_kg": "1,5", "carrier": "Parcel Post", "tracking": "1Z999"}
    client.post(f"{place}/parcels/{first.id}", data=values, headers=HTMX)

    page = " ".join(client.get(place).text.split())

    label = page[page.index(f'id="label-{first.id}"') :]
    label = label[: label.index("</section>")]
    for words in ("Beans &amp; Co", "Springfield", "1 of 2", "1.5 kg", "Parcel Post", "1Z999"):
        assert words in label
    assert "<rect" in label
    assert "2 of 2" in page


def test_a_number_that_is_too_long_for_its_label_has_no_barcode() -> None:
    drawn = bars("1Z999AA10123456784")

    assert drawn is not None
    assert drawn.width <= WIDEST
    assert bars("X" * 60) is None
    assert bars("") is None
    assert bars("Ü1") is None


def test_a_put_back_can_be_undone_on_its_page(client: FlaskClient, task: str) -> None:
    for code in ("A-01", "FILTER1"):
        scan(client, task, code)
    pick_task = fresh(int(task.rsplit("/", 1)[1]))
    orders.cancel_order(pick_task.orders[0].order_id)
    scan(client, task, "FILTER1")
    row = db.session.scalars(queries.putbacks()).one()
    scan(client, f"/putbacks/{row.id}", "A-01")
    assert "Undo: F-1" in client.get("/putbacks").text

    answer = _tap(client, f"/putbacks/{row.id}/undos")

    assert "is in tote TOTE-1 again" in answer.text
    assert _tap(client, "/putbacks/999/undos").status_code == 404


def test_a_cancelled_order_stops_the_screen_until_its_tote_is_aside(
    client: FlaskClient, filters: Product
) -> None:
    set_settings(pick_wave=2)
    first = confirmed((filters, 1))
    confirmed((filters, 1))
    task = client.post("/pick/tasks").location
    orders.cancel_order(first.id)
    services.freeze(first.id)

    page = client.get(task).text
    assert f"{first.number} was cancelled. Put this tote aside:" in page
    assert "Short" not in page
    answer = _tap(client, f"{task}/stops")

    assert "Tote TOTE-1 is put aside." in answer.text
    assert "Short" in answer.text


def test_the_packing_screen_of_a_cancelled_order_says_what_to_do(
    client: FlaskClient, task: str
) -> None:
    place = _packing(client, task)
    pick_task = fresh(int(task.rsplit("/", 1)[1]))
    orders.cancel_order(pick_task.orders[0].order_id)
    services.freeze(pick_task.orders[0].order_id)

    page = client.get(place).text

    assert "Stop: take everything out of the parcels, back into tote TOTE-1." in page
    assert f'data-live="pack:{place.rsplit("/", 1)[1]}"' in page


def test_a_pick_task_of_somebody_else_names_them(
    app: Flask, user: Any, client: FlaskClient, task: str
) -> None:
    role = RoleFactory.create(permissions=["fulfilment.pick"])
    stranger = client_of(app, UserFactory.create(role=role))

    assert f"Taken by {user.name}" in stranger.get(task).text


def test_the_tiles_of_the_board_open_lists(client: FlaskClient, task: str) -> None:
    page = client.get("/picking").text

    for href in ("/orders?status=allocated", "/picking#tasks", "/pack", "/putbacks"):
        assert f'href="{href}"' in page


@pytest.mark.parametrize(
    ("permissions", "place"),
    [
        (["fulfilment.pick", "stock.view"], "/tablet"),
        (["fulfilment.pack"], "/tablet"),
        (["fulfilment.pick", "fulfilment.manage", "stock.view"], "/stock"),
        (["stock.view"], "/stock"),
    ],
)
def test_who_picks_or_packs_begins_on_the_tablets_page(
    app: Flask, permissions: list[str], place: str
) -> None:
    role = RoleFactory.create(permissions=permissions)
    person = client_of(app, UserFactory.create(role=role))

    assert person.get("/").location == place
    if place == "/tablet" and "stock.view" in permissions:
        assert 'href="/stock"' in person.get("/tablet").text  # the way to the desk
