"""Labels for programs: the shapes of API.md."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.files import StoredFile
from app.labels import services
from app.labels.models.batches import MOST_LABELS
from tests.factories import BarcodeFactory, LocationFactory, ProductFactory
from tests.labels.conftest import ROOT, Call, data, drawn
from tests.labels.reading import texts


def body(*items: dict[str, object], **more: object) -> dict[str, object]:
    return {"format": "L7160", "items": list(items), **more}


def test_a_batch_is_accepted_drawn_and_fetched(call: Call) -> None:
    ProductFactory.create(sku="KETTLE-1", name="Kettle")
    LocationFactory.create(code="A-01-1")

    started = call(
        "POST",
        ROOT,
        body({"sku": "KETTLE-1", "copies": 2}, {"location": "a-01-1"}, start_cell=3),
    )
    assert started.status_code == 202
    number = data(started)["id"]
    assert data(started)["status_url"] == f"{ROOT}/{number}"
    job = call("GET", f"/api/v1/jobs/{data(started)['job_id']}", permissions=("jobs.view",))
    assert data(job)["kind"] == "draw_labels"
    drawn(number)

    shown = data(call("GET", data(started)["status_url"]))
    assert (shown["state"], shown["pages"], shown["labels"]) == ("succeeded", 1, 3)
    assert shown["errors"] == []
    pdf = call("GET", shown["pdf_url"])
    assert (pdf.status_code, pdf.mimetype) == (200, "application/pdf")
    assert texts(pdf.data, 300) == {"KETTLE-1": 2, "A-01-1": 1}


def test_bad_rows_are_listed_while_the_rest_prints(call: Call) -> None:
    ProductFactory.create(sku="GOOD-1")
    ProductFactory.create(sku="A" * 40)
    items: list[dict[str, object]] = [
        {"sku": "NONE-1"},
        {"sku": "GOOD-1"},
        {"location": "NOWHERE"},
        {"sku": "A" * 40},
    ]

    number = data(call("POST", ROOT, body(*items)))["id"]
    drawn(number)

    shown = data(call("GET", f"{ROOT}/{number}"))
    assert (shown["labels"], shown["failed"]) == (1, 3)
    assert [error["row"] for error in shown["errors"]] == [1, 3, 4]
    assert shown["errors"][0] == {
        "row": 1,
        "field": "sku",
        "value": "NONE-1",
        "error": "There is no SKU or barcode NONE-1.",
    }
    assert "needs a label" in shown["errors"][2]["error"]


def test_a_batch_without_any_good_row_has_no_pdf(call: Call) -> None:
    number = data(call("POST", ROOT, body({"sku": "NONE-1"})))["id"]
    drawn(number)

    shown = data(call("GET", f"{ROOT}/{number}"))

    assert (shown["state"], shown["pages"], shown["pdf_url"]) == ("succeeded", 0, None)
    refused = call("GET", f"{ROOT}/{number}/pdf")
    assert (refused.status_code, data(refused)["code"]) == (409, "not_ready")


def test_an_ean_13_is_the_barcode_of_the_product(call: Call) -> None:
    pen = ProductFactory.create(sku="PEN-1")
    BarcodeFactory.create(product=pen, code="4006381333931")
    ProductFactory.create(sku="NO-EAN")

    asked = body({"sku": "PEN-1"}, {"sku": "NO-EAN"}, symbology="ean13", dpi=203)
    number = data(call("POST", ROOT, asked))["id"]
    drawn(number)

    shown = data(call("GET", f"{ROOT}/{number}"))
    assert shown["errors"][0]["error"] == "NO-EAN has no EAN-13 among its barcodes."
    assert texts(call("GET", shown["pdf_url"]).data, 203) == {"4006381333931": 1}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"format": "L9999"}, "format"),
        ({"start_cell": 22}, "start_cell"),
        ({"start_cell": 0}, "start_cell"),
        ({"symbology": "pdf417"}, "symbology"),
        ({"dpi": 72}, "dpi"),
        ({"printer_id": 999}, "printer_id"),
        ({"items": []}, "items"),
        ({"items": [{"sku": "A", "location": "B"}]}, "items.0"),
        ({"items": [{"copies": 2}]}, "items.0"),
        ({"items": [{"sku": "A", "copies": 0}]}, "items.0.copies"),
        ({"items": [{"sku": "A", "copies": MOST_LABELS}, {"sku": "B"}]}, "items"),
        ({"items": [{"sku": "A" * 201}]}, "items.0.sku"),
        ({"items": [{"sku": "A"}, {"sku": ""}]}, "items.1.sku"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(
    call: Call, wrong: dict[str, object], field: str
) -> None:
    answer = call("POST", ROOT, body({"sku": "A"}) | wrong)

    assert answer.status_code == 422
    assert field in data(answer)["fields"]


def test_a_pdf_that_is_being_drawn_is_not_ready(call: Call) -> None:
    number = data(call("POST", ROOT, body({"sku": "A"})))["id"]

    answer = call("GET", f"{ROOT}/{number}/pdf")

    assert (answer.status_code, data(answer)["code"]) == (409, "not_ready")


def test_an_expired_pdf_is_drawn_again_as_it_was(call: Call, session: Session) -> None:
    product = ProductFactory.create(sku="KETTLE-1", name="Kettle")
    number = data(call("POST", ROOT, body({"sku": "KETTLE-1"})))["id"]
    first_job = drawn(number).job_id
    past = datetime.now(UTC) - timedelta(days=1)
    session.execute(update(StoredFile).values(expires_at=past))
    product.sku = "RENAMED"
    session.commit()

    again = call("GET", f"{ROOT}/{number}/pdf")
    assert again.status_code == 202
    assert data(again)["id"] == number
    assert data(again)["job_id"] != first_job
    drawn(number)

    assert texts(call("GET", f"{ROOT}/{number}/pdf").data, 300) == {"KETTLE-1": 1}


def test_the_list_is_paged_and_filtered(call: Call) -> None:
    numbers = [
        data(call("POST", ROOT, body({"sku": sku}, format=format_)))["id"]
        for sku, format_ in (("A-1", "L7160"), ("B-1", "57x32"), ("A-2", "L7160"))
    ]

    def ids(query: str) -> list[int]:
        return [one["id"] for one in data(call("GET", f"{ROOT}{query}"))["items"]]

    assert ids("") == numbers[::-1]
    assert ids("?format=57x32") == [numbers[1]]
    assert ids("?search=a-") == [numbers[2], numbers[0]]
    assert ids("?per_page=1&page=2") == [numbers[1]]


@pytest.mark.parametrize(
    ("permissions", "status"),
    [
        (("labels.print",), 403),  # may print, but not see products
        (("labels.view", "products.view"), 403),
        (("labels.print", "products.view"), 202),
    ],
)
def test_printing_takes_the_permission_to_see_the_things(
    call: Call, permissions: tuple[str, ...], status: int
) -> None:
    answer = call("POST", ROOT, body({"sku": "A"}), permissions=permissions)

    assert answer.status_code == status


def test_formats_and_printers_have_the_names_that_a_batch_takes(call: Call) -> None:
    printer = services.create_printer(name="Zebra", dpi=203, format="57x32")

    formats = data(call("GET", f"{ROOT}/formats"))["items"]
    printers = data(call("GET", f"{ROOT}/printers"))["items"]

    known = {one["name"]: one for one in formats}
    assert known["L7160"] == {
        "id": None,  # it is built in
        "name": "L7160",
        "title": "Avery L7160 (A4, 21 labels)",
        "kind": "sheet",
        "width": 63.5,
        "height": 38.1,
        "cells": 21,
        "dpi": 300,
        "symbology": "code128",
    }
    (one,) = printers
    assert (one["id"], one["name"], one["dpi"], one["format"]) == (
        *(printer.id, "Zebra", 203),
        "57x32",
    )
    ProductFactory.create(sku="KETTLE-1")
    for one in known:
        chosen = body({"sku": "KETTLE-1"}, printer_id=printer.id) | {"format": one}
        assert call("POST", ROOT, chosen).status_code == 202
    for name in ("formats", "printers"):
        assert call("GET", f"{ROOT}/{name}", permissions=()).status_code == 403


def test_looking_takes_its_permission(call: Call) -> None:
    assert call("GET", ROOT, permissions=("labels.print",)).status_code == 403
    assert call("GET", f"{ROOT}/1", permissions=("labels.print",)).status_code == 403
    assert call("GET", f"{ROOT}/999999").status_code == 404
