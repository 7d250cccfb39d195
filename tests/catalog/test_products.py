"""The services of products."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.catalog import queries, services
from app.catalog.models import BarcodeLine, Product, VendorPartLine
from app.core import audit
from app.core.db import db
from app.core.errors import AlreadyExists, DomainError, Invalid
from app.core.files import StoredFile
from app.core.versions import StaleVersion
from tests.factories import BarcodeFactory, ProductFactory, VendorFactory

EAN, UPC = "4006381333931", "036000291452"
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


def saved(product: Product) -> Product:
    db.session.expire_all()
    return db.session.scalars(queries.product(product.id)).one()


def told(product: Product) -> list[dict[str, list[str]]]:
    return [entry.changes for entry in db.session.scalars(audit.history(product))]


def test_a_product_is_made_with_its_codes_and_part_numbers() -> None:
    vendor = VendorFactory.create()
    part = VendorPartLine(vendor.id, "AC-9", Decimal("2.5"), 7, Decimal(10))

    product = services.create_product(
        sku=" OAT-1 ",
        name="Oat  drink",
        barcodes=[BarcodeLine(EAN), BarcodeLine(UPC, Decimal(12))],
        vendor_parts=[part],
    )

    product = saved(product)
    assert (product.sku, product.name, product.version) == ("OAT-1", "Oat drink", 1)
    assert product.barcodes == [BarcodeLine(EAN), BarcodeLine(UPC, Decimal(12))]
    assert product.vendor_parts == [part]


def test_a_product_is_priced_in_the_money_of_the_company() -> None:
    product = services.create_product(sku="OAT-1", name="Oat drink")

    assert product.currency == "USD"


def test_its_first_history_entry_tells_the_codes() -> None:
    product = services.create_product(
        sku="OAT-1", name="Oat drink", barcodes=[BarcodeLine(EAN, Decimal(6))]
    )

    assert told(product)[0]["barcodes"] == ["", f"{EAN} (6 units)"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sku", " "),
        ("name", ""),
        ("name", "x" * 301),
        ("name", "a\x00b"),
        ("currency", "XXX"),
        ("description", "x" * 10_001),
        ("barcodes", [BarcodeLine("5.65E+12")]),
        ("barcodes", [BarcodeLine(EAN, Decimal(0))]),
        ("barcodes", [BarcodeLine(UPC), BarcodeLine(UPC.zfill(14))]),
        ("vendor_parts", [VendorPartLine(1, " ")]),
        ("vendor_parts", [VendorPartLine(0, "AC-9")]),
        ("supplier_id", 0),
    ],
)
def test_a_value_that_does_not_fit_is_refused_at_its_field(field: str, value: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        services.create_product(**{"sku": "OAT-1", "name": "Oat drink", field: value})

    assert refusal.value.field == field
    assert db.session.scalar(select(func.count(Product.id))) == 0


def test_a_taken_sku_is_refused_and_names_its_product() -> None:
    ProductFactory.create(sku="OAT-1", name="Oat drink")

    with pytest.raises(AlreadyExists, match="Oat drink") as refusal:
        services.create_product(sku="OAT-1", name="Another")

    assert refusal.value.field == "sku"


def test_a_barcode_of_another_product_is_refused_in_any_length_and_names_it() -> None:
    other = ProductFactory.create(sku="OAT-1", name="Oat drink")
    BarcodeFactory.create(product=other, code=UPC.zfill(14))
    product = ProductFactory.create()

    with pytest.raises(AlreadyExists, match="OAT-1 Oat drink") as refusal:
        services.revise_product(product.id, version=1, barcodes=[BarcodeLine(UPC)])

    assert refusal.value.field == "barcodes"
    assert saved(product).barcodes == []


def test_changed_codes_are_one_version_and_one_entry_of_the_history() -> None:
    product = services.create_product(
        sku="OAT-1", name="Oat drink", barcodes=[BarcodeLine(EAN), BarcodeLine("OWN-1")]
    )

    services.revise_product(
        product.id,
        version=1,
        name="Oat drink 1 l",
        barcodes=[BarcodeLine(EAN, Decimal(6)), BarcodeLine(UPC)],
    )

    product = saved(product)
    assert product.barcodes == [BarcodeLine(EAN, Decimal(6)), BarcodeLine(UPC)]
    assert product.version == 2
    assert told(product)[0] == {
        "name": ["Oat drink", "Oat drink 1 l"],
        "barcodes": [f"{EAN}, OWN-1", f"{EAN} (6 units), {UPC}"],
    }


def test_a_code_that_stays_keeps_its_row() -> None:
    product = services.create_product(sku="OAT-1", name="Oat", barcodes=[BarcodeLine(UPC)])
    before = product.barcode_rows[0].id

    services.revise_product(product.id, version=1, barcodes=[BarcodeLine(UPC.zfill(14))])

    assert [(r.id, r.code) for r in saved(product).barcode_rows] == [(before, UPC.zfill(14))]


def test_changed_part_numbers_are_told() -> None:
    vendor = VendorFactory.create()
    product = ProductFactory.create()

    services.revise_product(
        product.id, version=1, vendor_parts=[VendorPartLine(vendor.id, "AC-9", Decimal("2.50"))]
    )

    assert told(product)[0] == {"vendor_parts": ["", f"AC-9 (vendor {vendor.id}, at 2.5)"]}


def test_what_is_not_given_stays_and_nothing_new_is_no_new_version() -> None:
    product = services.create_product(sku="OAT-1", name="Oat", barcodes=[BarcodeLine(EAN)])

    services.revise_product(product.id, version=1, name="Oat", barcodes=[BarcodeLine(EAN)])

    assert saved(product).version == 1
    assert saved(product).barcodes == [BarcodeLine(EAN)]


def test_an_old_version_is_refused_with_both_values_also_of_codes() -> None:
    product = services.create_product(sku="OAT-1", name="Oat", barcodes=[BarcodeLine(EAN)])
    services.revise_product(product.id, version=1, barcodes=[BarcodeLine(UPC)])

    with pytest.raises(StaleVersion) as refusal:
        services.revise_product(product.id, version=1, name="Oats", barcodes=[])

    assert refusal.value.conflicts == {"barcodes": (UPC, "")}
    assert saved(product).barcodes == [BarcodeLine(UPC)]


def test_a_product_is_deactivated_and_activated() -> None:
    product = ProductFactory.create()

    services.deactivate_product(product.id)
    assert not saved(product).is_active

    services.activate_product(product.id, version=2)
    assert saved(product).is_active


def test_a_deactivated_vendor_may_stay_the_supplier() -> None:
    vendor = VendorFactory.create(is_active=False)
    product = ProductFactory.create(supplier_id=vendor.id)

    services.revise_product(product.id, version=1, supplier_id=vendor.id, name="Oats")

    assert saved(product).name == "Oats"


def test_terms_of_a_part_number_are_told() -> None:
    line = VendorPartLine(7, "AC-9", Decimal("2.50"), 0, Decimal(10))

    assert str(line) == "AC-9 (vendor 7, at 2.5, 0 days, from 10)"


def test_another_refusal_of_the_database_is_not_taken_for_a_race() -> None:
    with pytest.raises(IntegrityError):
        services.create_product(sku="OAT-1", name="Oat", price=Decimal(-1))


def test_a_picture_takes_the_place_of_the_one_before(session: Session) -> None:
    product = ProductFactory.create()
    services.set_image(product.id, image=PNG)
    first = saved(product).image_id

    services.set_image(product.id, image=b"\xff\xd8\xff picture")

    files = session.scalars(select(StoredFile)).all()
    assert [(f.id, f.content_type) for f in files] == [(saved(product).image_id, "image/jpeg")]
    assert files[0].id != first


def test_a_picture_is_removed(session: Session) -> None:
    product = ProductFactory.create()
    services.set_image(product.id, image=b"RIFF1234WEBP")

    services.remove_image(product.id)

    assert saved(product).image_id is None
    assert session.scalars(select(StoredFile)).all() == []


@pytest.mark.parametrize("image", [b"", b"<svg></svg>", PNG + b" " * 5 * 1024**2])
def test_what_is_no_picture_is_refused(image: bytes) -> None:
    product = ProductFactory.create()

    with pytest.raises(Invalid) as refusal:
        services.set_image(product.id, image=image)

    assert refusal.value.field == "image"


def at_once(app: Flask, *calls: Callable[[], object]) -> list[object]:
    """Run each call in a thread of its own; give what it returned or how it was refused."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        with app.app_context():
            barrier.wait()
            try:
                return call()
            except DomainError as error:
                return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.committed
@pytest.mark.parametrize("sku", ["OAT-1", "OAT-2", "OAT-3"])
def test_of_two_who_make_one_sku_at_once_the_slower_hears_of_it(app: Flask, sku: str) -> None:
    create = partial(services.create_product, sku=sku)

    results = at_once(app, partial(create, name="Mine"), partial(create, name="Yours"))

    refusals = [result for result in results if isinstance(result, AlreadyExists)]
    assert [refusal.field for refusal in refusals] == ["sku"]
    assert "is the SKU of" in str(refusals[0])


@pytest.mark.committed
@pytest.mark.parametrize("code", ["OWN-1", "OWN-2", "OWN-3"])
def test_of_two_who_take_one_barcode_at_once_the_slower_hears_of_it(
    app: Flask, code: str
) -> None:
    take = partial(services.revise_product, version=1, barcodes=[BarcodeLine(code)])
    mine, yours = ProductFactory.create().id, ProductFactory.create().id

    results = at_once(app, partial(take, mine), partial(take, yours))

    refusals = [result for result in results if isinstance(result, AlreadyExists)]
    assert [refusal.field for refusal in refusals] == ["barcodes"]


@pytest.mark.committed
def test_of_two_who_revise_one_version_at_once_one_wins(app: Flask) -> None:
    revise = partial(services.revise_product, ProductFactory.create(name="Oat").id, version=1)

    results = at_once(app, partial(revise, name="Mine"), partial(revise, name="Yours"))

    assert sum(isinstance(result, StaleVersion) for result in results) == 1
