"""A client that a stranger's tool makes from the document does a day's work."""

import importlib
import json
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask import Flask
from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser.errors import ErrorLevel

from app.accounts.services import create_token
from tests.conftest import contract_of
from tests.factories import CustomerFactory, RoleFactory, UserFactory

NAME = "opsroom_client"


@pytest.fixture(scope="module")
def package(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Make the client once."""
    folder = tmp_path_factory.mktemp("client")
    described = folder / "openapi.json"
    described.write_text(json.dumps(contract_of(app).document))
    file = ConfigFile(
        post_hooks=[],
        content_type_overrides={"application/pdf": "application/octet-stream"},
    )
    config = Config.from_sources(
        file, MetaType.NONE, described, "utf-8", overwrite=True, output_path=folder / NAME
    )
    warnings = generate(config=config)
    assert [one for one in warnings if one.level == ErrorLevel.ERROR] == []
    assert [f"{one.header}: {one.detail}" for one in warnings] == []
    sys.path.insert(0, str(folder))
    yield folder / NAME
    sys.path.remove(str(folder))


class Program:
    """Calls by operation id, as somebody who has only the client would."""

    def __init__(self, app: Flask, folder: Path, token: str) -> None:
        self.app, self.folder = app, folder
        client = importlib.import_module(f"{NAME}.client")
        self.client = client.AuthenticatedClient(
            base_url="http://localhost",
            token=token,
            httpx_args={"transport": httpx.WSGITransport(app=app)},
        )
        self.models: Any = importlib.import_module(f"{NAME}.models")
        self.types: Any = importlib.import_module(f"{NAME}.types")

    def __call__(self, name: str, *path: Any, **more: Any) -> Any:
        [file] = self.folder.glob(f"api/*/{name}.py")
        module = importlib.import_module(f"{NAME}.api.{file.parent.name}.{name}")
        with self.app.app_context():
            answer = module.sync_detailed(*path, client=self.client, **more)
        assert answer.status_code < 300, answer.content
        return answer.parsed

    def body(self, model: str, **values: Any) -> Any:
        return getattr(self.models, model).from_dict(values)


@pytest.fixture
def program(app: Flask, package: Path) -> Program:
    user = UserFactory.create(role=RoleFactory.create(permissions=["*"]))
    return Program(app, package, create_token(user, name="client"))


def test_a_product_is_stocked_sold_shipped_and_returned(program: Program) -> None:
    customer = CustomerFactory.create()

    product = program(
        "create_product",
        body=program.body("NewProduct", sku="KE-1", name="Kettle", price="24.9"),
        idempotency_key="kettle",
    )
    adjusted = program(
        "create_inventory_adjustment",
        body=program.body("Adjustment", sku="KE-1", quantity="10", reason="found"),
    )
    order = program(
        "create_order",
        body=program.body(
            "NewOrder", customer_id=customer.id, items=[{"sku": "KE-1", "quantity": "4"}]
        ),
    )
    confirmed = program("confirm_order", order.id)
    program("ship_order", order.id, body=program.body("OrderShipment"))
    program(
        "return_order",
        order.id,
        body=program.body(
            "OrderReturn", items=[{"sku": "KE-1", "quantity": "1"}], reason="unwanted"
        ),
    )
    left = program("get_inventory", product.id)

    assert (product.price, adjusted.quantity_on_hand) == ("24.9", "10")
    assert confirmed.items[0].reserved == "4"
    assert (left.quantity_on_hand, left.quantity_available) == ("7", "7")


def test_what_get_gives_put_takes(program: Program) -> None:
    product = program("create_product", body=program.body("NewProduct", sku="A", name="B"))

    values = product.to_dict() | {"name": "C"}
    changed = program(
        "update_product", product.id, body=program.body("ChangedProduct", **values)
    )

    assert (changed.name, changed.version) == ("C", 2)


def test_everything_is_read_by_cursor(program: Program) -> None:
    for number in range(5):
        CustomerFactory.create(name=f"Customer {number}")

    names, cursor = [], ""
    while isinstance(cursor, str):
        page = program("list_customers", per_page=2, cursor=cursor)
        names += [one.name for one in page.items]
        cursor = page.next_cursor

    assert names == [f"Customer {number}" for number in range(5)]


def test_a_file_is_sent_and_its_job_followed(program: Program) -> None:
    file = program.types.File(BytesIO(b"sku,name\nA,B\n"), "items.csv", "text/csv")

    started = program("import_products", body=program.models.ImportProductsBody(file=file))
    job = program("get_job", started.job_id)

    assert (job.id, str(job.state)) == (started.job_id, "queued")
