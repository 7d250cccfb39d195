"""Whoever may not see costs edits goods all the same: what they have not seen stays."""

import io
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.services import create_token
from app.catalog.models import Product, Vendor, VendorPart
from app.core.jobs import runner
from app.imports.models import ImportRun
from tests.conftest import SignIn
from tests.factories import ProductFactory, RoleFactory, UserFactory, VendorPartFactory

MAY = ("products.view", "products.edit", "products.import")


@pytest.fixture
def product() -> Product:
    product = ProductFactory.create(sku="F-1", name="Filter", cost=Decimal("7.35"))
    VendorPartFactory.create(product=product, part_number="P-1", price=Decimal("6.42"))
    return product


@pytest.fixture
def program(app: Flask) -> FlaskClient:
    user = UserFactory.create(role=RoleFactory.create(permissions=list(MAY)))
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {create_token(user, name='till')}"
    return client


def kept(session: Session, product: Product) -> tuple[Decimal, list[Decimal | None]]:
    session.expire_all()
    prices = select(VendorPart.price).where(VendorPart.product_id == product.id)
    return session.get_one(Product, product.id).cost, list(session.scalars(prices))


def test_what_a_program_got_it_sends_back_and_costs_stay(
    program: FlaskClient, session: Session, product: Product
) -> None:
    address = f"/api/v1/products/{product.id}"
    shown: Any = program.get(address).json
    assert (shown["cost"], shown["vendor_parts"][0]["price"]) == (None, None)

    answer = program.put(address, json=shown | {"name": "Fine filter"})

    assert answer.status_code == 200, answer.text
    assert kept(session, product) == (Decimal("7.35"), [Decimal("6.42")])


@pytest.mark.parametrize("path", ["/api/v1/products", "/api/products"])
def test_a_program_cannot_set_what_it_may_not_see(
    program: FlaskClient, session: Session, product: Product, path: str
) -> None:
    answer = program.put(f"{path}/{product.id}", json={"cost": "1.00"})

    assert answer.status_code == 422
    assert "not allowed to see or set costs" in answer.text
    assert kept(session, product)[0] == Decimal("7.35")


def test_a_line_with_a_price_is_not_lost_unseen(
    program: FlaskClient, session: Session, product: Product
) -> None:
    answer = program.put(f"/api/v1/products/{product.id}", json={"vendor_parts": []})

    assert answer.status_code == 422
    assert "P-1 has a price, which you may not see" in answer.text
    assert kept(session, product)[1] == [Decimal("6.42")]


def test_the_page_asks_for_no_cost_and_takes_none(
    sign_in: SignIn, session: Session, product: Product
) -> None:
    client = sign_in(*MAY)
    form = client.get(f"/products/{product.id}/edit").text
    assert 'name="cost"' not in form
    assert "vendor_parts-0-price" not in form
    vendor = session.scalars(select(Vendor.code)).one()
    line = {"vendor_parts-0-vendor_id": vendor, "vendor_parts-0-part_number": "P-1"}
    sent = {"sku": "F-1", "name": "Fine filter", "unit": "pcs", "currency": product.currency}
    forged = {"cost": "1.00", "vendor_parts-0-price": "1.00"}

    answer = client.post(f"/products/{product.id}", data=sent | line | forged)

    assert answer.status_code == 303, answer.text
    assert kept(session, product) == (Decimal("7.35"), [Decimal("6.42")])
    assert session.get_one(Product, product.id).name == "Fine filter"


def test_null_is_no_cost_for_those_who_see_them(app: Flask, product: Product) -> None:
    user = UserFactory.create(role=RoleFactory.create(permissions=["*"]))
    headers = {"Authorization": f"Bearer {create_token(user, name='till')}"}

    answer = app.test_client().put(
        f"/api/v1/products/{product.id}", json={"cost": None}, headers=headers
    )

    assert answer.status_code == 422


@pytest.mark.parametrize(("sees", "mapped"), [(True, True), (False, False)])
def test_a_file_brings_costs_only_by_those_who_see_them(
    sign_in: SignIn, session: Session, sees: bool, mapped: bool
) -> None:
    client = sign_in(*MAY, *(["products.costs"] if sees else []))
    file = (io.BytesIO(b"SKU,Name,Cost\nF-9,Fan,3.50\n"), "goods.csv")

    client.post("/imports", data={"kind": "products", "header": "y", "file": file})

    assert ("cost" in session.query(ImportRun).one().mapping) is mapped


LEFT_OUT = "The column “Cost” is left out: the field “Cost” is imported only by those who may"


def uploaded(client: FlaskClient, session: Session) -> ImportRun:
    file = (io.BytesIO(b"SKU,Name,Cost\nF-9,Fan,3.50\n"), "goods.csv")
    client.post("/imports", data={"kind": "products", "header": "y", "file": file})
    return session.query(ImportRun).order_by(ImportRun.id.desc()).limit(1).one()


def test_who_may_not_see_costs_is_told_that_they_are_left_out(
    sign_in: SignIn, session: Session
) -> None:
    client = sign_in(*MAY)
    run = uploaded(client, session)
    assert LEFT_OUT in client.get(f"/imports/{run.id}").text

    columns = {"field_sku": "SKU", "field_name": "Name", "update": "y"}
    client.post(f"/imports/{run.id}/checks", data=columns)
    session.refresh(run)
    runner.perform(run.job_id or 0)

    assert LEFT_OUT in client.get(f"/imports/{run.id}").text
    taken = columns | {"field_description": "Cost"}
    client.post(f"/imports/{run.id}/checks", data=taken)
    session.refresh(run)
    assert run.left_out == {}


def test_what_is_remembered_of_costs_stays_with_those_who_may_see_them(
    sign_in: SignIn, session: Session
) -> None:
    blind, seeing = sign_in(*MAY), sign_in(*MAY, "products.costs")
    columns = {"field_sku": "SKU", "field_name": "Name", "update": "y"}

    run = uploaded(blind, session)
    blind.post(f"/imports/{run.id}/checks", data=columns)
    unseen = uploaded(seeing, session)
    assert unseen.mapping == {"sku": "SKU", "name": "Name", "cost": "Cost"}

    seeing.post(f"/imports/{unseen.id}/checks", data=columns | {"field_cost": ""})
    again = uploaded(blind, session)
    blind.post(f"/imports/{again.id}/checks", data=columns)
    assert uploaded(seeing, session).mapping == {"sku": "SKU", "name": "Name"}


def test_a_program_is_told_that_costs_are_left_out(
    program: FlaskClient, session: Session
) -> None:
    file = (io.BytesIO(b"SKU,Name,Cost\nF-9,Fan,3.50\n"), "goods.csv")

    answer: Any = program.post("/api/v1/products/import", data={"file": file}).json
    runner.perform(answer["job_id"])

    (said,) = (one for one in answer["notices"] if LEFT_OUT in one)
    job: Any = program.get(answer["status_url"]).json
    assert said in job["result"]["notices"]


def test_a_program_is_told_that_it_may_not_import_costs(program: FlaskClient) -> None:
    file = (io.BytesIO(b"SKU,Name,Cost\nF-9,Fan,3.50\n"), "goods.csv")
    mapping = '{"sku": "SKU", "name": "Name", "cost": "Cost"}'

    answer = program.post("/api/v1/products/import", data={"file": file, "mapping": mapping})

    assert answer.status_code == 422
    assert (answer.json or {})["error"] == "You are not allowed to see or set “Cost”."


def test_a_conflict_does_not_tell_them_either(
    program: FlaskClient, app: Flask, product: Product
) -> None:
    admin = UserFactory.create(role=RoleFactory.create(permissions=["*"]))
    headers = {"Authorization": f"Bearer {create_token(admin, name='till')}"}
    address, version = f"/api/v1/products/{product.id}", product.version
    shown: Any = program.get(address).json
    theirs = [shown["vendor_parts"][0] | {"price": "5.31", "lead_time_days": 4}]
    app.test_client().put(address, json={"vendor_parts": theirs}, headers=headers)

    mine = [shown["vendor_parts"][0] | {"lead_time_days": 9}]
    answer = program.put(address, json={"version": version, "vendor_parts": mine})

    assert answer.status_code == 409
    assert "5.31" not in answer.text
    assert "not shown" in answer.text
