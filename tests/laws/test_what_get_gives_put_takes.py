"""What GET gives, PUT takes: a program sends back what it got, and nothing has changed."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.services import create_token
from app.purchasing.services import create_shipment
from app.sales.services.rules import add_rule
from tests.attendance.factories import (
    AbsenceTypeFactory,
    DeviceFactory,
    EmployeeFactory,
    PayrollMapFactory,
    ShiftFactory,
    standard_rules,
)
from tests.conftest import contract_of
from tests.factories import (
    ApprovalLimitFactory,
    BarcodeFactory,
    CustomerFactory,
    LotFactory,
    OrderLineFactory,
    ProductFactory,
    PurchaseLineFactory,
    ReorderRuleFactory,
    RoleFactory,
    UserFactory,
    VendorFactory,
)
from tests.planning.factories import open_cycle_of_one, row_of_open_cycle
from tests.stock.conftest import place

Made = Callable[[FlaskClient], Any]


def _view(client: FlaskClient) -> Any:
    body = {"list": "products", "name": "Mine"}
    made: Any = client.post("/api/v1/saved-views", json=body).json
    return made["id"]


def _webhook(client: FlaskClient) -> Any:
    body = {"name": "Robot", "url": "https://robot.example/", "events": ["product.changed"]}
    made: Any = client.post("/api/v1/webhook-endpoints", json=body).json
    return made["endpoint"]["id"]


def _label_format(client: FlaskClient) -> Any:
    body = {"name": "Jar", "kind": "roll", "label_width": "50", "label_height": "30.5"}
    made: Any = client.post("/api/v1/labels/formats", json=body).json
    return made["id"]


def _label_printer(client: FlaskClient) -> Any:
    body = {"name": "Zebra", "dpi": 203, "offset_x": "-1.25", "format": "l7160"}
    made: Any = client.post("/api/v1/labels/printers", json=body).json
    return made["id"]


RECORDS: dict[str, Made | None] = {
    "/api/v1/customers/{contact_id}": lambda _: CustomerFactory.create().id,
    "/api/v1/vendors/{contact_id}": lambda _: VendorFactory.create().id,
    "/api/v1/products/{product_id}": lambda _: BarcodeFactory.create().product_id,
    "/api/v1/inventory/{product_id}": lambda _: ProductFactory.create().id,
    "/api/v1/orders/{order_id}": lambda _: OrderLineFactory.create().order_id,
    "/api/v1/purchase-orders/{purchase_order_id}": lambda _: (
        PurchaseLineFactory.create().order_id
    ),
    "/api/v1/inbound-shipments/{shipment_id}": lambda _: create_shipment(name="MSKU 12").id,
    "/api/v1/reorder-rules/{rule_id}": lambda _: ReorderRuleFactory.create().id,
    "/api/v1/approval-limits/{limit_id}": lambda _: ApprovalLimitFactory.create().id,
    "/api/v1/users/{user_id}": lambda _: UserFactory.create().id,
    "/api/v1/roles/{role_id}": lambda _: RoleFactory.create(permissions=[]).id,
    "/api/v1/saved-views/{view_id}": _view,
    "/api/v1/inventory/locations/{location_id}": lambda _: place("MAIN-01").id,
    "/api/v1/lots/{lot_id}": lambda _: LotFactory.create().id,
    "/api/v1/webhook-endpoints/{endpoint_id}": _webhook,
    "/api/v1/enrollment/employees/{employee_id}": lambda _: EmployeeFactory.create().id,
    "/api/v1/attendance/rules/{rule_set_id}": lambda _: standard_rules().id,
    "/api/v1/attendance/devices/{device_id}": lambda _: DeviceFactory.create().id,
    "/api/v1/attendance/shifts/{shift_id}": lambda _: ShiftFactory.create().id,
    "/api/v1/attendance/payroll-maps/{map_id}": lambda _: PayrollMapFactory.create().id,
    "/api/v1/attendance/absence-types/{type_id}": lambda _: AbsenceTypeFactory.create().id,
    "/api/v1/sales-rules/{rule_id}": lambda _: (
        add_rule(position=1, kind="service", product="FEE").id
    ),
    "/api/v1/sop/cycles/{cycle_id}": lambda _: open_cycle_of_one().id,
    "/api/v1/forecasts/{row_id}": lambda _: row_of_open_cycle().id,
    "/api/v1/settings": None,
    "/api/v1/alert-rules/{name}": lambda _: "job.failed",
    "/api/v1/schedule/{name}": lambda _: "check-ledger",
    "/api/v1/labels/formats/{format_id}": _label_format,
    "/api/v1/labels/printers/{printer_id}": _label_printer,
}
ELSEWHERE = {
    "/api/v1/auth/me",  # test_auth_api: it takes a login
    "/api/v1/fulfilment/sessions/{task_id}/assignee",  # test_api: the session is what GET gives
    "/api/v1/enrollment/employees/{employee_id}/contracts/{contract_id}",  # test_employees
    "/api/v1/auth/password",  # test_password_resets; no GET gives a password
    "/api/v1/auth/password-resets",  # likewise
    "/api/v1/connections/{connection_id}/precedence",  # test_connections_api
    "/api/v1/connections/{connection_id}/stock-source",  # magento/test_stock
    "/api/v1/products/{product_id}/components",  # catalog/test_components
    "/api/v1/inventory/{product_id}/home",  # test_api_reservations
    "/api/v1/fulfilment/sessions/{task_id}/orders/{order_id}/parcels/{parcel_id}",  # test_api
}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    user = UserFactory.create(role=RoleFactory.create(permissions=["*"]))
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {create_token(user, name='law')}"
    return client


def test_every_change_is_tried_here(app: Flask) -> None:
    paths = contract_of(app).document["paths"].items()
    changed = {path for path, item in paths if "put" in item and not _is_old(item["put"])}

    assert changed == RECORDS.keys() | ELSEWHERE


@pytest.mark.parametrize("path", RECORDS)
def test_what_get_gives_put_takes(client: FlaskClient, path: str) -> None:
    make = RECORDS[path]
    address = path if make is None else f"{path.rsplit('/', 1)[0]}/{make(client)}"
    shown: Any = client.get(address).json

    answer = client.put(address, json=shown)

    assert answer.status_code == 200, answer.text
    assert answer.json == shown


@pytest.mark.parametrize("path", RECORDS)
def test_what_neither_knows_is_named(client: FlaskClient, path: str) -> None:
    make = RECORDS[path]
    address = path if make is None else f"{path.rsplit('/', 1)[0]}/{make(client)}"

    answer = client.put(address, json={"surprise": 1})

    assert answer.status_code == 422
    assert list(answer.json["fields"]) == ["surprise"]  # type: ignore[index]


def _is_old(said: dict[str, Any]) -> bool:
    return bool(said.get("deprecated"))
