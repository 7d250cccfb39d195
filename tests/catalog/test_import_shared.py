"""Catalogues of real companies, as far as they lie beside the repository."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Barcode, Product, Vendor
from app.imports import services
from tests.imports.samples import counts, csv_file

SHARED = Path("../shared/data")
DATAKICK = SHARED / "catalog_datakick/items.csv"
ADVENTURE = SHARED / "catalog_adventureworks"

pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="../shared/data is not there")


def table(name: str) -> list[dict[str, str]]:
    """Rows of an AdventureWorks table, which has no header of its own."""
    columns = json.loads((ADVENTURE / "COLUMNS.json").read_text())[name]["columns"]
    lines = (ADVENTURE / f"{name}.csv").read_text("utf-8").splitlines()
    return [dict(zip(columns, line.split("\t"), strict=False)) for line in lines]


def imported_file(
    kind: str, path: Path, mapping: dict[str, str], **more: Any
) -> dict[str, Any]:
    run = services.upload(kind, file_name=path.name, content=path.read_bytes(), **more)
    services.choose(run, mapping)
    return services.run_import(run.id, dry_run=False)


def test_all_real_products_but_the_one_with_a_bad_barcode_are_imported(
    session: Session,
) -> None:
    mapping = {"sku": "GTIN-14", "barcodes": "GTIN-14", "name": "Name"}

    first = imported_file("products", DATAKICK, mapping)
    again = imported_file("products", DATAKICK, mapping)

    assert (counts(first), counts(again)) == ((6560, 0, 0, 1), (0, 0, 6560, 1))
    assert first["errors"][0]["value"] == "00o27000382493"
    jerky = select(Product.name).join(Barcode, Barcode.product_id == Product.id)
    assert session.scalars(jerky.where(Barcode.key == "00000000959742")).one() == (
        "Turkey Jerky Teriyaki"
    )


def test_the_columns_of_the_real_products_are_guessed(session: Session) -> None:
    content = DATAKICK.read_bytes()

    run = services.upload("products", file_name="items.csv", content=content)

    assert run.mapping == {"sku": "GTIN-14", "name": "Name", "barcodes": "GTIN-14"}


def test_products_without_a_header_are_mapped_by_position(session: Session) -> None:
    mapping = {"sku": "3", "name": "2", "reorder_point": "8", "cost": "9", "price": "10"}

    result = imported_file("products", ADVENTURE / "Product.csv", mapping, header=False)

    assert counts(result) == (504, 0, 0, 0)
    ball: Any = session.scalars(select(Product).where(Product.sku == "BA-8327")).one()
    assert (ball.name, ball.reorder_point, ball.price) == ("Bearing Ball", 750, 0)


def test_vendors_and_their_part_terms_are_imported(session: Session) -> None:
    mapping = {"code": "2", "name": "3", "is_active": "6"}

    result = imported_file("vendors", ADVENTURE / "Vendor.csv", mapping, header=False)

    assert counts(result) == (104, 0, 0, 0)
    assert session.query(Vendor).filter_by(is_active=False).count() == sum(
        row["ActiveFlag"] == "0" for row in table("Vendor")
    )


def test_stock_is_prepared_by_a_join_and_imported(session: Session) -> None:
    mapping = {"sku": "3", "name": "2"}
    imported_file("products", ADVENTURE / "Product.csv", mapping, header=False)
    skus = {row["ProductID"]: row["ProductNumber"] for row in table("Product")}
    rows = [
        (
            skus[row["ProductID"]],
            f"{row['LocationID']}-{row['Shelf'].replace('/', '')}-{row['Bin']}",
            row["Quantity"],
        )
        for row in table("ProductInventory")
    ]
    content = csv_file([("sku", "location", "quantity"), *rows])
    first, again = (_stock(content) for _ in range(2))

    moved = sum(row[2] != "0" for row in rows)
    assert counts(first) == (moved, 0, len(rows) - moved, 0)
    assert counts(again) == (0, 0, len(rows), 0)


def _stock(content: bytes) -> dict[str, Any]:
    run = services.upload("stock", file_name="stock.csv", content=content)
    services.choose(run, run.mapping, options=["create_locations"])
    return services.run_import(run.id, dry_run=False)
