"""Lists as files, for browsers."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core.jobs import JobRun
from app.imports import export_views
from app.imports.reading import Layout, open_table
from tests.conftest import SignIn
from tests.factories import ProductFactory


@pytest.fixture
def client(sign_in: SignIn) -> FlaskClient:
    return sign_in("products.import")


def test_a_list_is_exported_with_its_filters(client: FlaskClient, session: Session) -> None:
    ProductFactory.create(sku="A", category="Fruit")
    ProductFactory.create(sku="B", category="Bread")

    text = client.get("/exports/products.csv?category=Fruit&sort=-sku")
    excel = client.get("/exports/products.xlsx?category=Fruit")

    assert text.headers["Content-Disposition"] == "attachment; filename=products.csv"
    assert [line[:2] for line in text.text.splitlines()[1:]] == ["A,"]
    assert open_table(excel.data, Layout()).preview(9)[0][1][0] == "A"


@pytest.mark.parametrize(
    "path", ["/exports/products.pdf", "/exports/users.csv", "/exports/stock.csv"]
)
def test_what_is_not_exported_is_not_found(sign_in: SignIn, path: str) -> None:
    assert sign_in("products.import", "stock.import").get(path).status_code == 404


def test_a_large_export_becomes_a_job(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    ProductFactory.create()
    monkeypatch.setattr(export_views, "is_large", lambda *_: True)

    answer = client.get("/exports/products.csv?search=x")

    run = session.query(JobRun).one()
    assert answer.location == f"/jobs/{run.id}"
    names = run.arguments.pop("names")
    assert run.arguments == {"kind": "products", "form": "csv", "filters": {"search": "x"}}
    assert "sku" in names
    assert "cost" not in names  # it takes a permission that the person has not
