"""A client that a stranger's tool makes from the document does a day's work."""

import importlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from flask import Flask
from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser.errors import ErrorLevel

from app.accounts.services import create_token
from app.core.jobs import runner
from tests.conftest import contract_of
from tests.factories import CustomerFactory, RoleFactory, UserFactory

NAME = "opsroom_client"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


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


def test_a_day_on_which_not_all_goes_well_has_a_call_for_each_way_out(program: Program) -> None:
    product, bin_ = stocked_product(program)
    order = confirmed_order(program, "9")

    waiting = program("backorder_order", order.id)
    part = program("split_order", order.id, body=items(program, "OrderSplit", "2"))
    enough = program("close_order", waiting.id, body=items(program, "OrderClosure", "2"))
    gone = program("ship_order", part.id, body=program.body("OrderShipment"))
    [shipment] = program("list_order_shipments", part.id)
    back = program("reversal_order_shipment", part.id, shipment.posting_id)

    said = [one.items[0].quantity for one in (waiting, part)]
    assert (said, enough.items[0].cancelled) == (["3", "2"], "2")
    assert (gone.items[0].shipped, back.items[0].shipped, back.items[0].reserved) == (
        *("2", "0", "2"),
    )
    left = picked_and_packed(program, program("get_order", order.id), bin_)
    assert (left.status, left.items[0].shipped) == ("shipped", "4")
    papers = program("get_order_document", order.id, "packing-slip")
    assert papers.payload.read(5) == b"%PDF-"

    found = program(
        "create_inventory_adjustment",
        body=program.body("Adjustment", sku="KE-1", quantity="5", reason="found"),
    )
    moved = program("list_inventory_movements", sku="KE-1").items
    posting = next(one.posting_id for one in moved if one.id == found.movement_id)
    program("reversal_inventory_posting", posting)
    assert program("get_inventory", product.id).quantity_on_hand == "2"


def test_a_product_has_a_picture_and_its_vendors_numbers_and_is_found_by_them(
    program: Program,
) -> None:
    product, _bin = stocked_product(program)
    picture = program.types.File(BytesIO(PNG), "kettle.png", "image/png")

    shown = program("image_product", product.id, body=program.models.Image(image=picture))
    vendor = program("create_vendor", body=program.body("NewVendor", name="Steamworks"))
    terms = {"vendor_id": vendor.id, "part_number": "SW-900", "price": "11.5"}
    named = program(
        "update_product",
        product.id,
        body=program.body("ChangedProduct", vendor_parts=[terms]),
    )
    found = program("list_search", q="SW-900").items
    sent = program.client.get_httpx_client().get(shown.image_url)
    program("delete_product_image", product.id)

    assert sent.content == PNG
    assert [part.part_number for part in named.vendor_parts] == ["SW-900"]
    assert [(one.area, one.id) for one in found] == [("products", product.id)]
    assert program("get_product", product.id).image_url is None


def stocked_product(program: Program) -> tuple[Any, Any]:
    """Six kettles in a bin, and a tote to pick them into."""
    program("create_inventory_location", body=located(program, "K", kind="warehouse"))
    bin_ = program(
        "create_inventory_location", body=located(program, "K-01", kind="bin", parent="K")
    )
    program(
        "create_inventory_location", body=located(program, "TOTE-K", kind="tote", parent="K")
    )
    barcode = {"code": "4006381333931", "units": "1"}
    product = program(
        "create_product",
        body=program.body("NewProduct", sku="KE-1", name="Kettle", barcodes=[barcode]),
    )
    program(
        "create_inventory_adjustment",
        body=program.body(
            "Adjustment", sku="KE-1", quantity="6", reason="found", location="K-01"
        ),
    )
    return product, bin_


def located(program: Program, code: str, **values: Any) -> Any:
    return program.body("Location", code=code, **values)


def items(program: Program, model: str, quantity: str) -> Any:
    return program.body(model, items=[{"sku": "KE-1", "quantity": quantity}])


def confirmed_order(program: Program, quantity: str) -> Any:
    customer = program("create_customer", body=program.body("NewCustomer", name="Ada"))
    ordered = [{"sku": "KE-1", "quantity": quantity}]
    order = program(
        "create_order",
        body=program.body("NewOrder", customer_id=customer.id, items=ordered),
    )
    return program("confirm_order", order.id)


def picked_and_packed(program: Program, order: Any, bin_: Any) -> Any:
    """Pick an order with a slip of the hand, pack it into a parcel, say who brings it."""

    def step(name: str, model: str, **values: Any) -> Any:
        body = program.body(model, id=str(uuid4()), **values)
        return program(f"{name}_fulfilment_session", task.id, body=body)

    task = program("create_fulfilment_session", body=program.body("Claim", order_id=order.id))
    step("scan", "SessionScan", code=bin_.code)
    step("scan", "SessionScan", code="4006381333931")
    undone = step("undo", "SessionStep").session
    assert undone.lines[0].picked in ("0", "0.000")
    line = task.lines[0].id
    picked = step("quantity", "SessionQuantity", line_id=line, quantity="4")
    assert picked.outcome == "done"
    for _ in range(4):
        step("pack", "SessionPack", code="4006381333931", order_id=order.id)

    [parcel] = program("list_fulfilment_session_order_parcels", task.id, order.id).items
    sent = program(
        "update_fulfilment_session_order_parcel",
        task.id,
        order.id,
        parcel.id,
        body=program.body("Parcel", weight_kg="4.2", carrier="DHL", tracking="JD01"),
    )
    assert (sent.weight_kg, sent.tracking, sent.lines[0].quantity) == ("4.2", "JD01", "4")
    program("complete_fulfilment_session", task.id, body=program.body("SessionComplete"))
    return program("get_order", order.id)


def test_an_office_is_set_up_and_a_file_tried_before_it_is_applied(program: Program) -> None:
    jars = {"name": "Jars", "kind": "roll", "label_width": "50", "label_height": "30"}
    made = program("create_label_format", body=program.body("NewOwnFormat", **jars))
    wider = program.body("ChangedOwnFormat", label_width="60", version=made.version)
    changed = program("update_label_format", made.id, body=wider)
    printer = program.body("NewLabelPrinter", name="Zebra", dpi=203, format="jars")
    named = program("create_label_printer", body=printer)
    assert (changed.label_width, changed.page_width, named.format_) == ("60", "60", "Jars")

    later = program.body("ScheduleEntry", cron="0 4 * * *")
    assert program("update_schedule", "check-ledger", body=later).cron == "0 4 * * *"

    file = program.types.File(BytesIO(b"sku,name\nA,Apple\nB,Bread\n"), "items.csv", "text/csv")
    body = program.models.ImportProductsBody(file=file, dry_run=True)
    tried = program("import_products", body=body)
    runner.perform(tried.job_id)
    assert program("get_import", tried.import_id).result["created"] == 2
    runner.perform(program("apply_import", tried.import_id).job_id)

    down = program.models.ListProductsSort.NAME_DOWN
    assert [one.name for one in program("list_products", sort=down).items] == ["Bread", "Apple"]


def test_somebody_is_hired_enrolled_punches_is_corrected_and_paid(
    app: Flask, package: Path, program: Program
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    came, went = now - timedelta(hours=8, minutes=30), now - timedelta(minutes=30)
    days = {"from_": (now - timedelta(days=2)).date(), "to": now.date()}
    hired = {"number": "7", "name": "Ada", "time_zone": "UTC", "hire_date": "2020-01-01"}
    ada = program("create_enrollment_employee", body=program.body("NewEmployee", **hired))
    device = program(
        "create_attendance_device",
        body=program.body("NewNewDeviceKind", name="Door", kind="bridge"),
    )
    door = Program(app, package, device.token)

    def punch(seq: int, at: datetime) -> list[str]:
        sent = [{"device_seq": seq, "credential": "6299884", "at": at.isoformat()}]
        told = {"boot_id": "b", "now": now.isoformat(), "punches": sent}
        answer = door("create_attendance_punch", body=door.body("SentPunches", **told))
        return [str(one.outcome) for one in answer.items]

    first = punch(1, came)
    assert (first, punch(1, came)) == (["unknown_credential"], ["duplicate"])
    card = program.body("NewCredential", employee_id=ada.id, card="6299884", name="Blue")
    enrolled = program("create_enrollment_credential", body=card)  # it counts from then back
    [present] = program("list_attendance_present").items
    forgotten = {
        "employee_id": ada.id,
        "kind": "add",
        "at": went.isoformat(),
        "direction": "out",
        "reason": "Forgotten",
    }
    correction = program.body("NewCorrection", **forgotten)
    assert str(program("create_attendance_correction", body=correction).state) == "approved"
    [session] = program("list_attendance_sessions", employee_id=ada.id).items
    [sheet] = program("get_attendance_report", "hours", **days).items
    batch, file = paid(program, *days.values())
    kept = program("get_enrollment_employee_kept", ada.id)
    program("delete_enrollment_credential", enrolled.id)

    assert (present.employee, session.id, session.seconds) == ("Ada", present.id, 8 * 3600)
    assert sheet.totals["raw"] == 8 * 60
    assert (batch.program, file.split()) == ("Ours", ["N", "7"])
    assert len(kept.parts["punches"]) == 1


def paid(program: Program, first: date, last: date) -> tuple[Any, str]:
    """Give hours to payroll by columns of one's own: the batch, and its file."""
    columns = program.body(
        "NewPayrollMap", name="Ours", columns="N = number", file_name="{batch}.csv"
    )
    made = program("create_attendance_payroll_map", body=columns)
    asked = {"first_day": first.isoformat(), "last_day": last.isoformat()}
    batch = program(
        "payroll_attendance",
        body=program.body("NewPayrollExport", preset=made.preset, **asked),
    )
    http = program.client.get_httpx_client()
    return batch, http.get(f"/api/v1/attendance/payroll/{batch.id}/file").text
