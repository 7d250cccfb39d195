"""The list and the page of an order."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from app.catalog.models import Product
from app.core.db import db
from app.orders import services
from app.orders.events import OrderChanged
from app.orders.live import show_order
from app.realtime.hub import Hub, deliver
from tests.conftest import SignIn
from tests.factories import CustomerFactory
from tests.orders.conftest import again, confirmed, drafted, key, stocked

HTMX = {"HX-Request": "true"}
VIEW = "orders.view"


def test_the_list_shows_orders_and_their_sum(sign_in: SignIn, product: Product) -> None:
    order = drafted((product, 2), customer=CustomerFactory.create(name="Ada", currency="EUR"))
    other = drafted((product, 1))

    page = sign_in(VIEW).get("/orders").text

    for word in (order.number, other.number, "Ada", "20.00", "30.00", "Draft"):
        assert word in page
    assert page.index(other.number) < page.index(order.number)


def test_htmx_receives_only_the_results(sign_in: SignIn, product: Product) -> None:
    drafted((product, 2))

    answer = sign_in(VIEW).get("/orders", headers=HTMX)

    assert "<html" not in answer.text
    assert answer.vary.as_set() == {"hx-request", "cookie"} or "HX-Request" in answer.vary


def test_an_empty_list_says_what_to_do_next(sign_in: SignIn) -> None:
    assert "Write the first one" in sign_in(VIEW).get("/orders").text
    assert "Nothing matches" in sign_in(VIEW).get("/orders?search=zzz").text


def test_filters_stand_in_the_address(sign_in: SignIn, product: Product) -> None:
    past = datetime.now(UTC) - timedelta(hours=1)
    late = confirmed((product, 1), ship_by=past, customer_po="PO-LATE")
    draft = drafted((product, 1))
    client = sign_in(VIEW)

    def shown(query: str) -> list[bool]:
        page = client.get(f"/orders?{query}").text
        return [order.number in page for order in (late, draft)]

    assert shown("status=late") == shown("status=open") == [True, False]
    assert shown("status=draft") == [False, True]
    assert shown("search=po-late") == [True, False]
    assert shown(f"search={draft.number}") == [False, True]
    assert shown(f"customer={late.customer_id}") == [True, False]
    assert shown("from=2999-01-01") == [False, False]
    assert shown("status=lost&from=never&customer=x&sort=who") == [True, True]
    assert "Late" in client.get("/orders?status=late").text


def test_a_page_of_the_list_is_one_query(
    sign_in: SignIn, product: Product, queries: list[str]
) -> None:
    client = sign_in(VIEW)
    for _ in range(3):
        drafted((product, 1))
    client.get("/orders")
    queries.clear()

    client.get("/orders", headers=HTMX)

    assert len([one for one in queries if "sales_order" in one]) == 1


def test_a_page_of_five_thousand_open_orders_reads_an_index(product: Product) -> None:
    """Sorting all of them would take as long as there are many."""
    customer = CustomerFactory.create()
    db.session.execute(
        text(
            "INSERT INTO sales_order (number, customer_id, customer_name, order_date, status,"
            " ship_by) SELECT 'X-' || n, :customer, 'Ada', date '2026-01-01' + n % 90,"
            " CASE n % 2 WHEN 0 THEN 'allocated' ELSE 'confirmed' END,"
            " now() + n * interval '1 minute' FROM generate_series(1, 5000) AS n"
        ),
        {"customer": customer.id},
    )
    db.session.execute(text("ANALYZE sales_order"))

    def plan(where: str, order: str) -> str:
        query = f"EXPLAIN SELECT * FROM sales_order WHERE {where} ORDER BY {order} LIMIT 51"  # noqa: S608
        return "\n".join(db.session.scalars(text(query)))

    is_open = (
        "status IN ('confirmed', 'on_hold', 'part_allocated', 'allocated', 'picking', "
        "'picked', 'short', 'packing', 'packed')"
    )
    plans = [
        plan(is_open, "id DESC"),
        plan(is_open, "ship_by, id"),
        plan(f"{is_open} AND ship_by < now()", "ship_by, id"),
        plan("status = 'allocated'", "ship_by, id"),
        plan(is_open, "order_date DESC, id DESC"),
        plan(is_open, "customer_name, id"),
        plan(f"customer_id = {customer.id}", "order_date, id"),
    ]

    assert [one for one in plans if "Index" not in one or "Sort" in one] == []


def test_the_page_of_an_order_shows_where_it_is_reserved_and_what_is_missing(
    sign_in: SignIn, product: Product
) -> None:
    stocked(2, product)
    order = confirmed((product, 5), notes="Call first", customer_po="PO-9")

    page = sign_in(VIEW, "stock.view").get(f"/orders/{order.id}").text

    for word in (order.number, "MAIN-01: 2", "Partly allocated", "Call first", "PO-9", "P-1"):
        assert word in page
    assert "Backordered" in page


def test_an_order_that_is_not_there_is_not_found(sign_in: SignIn) -> None:
    assert sign_in(VIEW).get("/orders/999").status_code == 404


def test_a_page_of_many_lines_takes_as_many_queries_as_one_of_few(
    sign_in: SignIn, product: Product, queries: list[str]
) -> None:
    stocked(9, product)
    client = sign_in("*")
    few, many = confirmed((product, 1)), confirmed(*[(product, 1)] * 8)
    client.get(f"/orders/{few.id}")

    queries.clear()
    client.get(f"/orders/{few.id}")
    of_few = len(queries)
    queries.clear()
    client.get(f"/orders/{many.id}")

    assert len(queries) == of_few


@pytest.mark.parametrize(
    ("permission", "words"),
    [
        ("orders.confirm", ["Confirm", "Hold"]),
        ("orders.edit", ["Edit", "Split"]),
        ("orders.cancel", ["Cancel order"]),
    ],
)
def test_everybody_is_offered_what_they_may_do(
    sign_in: SignIn, product: Product, permission: str, words: list[str]
) -> None:
    order = drafted((product, 2))

    page = sign_in(VIEW, permission).get(f"/orders/{order.id}").text
    looks_only = sign_in(VIEW).get(f"/orders/{order.id}").text

    assert [word for word in words if word not in page] == []
    record = looks_only[looks_only.index('id="record"') :]
    assert [word for word in words if f">{word}<" in record] == []


def test_a_step_answers_a_browser_with_the_page_and_htmx_with_an_event(
    sign_in: SignIn, product: Product
) -> None:
    client = sign_in(VIEW, "orders.confirm", "orders.edit")
    stocked(1, product)
    order = drafted((product, 2))
    at = f"/orders/{order.id}"

    confirmation = client.post(f"{at}/confirmation")
    allocation = client.post(f"{at}/allocation", headers=HTMX)
    backorder = client.post(f"{at}/backorder", headers=HTMX)

    assert (confirmation.status_code, confirmation.headers["Location"]) == (303, at)
    assert allocation.status_code == backorder.status_code == 204
    assert "orders:changed" in allocation.headers["HX-Trigger"]
    assert f"{order.number}-1" in backorder.headers["HX-Trigger"]


def test_a_step_that_is_refused_says_why(sign_in: SignIn, product: Product) -> None:
    order = confirmed((product, 2))

    answer = sign_in("orders.confirm").post(f"/orders/{order.id}/confirmation", headers=HTMX)

    assert answer.status_code == 409
    assert "is no draft" in answer.text


def test_an_order_is_held_with_a_reason_and_released(sign_in: SignIn, product: Product) -> None:
    client = sign_in(VIEW, "orders.confirm")
    order = confirmed((product, 2))
    at = f"/orders/{order.id}"

    empty = client.post(f"{at}/hold", data={"reason": " "})
    done = client.post(f"{at}/hold", data={"reason": "Unpaid since May"})

    assert (empty.status_code, done.status_code) == (422, 303)
    assert "Unpaid since May" in client.get(at).text
    assert client.post(f"{at}/release").status_code == 303
    assert "Unpaid since May" not in client.get(at).text.partition("History")[0]


def test_an_order_is_cancelled(sign_in: SignIn, product: Product) -> None:
    client = sign_in(VIEW, "orders.cancel")
    order = confirmed((product, 2))
    at = f"/orders/{order.id}/cancellation"

    assert "free again" in client.get(f"{at}/new").text
    assert client.post(at, data={"reason": ""}).status_code == 303
    assert client.post(at, data={"reason": ""}).status_code == 422


def test_what_is_reserved_is_offered_to_ship_and_ships_once(
    sign_in: SignIn, product: Product
) -> None:
    client = sign_in(VIEW, "orders.ship")
    stocked(3, product)
    order = confirmed((product, 5))
    at = f"/orders/{order.id}/shipments"
    row = {"quantities-0-line_id": order.lines[0].id, "key": "k"}

    asked = client.get(f"{at}/new").text
    too_many = client.post(at, data=row | {"quantities-0-quantity": "4"})
    words = client.post(at, data=row | {"quantities-0-quantity": "many"})
    for _twice in range(2):
        done = client.post(at, data=row | {"quantities-0-quantity": "2"})

    assert 'value="3"' in asked
    assert (too_many.status_code, words.status_code, done.status_code) == (422, 422, 303)
    assert "at most 3 can be shipped" in too_many.text
    assert 'value="4"' in too_many.text
    assert services.reserved_for(db.session.merge(order)) == {order.lines[0].id: 1}


def test_a_form_that_names_a_line_of_another_order_is_refused(
    sign_in: SignIn, product: Product
) -> None:
    stocked(3, product)
    order, other = confirmed((product, 1)), confirmed((product, 1))
    row = {"quantities-0-line_id": other.lines[0].id, "quantities-0-quantity": "1"}

    answer = sign_in("orders.ship").post(
        f"/orders/{order.id}/shipments", data=row | {"key": "k"}
    )

    assert answer.status_code == 422
    assert "has no such line" in answer.text


def test_lines_are_split_off_and_closed_short(sign_in: SignIn, product: Product) -> None:
    client = sign_in(VIEW, "orders.edit")
    order = drafted((product, 5))
    at = f"/orders/{order.id}"
    row = {"quantities-0-line_id": order.lines[0].id, "key": "k"}

    client.post(f"{at}/parts", data=row | {"quantities-0-quantity": "2"})
    assert f"{order.number}-1" in client.get(at).text

    services.confirm_order(order.id)
    assert 'value="3"' in client.get(f"{at}/closure/new").text
    client.post(f"{at}/closure", data=row | {"quantities-0-quantity": "1"})
    assert "1 closed short" in client.get(at).text


@pytest.mark.parametrize("resource", ["parts", "closure"])
def test_a_division_sent_twice_counts_once(
    sign_in: SignIn, product: Product, resource: str
) -> None:
    client = sign_in(VIEW, "orders.edit")
    order = confirmed((product, 9))
    at = f"/orders/{order.id}/{resource}"
    sent = {
        "key": "k",
        "version": str(order.version),
        "quantities-0-line_id": order.lines[0].id,
        "quantities-0-quantity": "2",
    }
    assert (
        f'name="version" type="hidden" value="{order.version}"' in client.get(f"{at}/new").text
    )

    answers = [client.post(at, data=sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 409]
    assert "Somebody has changed this record meanwhile" in answers[1].text
    assert again(order).lines[0].quantity_wanted == 7


def test_a_closure_of_nothing_closes_nothing(sign_in: SignIn, product: Product) -> None:
    order = confirmed((product, 9))

    answer = sign_in(VIEW, "orders.edit").post(f"/orders/{order.id}/closure", data={"key": "k"})

    assert answer.status_code == 422
    assert again(order).lines[0].quantity_wanted == 9


def test_goods_are_taken_back(sign_in: SignIn, product: Product) -> None:
    client = sign_in(VIEW, "orders.return")
    stocked(3, product)
    order = confirmed((product, 3))
    services.ship_order(order.id, key=key())
    at = f"/orders/{order.id}"
    sent = {
        "quantities-0-line_id": order.lines[0].id,
        "quantities-0-quantity": "2",
        "reason": "wrong_item",
        "condition": "good",
        "location": "main-01",
        "note": "Box was open",
        "key": "k",
    }

    nowhere = client.post(f"{at}/returns", data=sent | {"location": "NOWHERE"})
    done = client.post(f"{at}/returns", data=sent)

    assert (nowhere.status_code, done.status_code) == (422, 303)
    page = client.get(at).text
    for word in ("Wrong item sent", "Box was open", "2 returned", "MAIN-01"):
        assert word in page


def test_open_pages_hear_of_a_change(app: Flask, product: Product) -> None:
    """By the thread that feeds the sockets: it has no request, and no address of ours."""
    order, hub = drafted((product, 3)), Hub()
    news = {"event": "OrderChanged", "fields": {"order_id": order.id}}

    with hub.joined(app, {"orders"}) as list_, hub.joined(app, {f"orders:{order.id}"}) as page:
        deliver(app, hub, json.dumps(news).encode())

        heard = [list_.get(timeout=60), page.get(timeout=60)]

    assert None not in heard
    for html in filter(None, heard):
        assert f'id="order-{order.id}-state"' in html
        assert f'id="order-{order.id}-news" data-news="#record"' in html


def test_an_order_that_is_gone_is_no_news(app: Flask) -> None:
    assert show_order(OrderChanged(order_id=0)) == []


def test_the_first_page_of_the_stock_room_is_not_needed_to_see_orders(
    sign_in: SignIn, product: Product
) -> None:
    stocked(1, product)
    order = confirmed((product, 1))

    assert "/stock/" not in sign_in(VIEW).get(f"/orders/{order.id}").text
