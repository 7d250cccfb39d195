"""Pages of imports and exports."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.jobs import JobRun, runner
from app.imports.models import ImportRun
from app.imports.reading import MOST_BYTES, files
from tests.conftest import SignIn
from tests.factories import ProductFactory
from tests.imports.samples import csv_file, excel_file, uploaded

HTMX = {"HX-Request": "true"}
ROWS = [("SKU", "Name", "Price"), ("A", "Apple", "1"), ("B", "", "2")]


@pytest.fixture
def client(sign_in: SignIn) -> FlaskClient:
    return sign_in("products.import")


def send(client: FlaskClient, content: bytes = b"", **changes: Any) -> Any:
    file = (BytesIO(content or csv_file(ROWS)), "list.csv")
    body = {"kind": "products", "header": "y", "file": file} | changes
    return client.post("/imports", data={k: v for k, v in body.items() if v is not None})


def the_run(session: Session) -> ImportRun:
    session.expire_all()
    return session.query(ImportRun).order_by(ImportRun.id.desc()).limit(1).one()


def work(session: Session) -> None:
    """Do what a worker would."""
    for run in session.query(JobRun).filter_by(state="queued"):
        runner.perform(run.id)


def chosen(**changes: str) -> dict[str, str]:
    return {
        "field_sku": "SKU",
        "field_name": "Name",
        "field_price": "Price",
        "update": "y",
    } | changes


def test_a_file_goes_through_all_steps(client: FlaskClient, session: Session) -> None:
    page = send(client).location
    columns = client.get(page).text
    assert "list.csv uploaded." in columns
    assert "Which column is what" in columns

    client.post(f"{page}/checks", data=chosen())
    assert "Checking" in client.get(page).text
    work(session)
    checked = client.get(page).text
    assert "What would happen" in checked
    assert "A new product needs a name." in checked
    assert "Import 1 row" in checked
    assert session.query(Product).count() == 0

    client.post(f"{page}/applications")
    assert "Importing" in client.get(page).text
    work(session)
    done = client.get(page).text
    assert "Result" in done
    assert the_run(session).error_file_id is not None
    assert f"/files/{the_run(session).error_file_id}" in done
    assert session.query(Product.sku).all() == [("A",)]


def test_htmx_is_sent_on_by_a_header(client: FlaskClient, session: Session) -> None:
    file = (BytesIO(csv_file(ROWS)), "list.csv")

    answer = client.post("/imports", data={"kind": "products", "file": file}, headers=HTMX)

    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == f"/imports/{the_run(session).id}"


def test_while_it_is_worked_on_the_page_asks_again(client: FlaskClient) -> None:
    page = send(client).location
    client.post(f"{page}/checks", data=chosen())

    region = client.get(page, headers=HTMX).text

    assert "<html" not in region
    assert 'hx-trigger="every 1s, click"' in region


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"file": None}, "Choose a file."),
        ({"kind": "stock"}, "Not a valid choice"),
        ({"file": (BytesIO(b"%PDF-1.7"), "list.csv")}, "This is a PDF document"),
    ],
)
def test_a_file_that_does_not_fit_says_so_beside_the_field(
    client: FlaskClient, changes: dict[str, Any], reason: str
) -> None:
    answer = send(client, **changes)

    assert answer.status_code == 422
    assert reason in answer.text


def test_a_file_over_the_limit_is_answered_with_413(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 10)

    answer = send(client)

    assert answer.status_code == 413
    assert "The file is larger than" in answer.text


def test_a_request_over_the_limit_is_not_even_read(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert app.config["MAX_CONTENT_LENGTH"] > MOST_BYTES
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 100)

    assert send(client).status_code == 413


def test_the_file_can_be_read_in_another_way(client: FlaskClient, session: Session) -> None:
    page = send(client, excel_file([("SKU", "Name"), ("A", "Apple")])).location

    answer = client.post(f"{page}/layout", data={"sheet": "Sheet", "decimal": ","})

    assert answer.status_code == 303
    assert the_run(session).columns == ["1", "2"]
    assert the_run(session).layout["decimal"] == ","


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"header": "y", "encoding": "utf-8"}, "The file is not text in utf-8."),
        ({"header": "y", "encoding": "klingon"}, "Not a valid choice"),
    ],
)
def test_a_way_that_does_not_work_says_so(
    client: FlaskClient, data: dict[str, str], reason: str
) -> None:
    page = send(client, csv_file([("SKU",), ("Käse",)], encoding="cp1252")).location

    answer = client.post(f"{page}/layout", data=data)

    assert answer.status_code == 422
    assert reason in answer.text


def test_a_key_without_a_column_is_asked_for(client: FlaskClient) -> None:
    page = send(client).location

    answer = client.post(f"{page}/checks", data=chosen(field_sku=""))

    assert answer.status_code == 422
    assert "Choose a column." in answer.text


def test_a_step_that_is_running_is_not_begun_again(client: FlaskClient) -> None:
    page = send(client).location
    client.post(f"{page}/checks", data=chosen())

    again = client.post(f"{page}/checks", data=chosen())
    early = client.post(f"{page}/applications")

    assert (again.status_code, early.status_code) == (422, 409)
    assert "being worked on" in again.text


def test_from_the_check_one_may_go_back_to_the_columns(
    client: FlaskClient, session: Session
) -> None:
    page = send(client).location
    client.post(f"{page}/checks", data=chosen())
    work(session)

    assert "Which column is what" in client.get(f"{page}?step=columns").text


def test_stock_asks_whether_to_create_locations(sign_in: SignIn, session: Session) -> None:
    ProductFactory.create(sku="A")
    client = sign_in("stock.import")
    content = csv_file([("SKU", "Location", "Quantity"), ("A", "NEW-1", "5")])
    page = send(client, content, kind="stock").location
    columns = {"field_sku": "SKU", "field_location": "Location", "field_quantity": "Quantity"}

    client.post(f"{page}/checks", data={**columns, "options": "create_locations"})
    work(session)

    result = the_run(session).result
    assert the_run(session).options == ["create_locations"]
    assert result is not None
    assert (result["created"], result["failed"]) == (1, 0)


def test_a_job_that_failed_says_why(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = send(client).location
    client.post(f"{page}/checks", data=chosen())
    job = session.query(JobRun).one()
    job.cancel()
    session.commit()

    assert "It was cancelled. Nothing was changed." in " ".join(client.get(page).text.split())


def test_a_check_without_changes_offers_no_import(
    client: FlaskClient, session: Session
) -> None:
    ProductFactory.create(sku="A", name="Apple", price=1)
    page = send(client, csv_file(ROWS[:2])).location
    client.post(f"{page}/checks", data=chosen())
    work(session)

    text = client.get(page).text

    assert "no row would change anything" in text
    assert "/applications" not in text


def test_the_list_shows_what_was_imported(client: FlaskClient, session: Session) -> None:
    send(client)

    assert "list.csv" in client.get("/imports").text
    assert "list.csv" in client.get("/imports?search=LIST&kind=products", headers=HTMX).text
    assert "No imports here." in client.get("/imports?stage=applied").text
    assert "No imports here." in client.get("/imports?kind=nonsense").text


def test_the_list_takes_the_same_queries_however_long(
    client: FlaskClient, session: Session, queries: list[str]
) -> None:
    def asked() -> int:
        queries.clear()
        assert client.get("/imports").status_code == 200
        return len(queries)

    uploaded("products", *ROWS)
    one = asked()
    for _number in range(5):
        uploaded("products", *ROWS)

    assert asked() == one


def test_people_see_the_imports_that_they_may_make(sign_in: SignIn, session: Session) -> None:
    run = uploaded("products", *ROWS)
    other = sign_in("vendors.import")

    assert "file.csv" not in other.get("/imports").text
    for path, method in [
        ("", "get"),
        ("/layout", "post"),
        ("/checks", "post"),
        ("/applications", "post"),
    ]:
        assert getattr(other, method)(f"/imports/{run.id}{path}").status_code == 404


@pytest.mark.parametrize("path", ["/imports", "/imports/new", "/exports/products.csv"])
def test_who_may_import_nothing_sees_nothing(sign_in: SignIn, path: str) -> None:
    assert sign_in("products.view").get(path).status_code == 403


def test_who_may_import_nothing_uploads_nothing(sign_in: SignIn, session: Session) -> None:
    assert send(sign_in("products.view")).status_code == 403
    assert session.query(ImportRun).count() == 0


def test_the_sheet_and_its_header_row_are_shown_and_can_be_chosen(
    client: FlaskClient, session: Session
) -> None:
    rows = [("SKU", "Name"), ("Old", "names"), ("Item No", "Title"), ("A", "Apple")]
    page = send(client, excel_file(rows, sheets=["Empty"])).location

    shown = client.get(page).text
    client.post(f"{page}/layout", data={"sheet": "Sheet", "header": "y", "header_row": "3"})

    assert "The first rows as they stand in the file" in shown
    assert the_run(session).columns == ["Item No", "Title"]
    assert the_run(session).layout["header_row"] == 3
    assert "The columns are named in row 3." in client.get(page).text


def test_what_was_guessed_is_said_before_and_after_the_check(
    client: FlaskClient, session: Session
) -> None:
    page = send(client, "SKU;Name\nA;Käse\n".encode("cp1252")).location
    columns = client.get(page).text

    client.post(f"{page}/checks", data={"field_sku": "SKU", "field_name": "Name"})
    work(session)

    for text in (columns, client.get(page).text):
        assert "The encoding is a guess, Western European (Windows-1252)" in text
        assert "“Käse”" in text


def test_equal_errors_stand_once_and_when_all_fail_it_says_what_to_change(
    client: FlaskClient, session: Session
) -> None:
    rows = [(f"A{number}", "Apple", "1.234") for number in range(7)]
    page = send(client, csv_file([("SKU", "Name", "Price"), *rows], delimiter=";")).location

    client.post(f"{page}/checks", data=chosen())
    work(session)

    shown = client.get(page).text
    assert shown.count("This may be thousands or decimals") == 1
    assert "Row 2: 1.234" in shown
    assert "and more" in shown
    assert "No row can be imported. Choose the decimal separator" in shown
