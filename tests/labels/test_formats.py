"""Own formats and printers: their rules, and their pages."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.labels import services
from app.labels.models import LabelFormat, LabelPrinter
from tests.conftest import SignIn
from tests.factories import ProductFactory
from tests.labels.conftest import drawn, pdf_of
from tests.labels.reading import rasters, read, require_pango, words

SHEET = {
    "name": "Our sheet",
    "kind": "sheet",
    "label_width": "70",
    "label_height": "37",
    "page_width": "210",
    "page_height": "297",
    "columns": "3",
    "rows": "8",
    "margin_left": "0",
    "margin_top": "0.5",
    "pitch_x": "70",
    "pitch_y": "37",
    "dpi": "300",
    "symbology": "qr",
}
PRINTER = {"name": "Zebra", "dpi": "203", "offset_x": "1.5", "offset_y": "-0.5", "format": ""}


@pytest.fixture
def client(sign_in: SignIn) -> FlaskClient:
    return sign_in("labels.view", "labels.print", "labels.manage", "products.view")


def own(session: Session) -> LabelFormat:
    return session.scalars(select(LabelFormat)).one()


def test_a_format_of_our_own_prints(client: FlaskClient, session: Session) -> None:
    ProductFactory.create(sku="A-1")
    assert client.post("/labels/formats", data=SHEET).status_code == 303

    form = {"subject": "sku", "items": "A-1", "copies": "1", "format": "Our sheet"}
    response = client.post("/labels", data=form | {"start_cell": "24", "code": "sku"})

    batch = drawn(int(response.location.rpartition("/")[2]))
    (one,) = read(pdf_of(batch), 300)
    assert (one.symbology, one.text) == ("qr", "A-1")
    assert one.left > 140
    assert one.top > 7 * 37


def test_a_batch_prints_again_after_its_format_is_gone(
    client: FlaskClient, session: Session
) -> None:
    ProductFactory.create(sku="A-1")
    client.post("/labels/formats", data=SHEET)
    form = {"subject": "sku", "items": "A-1", "copies": "1", "format": "our SHEET"}
    form["format"] = "Our sheet"
    first = client.post("/labels", data=form | {"start_cell": "2", "code": "sku"}).location

    client.post(f"/labels/formats/{own(session).id}/delete")
    again = client.post(f"{first}/repeats", data={"first_label": "1"})

    assert drawn(int(again.location.rpartition("/")[2])).labels == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": ""}, "This is needed."),
        ({"name": "l7160"}, "There is a format “l7160” already."),
        ({"label_width": "5"}, "A label is at least 10 × 8 mm."),
        ({"pitch_x": "60"}, "they would lie on each other"),
        ({"columns": "4"}, "The labels end at 280 mm, and the page at 210 mm."),
        ({"rows": "9"}, "The labels end at"),
        ({"label_width": "abc"}, "This is not a number."),
        ({"label_width": "10.123"}, "At most 2 decimals."),
        ({"dpi": "72"}, "Not a valid choice"),
    ],
)
def test_a_format_that_cannot_be_is_refused(
    client: FlaskClient, session: Session, changes: dict[str, str], reason: str
) -> None:
    response = client.post("/labels/formats", data=SHEET | changes)

    assert response.status_code == 422
    assert reason in response.text
    assert session.scalars(select(LabelFormat)).all() == []


def test_a_roll_needs_only_the_size_of_its_label(client: FlaskClient, session: Session) -> None:
    client.post("/labels/formats", data=SHEET | {"kind": "roll", "columns": "", "rows": ""})

    format_ = own(session).format
    assert (format_.page, format_.size, format_.cells) == ((70, 37), (70, 37), 1)


def test_two_people_edit_one_format(client: FlaskClient, session: Session) -> None:
    client.post("/labels/formats", data=SHEET)
    row = own(session)
    page = client.get(f"/labels/formats/{row.id}/edit").text
    assert 'value="Our sheet"' in page

    saved = client.post(
        f"/labels/formats/{row.id}", data=SHEET | {"dpi": "203", "version": "1"}
    )
    stale = client.post(
        f"/labels/formats/{row.id}", data=SHEET | {"dpi": "600", "version": "1"}
    )

    assert saved.status_code == 303
    assert stale.status_code == 409
    assert "has changed this record meanwhile." in stale.text


def test_formats_are_listed_with_those_of_everybody(client: FlaskClient) -> None:
    client.post("/labels/formats", data=SHEET)

    page = client.get("/labels/formats").text

    assert "Our sheet" in page
    assert "Avery L7160" in page


def test_a_printer_nudges_its_labels(client: FlaskClient, session: Session) -> None:
    ProductFactory.create(sku="A-1")
    client.post("/labels/printers", data=PRINTER)
    printer = session.scalars(select(LabelPrinter)).one()
    form = {"subject": "sku", "items": "A-1", "copies": "1", "format": "L7160", "code": "sku"}

    lefts = []
    for chosen in ("", str(printer.id)):
        values = form | {"start_cell": "1", "printer_id": chosen, "dpi": "203"}
        batch = drawn(int(client.post("/labels", data=values).location.rpartition("/")[2]))
        lefts.append(read(pdf_of(batch), 203)[0].left)

    assert lefts[1] - lefts[0] == pytest.approx(1.5, abs=0.13)


def test_the_resolution_is_that_of_the_printer(session: Session) -> None:
    printer = services.create_printer(name="Zebra", dpi=203)
    choices = services.Choices(format="L7160", printer_id=printer.id)

    class NoJob:
        @staticmethod
        def enqueue(**_rest: Any) -> Any:
            return type("Run", (), {"id": None})

    batch = services.request_batch([services.LabelRequest("sku", "A")], choices, NoJob)

    assert batch.dpi == 203


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": ""}, "This is needed."),
        ({"offset_x": "11"}, "Number must be between -10 and 10."),
        ({"offset_y": "x"}, "This is not a number."),
        ({"name": "ZEBRA"}, "There is a printer “ZEBRA” already."),
    ],
)
def test_a_printer_that_cannot_be_is_refused(
    client: FlaskClient, changes: dict[str, str], reason: str
) -> None:
    services.create_printer(name="Zebra", dpi=203)

    response = client.post("/labels/printers", data=PRINTER | {"name": "Other"} | changes)

    assert response.status_code == 422
    assert reason in response.text


def test_a_printer_is_changed_and_deleted(client: FlaskClient, session: Session) -> None:
    printer = services.create_printer(name="Zebra", dpi=203)
    here = f"/labels/printers/{printer.id}"

    assert 'value="Zebra"' in client.get(f"{here}/edit").text
    client.post(here, data=PRINTER | {"name": "Zebra 2", "version": "1"})
    assert "Zebra 2" in client.get("/labels/printers").text
    stale = client.post(here, data=PRINTER | {"name": "Zebra 3", "version": "1"})
    assert stale.status_code == 409

    client.post(f"{here}/delete")
    assert "No printers yet." in client.get("/labels/printers").text


def test_the_calibration_sheet_has_the_borders_of_the_labels(client: FlaskClient) -> None:
    require_pango()
    printer = services.create_printer(name="Zebra", dpi=203, offset_x=1)

    answer = client.get(f"/labels/printers/{printer.id}/calibration.pdf?format=L7160")

    assert answer.mimetype == "application/pdf"
    assert "offset 1 / 0 mm" in words(answer.data)
    (picture,) = rasters(answer.data, 203)
    middle = round((15.15 + 5) * 8)  # beside the cross of the first label
    black = [x / 8 for x in range(picture.width) if picture.getpixel((x, middle)) < 128]
    assert black[0] == pytest.approx(7.21 + 1, abs=0.1)
    assert black[-1] == pytest.approx(7.21 + 1 + 2 * 66.04 + 63.5, abs=0.2)


def test_there_is_no_calibration_sheet_of_an_unknown_format(client: FlaskClient) -> None:
    printer = services.create_printer(name="Zebra", dpi=203)

    answer = client.get(f"/labels/printers/{printer.id}/calibration.pdf?format=NOPE")

    assert answer.status_code == 404
