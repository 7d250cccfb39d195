"""Imports and exports for programs."""

import json
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts import services as accounts
from app.catalog.models import Product
from app.core.jobs import JobRun, runner
from app.core.pages.lists import lists
from app.imports import api
from app.imports.reading import files
from tests.conftest import SignIn
from tests.factories import ProductFactory, RoleFactory, UserFactory
from tests.imports.samples import csv_file, excel_file

ROWS = [("No", "Words", "Preis"), ("A", "Apple", "1,5"), ("B", "", "2,5")]
MAPPING = json.dumps({"sku": "No", "name": "Words", "price": 3})


def bearer(*permissions: str) -> dict[str, str]:
    user = UserFactory.create(role=RoleFactory.create(permissions=list(permissions)))
    return {"Authorization": f"Bearer {accounts.create_token(user, name='test')}"}


def post(app: Flask, area: str = "products", **fields: Any) -> Any:
    headers = fields.pop("headers", None) or bearer("products.import", "stock.import")
    content = fields.pop("content", None) or csv_file(ROWS)
    body = {"file": (BytesIO(content), "list.csv"), "mapping": MAPPING} | fields
    return app.test_client().post(f"/api/v1/{area}/import", data=body, headers=headers)


def work(session: Session) -> dict[str, Any]:
    run = session.query(JobRun).order_by(JobRun.id.desc()).limit(1).one()
    runner.perform(run.id)
    assert run.result is not None
    return run.result


def test_a_file_is_imported_in_the_background(app: Flask, session: Session) -> None:
    headers = bearer("products.import")
    answer = post(app, headers=headers)

    result = work(session)
    job = app.test_client().get(answer.json["status_url"], headers=headers).json
    assert answer.status_code == 202
    assert job is not None
    assert (job["id"], job["state"], job["result"]) == (
        answer.json["job_id"],
        "succeeded",
        result,
    )
    assert {
        name: result[name] for name in ("rows", "created", "updated", "unchanged", "failed")
    } == {
        "rows": 2,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "failed": 1,
    }
    assert result["errors"] == [
        {"row": 3, "field": "name", "value": "", "error": "A new product needs a name."}
    ]
    assert app.test_client().get(result["error_file_url"], headers=headers).status_code == 200


def test_a_dry_run_imports_nothing(app: Flask, session: Session) -> None:
    post(app, dry_run="1")

    assert work(session)["created"] == 1
    assert session.query(Product).count() == 0


def test_without_update_known_records_are_left_alone(app: Flask, session: Session) -> None:
    ProductFactory.create(sku="A", name="Pear")

    post(app, update="0")

    assert (work(session)["unchanged"], session.query(Product.name).all()) == (1, [("Pear",)])


def test_a_file_without_a_header_is_mapped_by_position(app: Flask, session: Session) -> None:
    post(app, content=b"A\tApple\n", header="0", mapping='{"sku": "1", "name": "2"}')

    assert work(session)["created"] == 1


def test_without_a_mapping_the_columns_are_guessed(app: Flask, session: Session) -> None:
    post(app, content=b"SKU,Name\nA,Apple\n", mapping="")

    assert work(session)["created"] == 1


def test_stock_is_imported_below_inventory(app: Flask, session: Session) -> None:
    ProductFactory.create(sku="A")
    content = csv_file([("SKU", "Location", "Quantity"), ("A", "NEW-1", "5")])

    post(app, "inventory", content=content, mapping="", options="create_locations")

    assert work(session)["created"] == 1


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"mapping": "nonsense"}, 422, "mapping"),
        ({"mapping": "[1]"}, 422, "mapping"),
        ({"mapping": "[" * 100_000}, 422, "mapping"),
        ({"mapping": '{"sku": "Nope"}'}, 422, "mapping"),
        ({"content": b"%PDF-1.7"}, 422, "file"),
        ({"file": "text"}, 422, "file"),
        ({"decimal": "x"}, 422, "decimal"),
        ({"content": excel_file(ROWS), "sheet": "Nope"}, 422, "sheet"),
        ({"header_row": "77"}, 422, "header_row"),
        ({"sheet": "Sheet", "encoding": "klingon"}, 422, "file"),
        ({"options": "sing"}, 422, "options"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_field(
    app: Flask, session: Session, fields: dict[str, Any], status: int, field: str
) -> None:
    answer = post(app, **fields)

    assert (answer.status_code, list(answer.json["fields"])) == (status, [field])
    assert session.query(JobRun).count() == 0


def test_a_file_that_is_too_large_is_refused_with_413(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 10)

    answer = post(app)

    assert (answer.status_code, answer.json["code"]) == (413, "file_too_large")


def test_the_same_key_imports_once(app: Flask, session: Session) -> None:
    headers = bearer("products.import") | {"Idempotency-Key": "k"}

    # Each request has a boundary of its own.
    first, again = (post(app, headers=headers) for _ in range(2))

    assert (first.status_code, again.json) == (202, first.json)
    assert session.query(JobRun).count() == 1
    other = post(app, headers=headers, dry_run="1")
    assert (other.status_code, other.json["code"]) == (409, "key_reused")


@pytest.mark.parametrize("area", ["products", "customers", "vendors", "inventory"])
def test_each_area_asks_for_its_own_permission(app: Flask, session: Session, area: str) -> None:
    others = {"products.import", "customers.import", "vendors.import", "stock.import"}
    others.remove("stock.import" if area == "inventory" else f"{area}.import")

    assert post(app, area, headers=bearer(*others)).status_code == 403
    assert post(app, area, headers={"Authorization": ""}).status_code == 401


def test_records_are_exported_active_or_not(app: Flask, session: Session) -> None:
    ProductFactory.create(sku="A", name="=1+1")
    ProductFactory.create(sku="B", is_active=False)
    client, headers = app.test_client(), bearer("products.import")

    everything = client.get("/api/v1/products/export?format=csv", headers=headers)
    active = client.get("/api/v1/products/export?format=csv&state=", headers=headers)
    excel = client.get("/api/v1/products/export", headers=headers)

    assert [line[:2] for line in everything.text.splitlines()[1:]] == ["A,", "B,"]
    assert [line[:2] for line in active.text.splitlines()[1:]] == ["A,"]
    assert "'=1+1" in everything.text
    assert excel.data.startswith(b"PK")


def test_a_filter_that_an_export_does_not_know_is_refused_by_its_name(
    app: Flask, sign_in: SignIn
) -> None:
    refused = [
        ("products", {"colour": "red", "page": "2"}),
        ("products", {"supplier": "acme", "state": "used"}),
        ("customers", {"category": "Tea"}),
        ("orders", {"from": "yesterday", "customer": "x"}),
        ("orders", {"status": "lost"}),
    ]
    client = sign_in("*")

    for area, filters in refused:
        answer = client.get(f"/api/v1/{area}/export", query_string=filters)
        told: Any = answer.json
        assert (answer.status_code, set(told["fields"])) == (422, set(filters))
    for area, known in api.FILTERS.items():
        names = {one.name for one in lists()[area].page.filters}
        assert names == known.keys() - {"supplier_id"} | {"search"}
    fine = client.get("/api/v1/orders/export?from=2026-01-01&status=open&q=x&format=csv")
    assert fine.status_code == 200


def test_a_session_may_export(sign_in: SignIn) -> None:
    assert sign_in("vendors.import").get("/api/v1/vendors/export").status_code == 200
    assert sign_in("vendors.view").get("/api/v1/vendors/export").status_code == 403


def test_an_unknown_format_is_refused(sign_in: SignIn) -> None:
    answer = sign_in("vendors.import").get("/api/v1/vendors/export?format=pdf")

    assert (answer.status_code, answer.json["fields"].keys()) == (422, {"format"})  # type: ignore[index]


def test_many_records_are_exported_by_a_job(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "is_large", lambda *_: True)

    answer = app.test_client().get(
        "/api/v1/products/export?format=csv&q=x", headers=bearer("products.import")
    )

    run = session.query(JobRun).one()
    assert (answer.status_code, answer.json) == (
        202,
        {"job_id": run.id, "status_url": f"/api/v1/jobs/{run.id}"},
    )
    assert run.arguments["filters"] == {"q": "x", "state": "all"}
