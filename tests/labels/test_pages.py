"""Pages of printing labels: asking, trying, the history, printing again."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core.files import StoredFile
from app.labels import services
from app.labels.models import LabelBatch, LabelItem
from tests.conftest import SignIn
from tests.factories import LocationFactory, ProductFactory, SalesOrderFactory
from tests.labels.conftest import drawn, pdf_of
from tests.labels.reading import texts, words

HTMX = {"HX-Request": "true"}
ALL = ("labels.view", "labels.print", "products.view", "stock.view")
FIELDS = {"subject": "sku", "format": "L7160", "start_cell": "1", "copies": "1", "code": "sku"}


@pytest.fixture
def client(sign_in: SignIn) -> FlaskClient:
    return sign_in(*ALL)


def asked(client: FlaskClient, items: str, **more: str) -> TestResponse:
    return client.post("/labels", data=FIELDS | {"items": items} | more)


def printed(client: FlaskClient, items: str, **more: str) -> LabelBatch:
    """Ask for labels by the form, and do the work."""
    response = asked(client, items, **more)
    assert response.status_code == 303, response.text
    return drawn(int(response.location.rpartition("/")[2]))


def listed(session: Session, batch: LabelBatch) -> list[tuple[str, int]]:
    rows = select(LabelItem.requested, LabelItem.copies).where(LabelItem.batch_id == batch.id)
    return [
        (code, copies) for code, copies in session.execute(rows.order_by(LabelItem.position))
    ]


def test_without_labels_the_history_says_what_to_do(client: FlaskClient) -> None:
    page = client.get("/labels").text

    assert "No labels printed yet." in page
    assert 'href="/labels/new"' in page


def test_a_pasted_list_is_printed(client: FlaskClient, session: Session) -> None:
    for sku in ("KETTLE-1", "FILTER-2", "CUP 3"):
        ProductFactory.create(sku=sku)

    batch = printed(client, "KETTLE-1\r\nFILTER-2;3\r\n\r\nCUP 3\t2\r\nKETTLE-1", copies="2")

    assert listed(session, batch) == [("KETTLE-1", 4), ("FILTER-2", 3), ("CUP 3", 2)]
    said = words(pdf_of(batch)).splitlines()
    assert [said.count(code) for code in ("KETTLE-1", "FILTER-2", "CUP 3")] == [4, 3, 2]


def test_the_page_of_a_batch_shows_its_first_page_and_its_errors(client: FlaskClient) -> None:
    ProductFactory.create(sku="KETTLE-1")
    batch = printed(client, "KETTLE-1\nNOPE-1")

    page = client.get(f"/labels/{batch.id}")

    assert "There is no SKU or barcode NOPE-1." in page.text
    assert f'src="/files/{batch.preview_id}"' in page.text
    picture = client.get(f"/files/{batch.preview_id}")
    assert (picture.mimetype, picture.data[:4]) == ("image/png", b"\x89PNG")
    assert f'href="/files/{batch.file_id}"' in page.text


def test_a_batch_that_is_drawn_shows_its_progress_and_asks_again(client: FlaskClient) -> None:
    number = asked(client, "KETTLE-1").location.rpartition("/")[2]

    fragment = client.get(f"/labels/{number}", headers=HTMX).text

    assert "<html" not in fragment
    assert 'hx-trigger="every 1s, click"' in fragment
    assert "Print again" not in fragment


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"items": " \n "}, "Say what to print labels for."),
        ({"items": "A" * 201}, "a code has at most 200 characters"),
        ({"items": "A;99999"}, "At most 10,000 labels at once."),
        ({"items": "A;0"}, "at least one copy"),
        ({"start_cell": "22"}, "This format has the cells 1 to 21."),
        ({"copies": "0"}, "Number must be between 1"),
        ({"format": "none"}, "Not a valid choice"),
        ({"printer_id": "7"}, "Not a valid choice"),
    ],
)
def test_a_form_that_does_not_fit_keeps_what_was_typed(
    client: FlaskClient, changes: dict[str, str], reason: str
) -> None:
    response = client.post("/labels", data=FIELDS | {"items": "KETTLE-1"} | changes)

    assert response.status_code == 422
    assert reason in response.text
    assert changes.get("items", "KETTLE-1").strip() in response.text


def test_the_list_of_products_hands_over_what_it_shows(client: FlaskClient) -> None:
    ProductFactory.create(sku="TEA-1", category="Tea")
    ProductFactory.create(sku="TEA-2", category="Tea")
    ProductFactory.create(sku="POT-1", category="Pots")

    link = re.search(r'href="(/labels/new\?[^"]+)"', client.get("/products?category=Tea").text)
    assert link
    page = client.get(link[1].replace("&amp;", "&")).text

    assert "TEA-1\nTEA-2" in page.replace("\r\n", "\n")
    assert "POT-1" not in page


def test_pages_of_products_and_locations_lead_to_their_labels(client: FlaskClient) -> None:
    product, place = ProductFactory.create(sku="TEA 1"), LocationFactory.create(code="A-01-1")

    assert 'href="/labels/new?subject=sku&amp;items=TEA+1"' in (
        client.get(f"/products/{product.id}").text
    )
    assert 'href="/labels/new?subject=location&amp;items=A-01-1"' in (
        client.get(f"/locations/{place.id}").text
    )
    assert "A-01-1" in client.get("/labels/new?subject=location&list=1&search=A-01").text


def test_orders_are_found_and_printed_with_their_address(sign_in: SignIn) -> None:
    client = sign_in(*ALL, "orders.view")
    SalesOrderFactory.create(
        number="SO-77", customer_name="Engines", ship_street="12 Mill Lane", ship_city="London"
    )

    found = client.get("/labels/search?subject=order_number&search=engines", headers=HTMX).text
    batch = printed(client, "SO-77", subject="order_number", format="102x152")

    assert 'data-add-item="SO-77"' in found
    assert "12 Mill Lane" in words(pdf_of(batch))
    assert texts(pdf_of(batch), 203) == {"SO-77": 1}


def test_things_are_found_by_typing(client: FlaskClient) -> None:
    ProductFactory.create(sku="KETTLE-1", name="Pour-over kettle")

    found = client.get("/labels/search?subject=sku&search=pour", headers=HTMX).text
    nothing = client.get("/labels/search?subject=sku&search=zzzz", headers=HTMX).text

    assert 'data-add-item="KETTLE-1"' in found
    assert "<html" not in found
    assert "Nothing matches “zzzz”." in nothing
    assert "<html" in client.get("/labels/search?subject=location&search=pour").text


def test_labels_are_tried_before_they_are_printed(client: FlaskClient) -> None:
    ProductFactory.create(sku="KETTLE-1", name="Pour-over kettle")
    ProductFactory.create(sku="L" * 30)
    values = FIELDS | {"items": f"KETTLE-1;30\nNOPE\n{'L' * 30}", "start_cell": "13"}

    dry_run = client.post("/labels/dry-runs", data=values, headers=HTMX).text

    assert "Pour-over kettle" in dry_run
    assert "<path" in dry_run
    assert "There is no SKU or barcode NOPE." in dry_run
    assert "needs a label" in dry_run
    assert re.findall(r"<dd>\s*([\d,]+)\s*</dd>", dry_run) == ["30", "2", "2"]


def test_trying_nothing_says_what_to_do(client: FlaskClient) -> None:
    dry_run = client.post("/labels/dry-runs", data=FIELDS | {"items": ""}, headers=HTMX)

    assert "Put something on the list" in dry_run.text
    assert client.post("/labels/dry-runs", data=FIELDS).status_code == 303


def test_the_sheet_of_a_format_is_drawn_with_the_taken_cells(client: FlaskClient) -> None:
    sheet = client.get("/labels/sheet?format=5160&start_cell=4", headers=HTMX).text
    roll = client.get("/labels/sheet?format=57x32", headers=HTMX).text

    assert sheet.count("data-cell=") == 30
    assert sheet.count("sheet-cell taken") == 3
    assert "A roll of labels" in roll


def test_a_batch_prints_again_from_a_label_on(client: FlaskClient, session: Session) -> None:
    for sku in ("A-1", "B-1", "C-1"):
        ProductFactory.create(sku=sku)
    first = printed(client, "A-1;3\nNOPE\nB-1;2\nC-1", start_cell="4")

    response = client.post(
        f"/labels/{first.id}/repeats", data={"first_label": "5", "start_cell": "2"}
    )

    again = drawn(int(response.location.rpartition("/")[2]))
    assert listed(session, again) == [("B-1", 1), ("C-1", 1)]
    assert (again.start_cell, again.repeats_id) == (2, first.id)
    assert texts(pdf_of(again), 300) == {"B-1": 1, "C-1": 1}


def test_a_batch_prints_again_with_what_is_true_now(
    client: FlaskClient, session: Session
) -> None:
    product = ProductFactory.create(sku="A-1", name="Old name")
    first = printed(client, "A-1")
    product.name = "New name"
    session.commit()

    client.post(f"/labels/{first.id}/repeats", data={"first_label": "1"})
    again = drawn(
        session.scalars(select(LabelBatch.id).order_by(LabelBatch.id.desc())).first() or 0
    )

    items = session.scalars(select(LabelItem).order_by(LabelItem.batch_id)).all()
    assert [item.content and item.content["title"] for item in items] == [
        "Old name",
        "New name",
    ]
    assert again.start_cell == first.start_cell


@pytest.mark.parametrize(
    "values", [{"first_label": "9"}, {"first_label": ""}, {"first_label": "0"}]
)
def test_there_is_no_printing_from_a_label_that_is_not_there(
    client: FlaskClient, values: dict[str, str]
) -> None:
    ProductFactory.create(sku="A-1")
    batch = printed(client, "A-1")

    assert client.post(f"/labels/{batch.id}/repeats", data=values).status_code == 422


def test_an_expired_pdf_is_drawn_again_on_demand(client: FlaskClient, session: Session) -> None:
    ProductFactory.create(sku="A-1")
    batch = printed(client, "A-1")
    session.execute(delete(StoredFile))
    session.commit()

    assert "Draw the PDF again" in client.get(f"/labels/{batch.id}").text
    response = client.post(f"/labels/{batch.id}/drawings")
    assert response.status_code == 303
    again = client.post(f"/labels/{batch.id}/drawings")
    assert again.status_code == 409  # it is being drawn

    assert texts(pdf_of(drawn(batch.id)), 300) == {"A-1": 1}


def test_the_next_labels_are_offered_as_the_last_ones(client: FlaskClient) -> None:
    asked(client, "A-1", format="57x32", symbology="qr", dpi="203")

    page = client.get("/labels/new").text

    assert re.search(r'<option selected value="57x32">', page)
    assert re.search(r'<option selected value="qr">', page)
    assert re.search(r'<option selected value="203">', page)


def test_the_first_time_the_usual_format_of_the_first_printer_is_offered(
    client: FlaskClient,
) -> None:
    printer = services.create_printer(name="Zebra", dpi=203, format="50x25")

    page = client.get("/labels/new").text

    assert '<option selected value="50x25">' in page
    assert f'<option selected value="{printer.id}">Zebra' in page


def test_the_history_is_searched_and_filtered(client: FlaskClient, sign_in: SignIn) -> None:
    asked(client, "KETTLE-1")
    asked(client, "FILTER-1", format="57x32")

    def titles(query: str, who: FlaskClient = client) -> list[str]:
        page = who.get(f"/labels?{query}", headers=HTMX).text
        return re.findall(r'href="/labels/\d+">([^<]+)<', page)

    assert titles("") == ["FILTER-1", "KETTLE-1"]
    assert titles("search=kett") == ["KETTLE-1"]
    assert titles("format=57x32") == ["FILTER-1"]
    assert titles("mine=1", sign_in(*ALL)) == []


def test_a_page_of_the_history_takes_few_queries(
    client: FlaskClient, queries: list[str]
) -> None:
    for number in range(5):
        asked(client, f"A-{number}")
    queries.clear()

    client.get("/labels", headers=HTMX)

    assert len(queries) <= 5


@pytest.mark.parametrize(
    ("path", "permissions"),
    [
        ("/labels", ("labels.print",)),
        ("/labels/new", ("labels.view",)),
        ("/labels/new", ("labels.print",)),  # and nothing to print labels of
        ("/labels/new?subject=location", ("labels.print", "products.view")),
        ("/labels/search?subject=location&search=a", ("labels.print", "products.view")),
        ("/labels/formats", ("labels.print",)),
        ("/labels/printers/new", ("labels.view", "labels.print")),
    ],
)
def test_what_one_may_not_do_is_forbidden(
    sign_in: SignIn, path: str, permissions: tuple[str, ...]
) -> None:
    assert sign_in(*permissions).get(path).status_code == 403


def test_the_form_takes_no_things_that_one_may_not_see(sign_in: SignIn) -> None:
    client = sign_in("labels.print", "products.view")

    assert asked(client, "MAIN", subject="location").status_code == 403
