"""What we export, we take back: nothing changes."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.catalog import rules
from app.catalog import services as catalog
from app.catalog.models import BarcodeLine, Customer, Product, Vendor, VendorPartLine
from app.core.audit import AuditEntry
from app.core.cells import LONGEST_CELL
from app.core.files import StoredFile
from app.core.sheets import Format, TextTooLong, csv_lines, write_excel
from app.imports import services
from app.imports.definition import importers
from app.imports.exports import exported
from tests.factories import ProductFactory, UserFactory, VendorFactory
from tests.imports.samples import counts

ALL = {"state": "all"}
NASTY = st.text(alphabet=st.sampled_from("=+-@'#\t\r\n a0,.;|\\\"_x4Fé€\u200e"), max_size=12)
LIMITS = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def as_csv(kind: str) -> bytes:
    with exported(importers()[kind], Format.CSV, ALL) as file:
        return file.read()


def as_excel(kind: str) -> bytes:
    with exported(importers()[kind], Format.EXCEL, ALL) as file:
        return file.read()


def taken_back(kind: str, content: bytes) -> dict[str, Any]:
    """Import with the columns as they are guessed."""
    run = services.upload(kind, file_name="export", content=content)
    services.choose(run, run.mapping)
    return services.run_import(run.id, dry_run=False)


@pytest.mark.parametrize("write", [as_csv, as_excel])
@LIMITS
@given(texts=st.lists(NASTY, min_size=1, max_size=4), sku=NASTY)
def test_whatever_people_type_comes_back_as_it_was(
    session: Session, write: Callable[[str], bytes], texts: list[str], sku: str
) -> None:
    session.execute(delete(Product))  # of the example before
    for number, text in enumerate(texts):
        name = rules.parse_line(text) or "x"
        ProductFactory.create(
            sku=f"{rules.parse_line(sku)}{number}",
            name=name,
            description=rules.parse_text(text),
            category=name,
        )

    result = taken_back("products", write("products"))

    assert result["errors"] == []
    assert counts(result) == (0, 0, len(texts), 0)


@pytest.mark.parametrize("write", [as_csv, as_excel])
def test_a_full_product_comes_back_as_it_was(
    session: Session, write: Callable[[str], bytes]
) -> None:
    vendor = VendorFactory.create(code="=V1")
    catalog.create_product(
        sku="0012",
        name="#N/A",
        description="=1+1\r\n -two\n",
        price=Decimal("1234567.8901"),
        cost=Decimal("0.1"),
        weight=Decimal("1.234"),
        supplier_id=vendor.id,
        maximum_stock=Decimal(0),
        lead_time_days=7,
        is_active=False,
        barcodes=[
            BarcodeLine("0012345"),
            BarcodeLine("A;B|C*5\\"),
            BarcodeLine("C", Decimal("2.5")),
        ],
        vendor_parts=[VendorPartLine(vendor.id, "00X*1")],
    )
    written = session.query(AuditEntry).count()

    result = taken_back("products", write("products"))

    assert (counts(result), result["errors"]) == ((0, 0, 1, 0), [])
    assert session.query(Product.version).one() == (1,)
    assert session.query(AuditEntry).count() == written


@pytest.mark.parametrize("write", [as_csv, as_excel])
def test_customers_and_vendors_come_back_as_they_were(
    session: Session, write: Callable[[str], bytes]
) -> None:
    rep = UserFactory.create()
    catalog.create_contact(
        Customer,
        code="001",
        name="Ærø & Søn",
        email="-x@example.com",
        country="DK",
        phone="+45 1234",
        sales_rep_id=rep.id,
        shipping_address={"line1": "=Street", "country": "SE"},
    )
    catalog.create_contact(Vendor, code="V,1", name="Acme", notes="a\nb", lead_time_days=0)

    results = [taken_back(kind, write(kind)) for kind in ("customers", "vendors")]

    assert [counts(result) for result in results] == [(0, 0, 1, 0)] * 2


def test_codes_stay_texts_in_excel(session: Session) -> None:
    ProductFactory.create(sku="00123", name="=cmd()", price=Decimal("1.5"))

    sheet = load_workbook(BytesIO(as_excel("products"))).active

    assert sheet is not None
    cells = {head.value: cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert (cells["SKU"].value, cells["SKU"].data_type) == ("00123", "s")
    assert cells["Name"].value == "'=cmd()"
    assert (cells["Price"].value, cells["Price"].data_type) == (1.5, "n")


def test_csv_opens_as_utf_8_in_excel(session: Session) -> None:
    ProductFactory.create(name="Käse")

    content = as_csv("products")

    assert content.startswith(b"\xef\xbb\xbf")
    assert "Käse" in content.decode("utf-8-sig")


def test_every_row_is_written_once_however_many_there_are() -> None:
    pieces = list(csv_lines([number] for number in range(1201)))

    lines = "".join(pieces).removeprefix("\ufeff").splitlines()
    assert len(pieces) == 3
    assert lines == [str(number) for number in range(1201)]


def test_a_text_that_no_cell_can_hold_is_not_cut(session: Session) -> None:
    with pytest.raises(TextTooLong, match="Export CSV instead"):
        write_excel([["x" * (LONGEST_CELL + 1)]], "Sheet", BytesIO())


def test_the_filters_of_the_list_hold_for_its_export(session: Session) -> None:
    ProductFactory.create(sku="A", category="Fruit")
    ProductFactory.create(sku="B", category="Bread")
    ProductFactory.create(sku="C", category="Fruit", is_active=False)

    def skus(**filters: str) -> list[str]:
        with exported(importers()["products"], Format.CSV, filters) as file:
            return [line.decode().partition(",")[0] for line in file][1:]

    assert skus() == ["A", "B"]
    assert skus(category="Fruit") == ["A"]
    assert skus(state="inactive") == ["C"]
    assert skus(state="all", category="Fruit") == ["A", "C"]
    assert skus(search="b") == ["B"]


def test_the_bad_rows_come_back_with_the_reason_and_can_be_put_right(session: Session) -> None:
    content = b"SKU;Name;Price\nA;Apple;1,5\nB;;2,5\n=C;Cake;x\n"
    run = services.upload("products", file_name="list.csv", content=content)
    services.choose(run, run.mapping)

    services.run_import(run.id, dry_run=False)

    file = session.get_one(StoredFile, run.error_file_id)
    text = bytes(file.content).decode("utf-8-sig")
    assert (file.name, file.permission) == ("list - errors.csv", "products.import")
    assert text.splitlines() == [
        "SKU;Name;Price;Reason",
        "B;;2,5;Name: A new product needs a name.",
        (
            " =C;Cake;x;SKU: This is a formula: put there what comes of it. "
            "Price: This is not a number with a comma before the decimals."
        ),
    ]
    half = text.replace("B;;", "B;Bread;").replace(";x;", ";1,25;").encode()
    assert counts(taken_back("products", half)) == (1, 0, 0, 1)
    whole = half.replace(b" =C;", b"'=C;")  # an apostrophe says that it is meant so
    assert counts(taken_back("products", whole)) == (1, 0, 1, 0)
    assert session.query(Product).filter_by(sku="=C").count() == 1
